//! SQL of a person's own.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pg_browser::{ExplainRequest, Explanation, QueryOutcome, QueryRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::error::{ApiError, ApiResult, ErrorBody};
use crate::extract::{self, Path};

/// SQL to run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewQuery {
    /// A name of the page's choosing, up to 64 letters, digits and `-`: by it the query can be cancelled.
    pub id: String,
    /// The SQL, and its limits.
    pub query: QueryRequest,
}

/// Runs SQL and answers when it is done. A request that is given up stops the statement on the server.
///
/// In read-only mode one statement of the kinds that read is let in, whatever the request says.
#[utoipa::path(
    post, path = "/api/queries", tag = "queries", operation_id = "run_query", request_body = NewQuery,
    responses(
        (status = 200, description = "What became of it; a statement that fails is part of the outcome", body = QueryOutcome),
        (status = 403, description = "Read-only mode lets no such statement in (`not-read-only`)", body = ErrorBody),
        (status = 409, description = "It was cancelled (`cancelled`), or the id is taken", body = ErrorBody),
        (status = 422, body = ErrorBody),
    ),
)]
pub(crate) async fn run(
    State(app): State<AppState>,
    extract::Json(NewQuery { id, query }): extract::Json<NewQuery>,
) -> ApiResult<Json<QueryOutcome>> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if id.is_empty() || id.len() > 64 || !id.chars().all(is_plain) {
        return Err(ApiError::invalid("`id` must be 1 to 64 letters, digits and `-`"));
    }
    let browser = app.browser().await?;
    let mut query = super::limits::query(query);
    query.read_only |= app.is_read_only();
    let ticket = app.queries.begin(id)?;
    app.remember(&query.sql).await;
    tokio::select! {
        outcome = browser.query(&query) => Ok(Json(outcome?)),
        () = ticket.cancelled() => {
            Err(ApiError::new(StatusCode::CONFLICT, "cancelled", "the query was cancelled"))
        }
    }
}

/// Cancels a query that runs.
#[utoipa::path(
    delete, path = "/api/queries/{id}", tag = "queries", operation_id = "cancel_query", params(("id" = String, Path)),
    responses((status = 204, description = "It was told to stop"), (status = 404, description = "It does not run", body = ErrorBody)),
)]
pub(crate) async fn cancel(
    State(app): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    if app.queries.cancel(&id) {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::not_found("no such query is running"))
}

/// The plan of one statement. `analyze` runs it and rolls it back; read-only mode refuses that.
#[utoipa::path(
    post, path = "/api/queries/explain", tag = "queries", operation_id = "explain", request_body = ExplainRequest,
    responses((status = 200, body = Explanation), (status = 403, body = ErrorBody), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn explain(
    State(app): State<AppState>,
    extract::Json(request): extract::Json<ExplainRequest>,
) -> ApiResult<Json<Explanation>> {
    if request.analyze {
        app.refuse_read_only()?;
    }
    Ok(Json(app.browser().await?.explain(&super::limits::explain(request)).await?))
}
