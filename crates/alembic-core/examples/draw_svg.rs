//! Draws a directory's history: `cargo run --example draw_svg -- DIRECTORY > history.svg`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use alembic_core::config::{Config, ConfigOptions};
use alembic_core::graph::{Facts, History, drawing_order, svg};
use alembic_core::revision::Bound;
use alembic_core::script::ScriptDirectory;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args_os().nth(1).unwrap_or(".".into());
    let directory = std::path::absolute(directory)?;
    let config = Config::load(&ConfigOptions::new(directory))?;
    let scripts = ScriptDirectory::load(&config).map_err(|failure| failure.error)?;
    let map = scripts.map();

    // Everything, newest first; children of one branch are kept together.
    let order = drawing_order(map, &map.history(Bound::Text("base"), Bound::Text("heads"))?);
    let history = History::new(map, &order, |index| Facts {
        docstring: scripts.script(index).docstring().as_str(),
        ..Facts::default()
    });
    let mut drawing = String::new();
    svg::render(&history, &mut drawing)?;
    println!("{drawing}");
    Ok(())
}
