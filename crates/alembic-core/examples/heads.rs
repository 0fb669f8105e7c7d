//! Lists the heads of a directory: `cargo run --example heads -- DIRECTORY`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use alembic_core::config::{Config, ConfigOptions};
use alembic_core::script::ScriptDirectory;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args_os().nth(1).unwrap_or(".".into());
    let directory = std::path::absolute(directory)?;
    let config = Config::load(&ConfigOptions::new(directory))?;
    let scripts = ScriptDirectory::load(&config).map_err(|failure| failure.error)?;
    for &head in scripts.map().heads() {
        let message = scripts.script(head).docstring().summary();
        println!("{}  {message}", scripts.map().id(head));
    }
    Ok(())
}
