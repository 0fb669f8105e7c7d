//! Where the database stands, and whether anything changed.

use alembic_runtime::status::Status;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::error::{ApiResult, ErrorBody};

/// What changes when anything changes: cheap to ask for again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Changes {
    /// Changes with the scripts and the configuration.
    pub project: String,
    /// Changes with the rows of the version table, and when the database comes or goes.
    pub database: String,
    /// Changes with the sources of the models; null before somebody has asked for them.
    pub models: Option<String>,
    /// The run that is going on, or the last one.
    pub run: Option<String>,
    /// Whether a run is going on.
    pub running: bool,
}

/// Where the database stands: the document of `status --json`.
#[utoipa::path(
    get, path = "/api/status", tag = "migrations", operation_id = "status",
    responses(
        (status = 200, body = Status<'static>),
        (status = 409, description = "Broken scripts or configuration, or no single database", body = ErrorBody),
        (status = 503, description = "The database does not answer", body = ErrorBody),
    ),
)]
pub(crate) async fn show(State(app): State<AppState>) -> ApiResult<Response> {
    let document = app.project.status().await?;
    Ok(json(document))
}

/// What changes when anything changes.
#[utoipa::path(
    get, path = "/api/changes", tag = "migrations", operation_id = "changes",
    responses((status = 200, body = Changes)),
)]
pub(crate) async fn changes(State(app): State<AppState>) -> axum::Json<Changes> {
    let (project, database) = app.project.fingerprints().await;
    let models = app.project.models_state().await;
    let run = app.runs.latest();
    let running = run.as_ref().is_some_and(|run| run.is_running());
    axum::Json(Changes {
        project,
        database,
        models,
        run: run.map(|run| run.id().to_owned()),
        running,
    })
}

/// A document that is JSON already.
pub(crate) fn json(document: bytes::Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document).into_response()
}
