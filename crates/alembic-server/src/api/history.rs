//! The statements that were run from the page.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::history::RanStatement;

/// What was run on the present database.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueryHistory {
    /// The statements, each once, the last one first.
    pub statements: Vec<RanStatement>,
    /// Whether statements are kept.
    pub is_kept: bool,
    /// The file that keeps them; null where this system has no place for one, and nothing is kept.
    pub file: Option<String>,
    /// Why the last one could not be kept.
    pub problem: Option<String>,
}

/// The statements that were run on the present database, by any server of this person. Those that may hold a password
/// are not kept, nor are very long ones.
#[utoipa::path(get, path = "/api/history", tag = "queries", operation_id = "history", responses((status = 200, body = QueryHistory)))]
pub(crate) async fn show(State(app): State<AppState>) -> Json<QueryHistory> {
    let statements = match app.project.database_name().await {
        Some(database) => app.history.recent(&database).await,
        None => Vec::new(),
    };
    Json(QueryHistory {
        statements,
        is_kept: app.settings.get().keep_history && app.history.file().is_some(),
        file: app.history.file().map(|file| file.display().to_string()),
        problem: app.history.problem(),
    })
}

/// Forgets the statements of every database.
#[utoipa::path(delete, path = "/api/history", tag = "queries", operation_id = "forget_history", responses((status = 204, description = "They are gone")))]
pub(crate) async fn forget(State(app): State<AppState>) -> StatusCode {
    app.history.forget().await;
    StatusCode::NO_CONTENT
}
