//! Everything of alembic-rs that touches a database or a process.
//!
//! * [`database_url`]: SQLAlchemy's URL grammar, and where a project keeps its URL;
//! * [`env_script`]: what `env.py` says, read without running it;
//! * [`dialect`]: the SQL that Alembic runs on its version table, per family of databases;
//! * `database`: connections, and the version table's rows (with a driver's feature);
//! * `lock`: keeps two runs from migrating one database at once (likewise);
//! * [`python`]: the project's own interpreter, and the child process that runs Alembic in it;
//! * `project`: a project with its database, what every command begins with (with a driver's feature);
//! * `migrate`: a whole run of `upgrade` or `downgrade`, with all that surrounds it (likewise);
//! * `rescue`: takes a database back from revisions that the project does not have (likewise);
//! * [`status`], [`plan`]: the documents of the two commands;
//! * [`tool_table`]: `[tool.alembic-rs]` of pyproject.toml.
//!
//! Nothing here prints. No password is ever part of a `Debug` or `Display` text.
#![warn(missing_docs)]

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
pub mod database;
pub mod database_url;
pub mod dialect;
pub mod env_script;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
mod head_maintainer;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
pub mod lock;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
pub mod migrate;
pub mod plan;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
pub mod project;
pub mod python;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
pub mod rescue;
pub mod status;
pub mod tool_table;
pub mod version_table;
