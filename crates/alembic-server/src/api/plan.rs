//! What a run would do.

use alembic_runtime::plan::PlanDocument;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::runs::RunCommand;
use crate::error::{ApiResult, ErrorBody};
use crate::extract::Query;

/// What to plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanQuery {
    /// The command.
    pub command: RunCommand,
    /// A revision, `head`, `heads`, `base`, a label, or a step such as `+1` and `-1`.
    pub target: String,
}

/// What a run would do, before it is confirmed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Preview<'a> {
    /// The ordered steps: the document of `plan --json`.
    pub plan: PlanDocument<'a>,
    /// The command.
    pub command: RunCommand,
    /// The exact command line that will run; null for a stamp, which needs no Python.
    pub command_line: Option<String>,
    /// Which Python runs it, and why that one.
    pub python: Option<String>,
    /// The database, its password masked.
    pub database: String,
    /// Where the URL stands.
    pub source: String,
    /// Whether pg_dump can be run first (`backup`).
    pub can_back_up: bool,
}

/// What a run would do. Nothing is run.
#[utoipa::path(
    get, path = "/api/plan", tag = "migrations", operation_id = "plan", 
    params(
        ("command" = RunCommand, Query, description = "What would run"),
        ("target" = String, Query, description = "A revision, `head`, `heads`, `base`, a label, or a step such as `+1` and `-1`"),
    ),
    responses(
        (status = 200, body = Preview<'static>),
        (status = 409, description = "Broken scripts, a database that is only a guess, no Python with Alembic", body = ErrorBody),
        (status = 422, description = "The target is no revision of the project", body = ErrorBody),
        (status = 503, description = "The database does not answer", body = ErrorBody),
    ),
)]
pub(crate) async fn show(
    State(app): State<AppState>,
    Query(query): Query<PlanQuery>,
) -> ApiResult<Response> {
    let planned = app.project.plan(query.command, query.target).await?;
    Ok(super::status::json(planned.preview))
}
