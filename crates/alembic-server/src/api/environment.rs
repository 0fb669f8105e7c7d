//! Where one is: the project, its database, the versions of everything.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;

/// Whether a mistake would stay on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Place {
    /// This machine: a loopback name, a socket, a file.
    Local,
    /// Any other.
    Remote,
    /// No database is known.
    None,
}

/// The project and its database, as everything else of the page takes them for granted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Environment {
    /// Whether the database is on this machine.
    pub place: Place,
    /// The host that the URL names.
    pub host: Option<String>,
    /// The database's name or file.
    pub database: Option<String>,
    /// The URL, its password masked.
    pub url: Option<String>,
    /// Where it stands.
    pub source: Option<String>,
    /// Whether it is certain that migrations run on this database.
    pub proven: bool,
    /// Why it is, or is not.
    pub why: Option<String>,
    /// Why there is no database to talk to.
    pub reason: Option<String>,
    /// `postgresql`, `mysql` or `sqlite`.
    pub dialect: Option<String>,
    /// Every place where the URL was looked for.
    pub candidates: Vec<UrlCandidate>,
    /// Whether the Data, Query and Activity screens have a PostgreSQL to show.
    pub browsable: bool,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// The configuration file.
    pub config: String,
    /// The project's folder.
    pub folder: String,
}

/// A place where the database's URL was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct UrlCandidate {
    /// The place.
    pub place: String,
    /// What is there, passwords masked.
    pub outcome: String,
    /// Whether it was chosen.
    pub chosen: bool,
}

/// The versions of everything that takes part.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Versions {
    /// alembic-rs.
    pub alembic_rs: &'static str,
    /// The project's Alembic; null when no Python with Alembic is found.
    pub alembic: Option<String>,
    /// The Python that runs migrations, and why that one.
    pub python: Option<String>,
    /// Why there is none.
    pub python_reason: Option<String>,
    /// The database server; null when it does not answer.
    pub server: Option<String>,
}

/// The project and its database.
#[utoipa::path(get, path = "/api/environment", tag = "settings", operation_id = "environment", responses((status = 200, body = Environment)))]
pub(crate) async fn show(State(app): State<AppState>) -> Json<Environment> {
    Json(app.project.environment(app.is_read_only()).await)
}

/// The versions of everything that takes part.
#[utoipa::path(get, path = "/api/versions", tag = "settings", operation_id = "versions", responses((status = 200, body = Versions)))]
pub(crate) async fn versions(State(app): State<AppState>) -> Json<Versions> {
    Json(app.project.versions().await)
}
