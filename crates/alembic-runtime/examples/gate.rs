//! Lets a deployment go on only where nothing is pending: `cargo run --example gate -- DIRECTORY URL`.
//!
//! What `alembic-rs status --exit-code` does, for a service that asks before it takes requests.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::process::ExitCode;

use alembic_core::config::{Config, ConfigOptions};
use alembic_core::script::ScriptDirectory;
use alembic_core::step::Plan;
use alembic_runtime::database::{ConnectOptions, ConnectParts, Database};
use alembic_runtime::database_url::DatabaseUrl;
use alembic_runtime::status::State;
use alembic_runtime::version_table::VersionTable;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let [directory, url] = arguments()?;
    let config = Config::load(&ConfigOptions::new(std::path::absolute(directory)?))?;
    let scripts = ScriptDirectory::load(&config).map_err(|failure| failure.error)?;

    let url: DatabaseUrl = url.parse()?;
    let parts = ConnectParts::of(&url).ok_or("alembic-rs does not talk to this database")?;
    let options = ConnectOptions { read_only: true, ..ConnectOptions::default() };
    let mut database = Database::connect(&parts, &options).await?;
    let rows = database.heads(&VersionTable::default()).await?;

    let plan = Plan::upgrade(scripts.map(), rows.as_deref().unwrap_or_default(), "heads");
    let pending = plan.map_or(0, |plan| plan.steps().len());
    let state = State::of(scripts.map(), rows.as_deref(), pending);
    println!("{url}: {}, {pending} pending", state.as_str());
    Ok(if state.is_settled() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn arguments() -> Result<[String; 2], &'static str> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    arguments.try_into().map_err(|_| "usage: gate DIRECTORY URL")
}
