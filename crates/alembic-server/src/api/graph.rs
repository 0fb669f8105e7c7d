//! The history with its lanes.

use alembic_core::graph::History;
use axum::extract::State;
use axum::response::Response;

use crate::AppState;
use crate::error::{ApiResult, ErrorBody};

/// All revisions, newest first, with the lanes in which they are drawn: the document of `history --format json`.
///
/// Without a database that answers, `database` is null.
#[utoipa::path(
    get, path = "/api/graph", tag = "migrations", operation_id = "graph",
    responses(
        (status = 200, body = History<'static>),
        (status = 409, description = "Broken scripts or configuration", body = ErrorBody),
    ),
)]
pub(crate) async fn show(State(app): State<AppState>) -> ApiResult<Response> {
    Ok(super::status::json(app.project.graph().await?))
}
