//! Asks of the packaged libraries what the guide to embedding promises: heads, a drawing, a database's state.

use std::{error::Error, path::PathBuf};

use alembic_core::{
    config::{Config, ConfigOptions},
    graph::{Facts, History, drawing_order, svg},
    revision::Bound,
    script::ScriptDirectory,
    step::Plan,
};
use alembic_runtime::{
    database::{ConnectOptions, ConnectParts, Database},
    database_url::DatabaseUrl,
    status::State,
    version_table::VersionTable,
};

fn main() -> Result<(), Box<dyn Error>> {
    let directory: PathBuf = std::env::args_os().nth(1).ok_or("usage: consumer DIRECTORY")?.into();
    let config = Config::load(&ConfigOptions::new(directory.clone()))?;
    let scripts = ScriptDirectory::load(&config).map_err(|failure| failure.error)?;
    let map = scripts.map();
    for &head in map.heads() {
        println!("head {}", map.id(head));
    }

    let order = drawing_order(map, &map.history(Bound::Text("base"), Bound::Text("heads"))?);
    let history = History::new(map, &order, |_| Facts::default());
    let mut drawing = String::new();
    svg::render(&history, &mut drawing)?;
    println!("drawing {}", drawing.starts_with("<svg"));

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let state = runtime.block_on(state(&scripts))?;
    println!("state {}", state.as_str());
    Ok(())
}

/// The state of an empty database.
async fn state(scripts: &ScriptDirectory) -> Result<State, Box<dyn Error>> {
    let url: DatabaseUrl = "sqlite://".parse()?;
    let parts = ConnectParts::of(&url).ok_or("no driver")?;
    let mut database = Database::connect(&parts, &ConnectOptions::default()).await?;
    let rows = database.heads(&VersionTable::default()).await?;
    let plan = Plan::upgrade(scripts.map(), rows.as_deref().unwrap_or_default(), "heads")?;
    Ok(State::of(scripts.map(), rows.as_deref(), plan.steps().len()))
}
