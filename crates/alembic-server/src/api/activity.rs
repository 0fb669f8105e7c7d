//! What the database server is doing.

use axum::Json;
use axum::extract::State;
use pg_browser::{IndexStatistics, SessionActivity, SlowStatements, TableLock, TableStatistics};
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::error::{ApiResult, ErrorBody};
use crate::extract::Path;
use crate::live::APPLICATION;

/// How many statements are shown.
const STATEMENTS: u32 = 50;

/// Who is there, and who is in whose way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Activity {
    /// The sessions, those that run longest first.
    pub sessions: Vec<SessionActivity>,
    /// Locks on tables that are strong enough to be in someone's way, or waited for.
    pub locks: Vec<TableLock>,
}

/// How tables and indexes are used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Usage {
    /// The tables.
    pub tables: Vec<TableStatistics>,
    /// The indexes.
    pub indexes: Vec<IndexStatistics>,
}

/// What was asked of a session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Signalled {
    /// Whether there was such a session.
    pub found: bool,
}

/// Sessions and locks.
#[utoipa::path(
    get, path = "/api/activity", tag = "activity", operation_id = "activity",
    responses((status = 200, body = Activity), (status = 409, body = ErrorBody), (status = 503, body = ErrorBody)),
)]
pub(crate) async fn show(State(app): State<AppState>) -> ApiResult<Json<Activity>> {
    let browser = app.browser().await?;
    let (mut sessions, locks) = tokio::try_join!(browser.sessions(), browser.locks())?;
    mark_ours(&mut sessions);
    Ok(Json(Activity { sessions, locks }))
}

/// The browser knows the connection that it asked on; those of its pool, of the status and of runs bear our name and come
/// from the same machine.
fn mark_ours(sessions: &mut [SessionActivity]) {
    let asked = sessions.iter().find(|session| session.is_own);
    let Some(address) = asked.map(|session| session.client_address.clone()) else { return };
    for session in sessions {
        session.is_own |=
            session.application_name == APPLICATION && session.client_address == address;
    }
}

/// The statements that took the most time, or how to have them counted.
#[utoipa::path(
    get, path = "/api/activity/statements", tag = "activity", operation_id = "slow_statements",
    responses((status = 200, body = SlowStatements), (status = 409, body = ErrorBody), (status = 503, body = ErrorBody)),
)]
pub(crate) async fn statements(State(app): State<AppState>) -> ApiResult<Json<SlowStatements>> {
    Ok(Json(app.browser().await?.slow_statements(STATEMENTS).await?))
}

/// How tables and indexes are used.
#[utoipa::path(
    get, path = "/api/activity/usage", tag = "activity", operation_id = "usage",
    responses((status = 200, body = Usage), (status = 409, body = ErrorBody), (status = 503, body = ErrorBody)),
)]
pub(crate) async fn usage(State(app): State<AppState>) -> ApiResult<Json<Usage>> {
    let browser = app.browser().await?;
    let (tables, indexes) =
        tokio::try_join!(browser.table_statistics(), browser.index_statistics())?;
    Ok(Json(Usage { tables, indexes }))
}

/// Stops the statement of a session.
#[utoipa::path(
    post, path = "/api/activity/{pid}/cancel", tag = "activity", operation_id = "cancel_statement", params(("pid" = i32, Path)),
    responses((status = 200, body = Signalled), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(crate) async fn cancel(
    State(app): State<AppState>,
    Path(pid): Path<i32>,
) -> ApiResult<Json<Signalled>> {
    app.refuse_read_only()?;
    Ok(Json(Signalled { found: app.browser().await?.cancel(pid).await? }))
}

/// Ends a session.
#[utoipa::path(
    post, path = "/api/activity/{pid}/terminate", tag = "activity", operation_id = "terminate_session", params(("pid" = i32, Path)),
    responses((status = 200, body = Signalled), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)),
)]
pub(crate) async fn terminate(
    State(app): State<AppState>,
    Path(pid): Path<i32>,
) -> ApiResult<Json<Signalled>> {
    app.refuse_read_only()?;
    Ok(Json(Signalled { found: app.browser().await?.terminate(pid).await? }))
}
