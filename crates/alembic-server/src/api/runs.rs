//! Runs: upgrade, downgrade and stamp, with their output as it is written.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{KeepAlive, KeepAliveStream, Sse};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::plan::Preview;
use crate::error::{ApiError, ApiResult, ErrorBody};
use crate::extract::{self, Path, Query};
use crate::runs::{OutputEvents, RunView};

/// What runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RunCommand {
    /// Migrations are applied.
    Upgrade,
    /// Migrations are undone.
    Downgrade,
    /// The version table is set, and nothing is run.
    Stamp,
}

impl RunCommand {
    /// The command's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
            Self::Stamp => "stamp",
        }
    }
}

/// A run that is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunRequest {
    /// What runs.
    pub command: RunCommand,
    /// A revision of the project, `head`, `heads`, `base`, a label, or a step such as `+1` and `-1`.
    pub target: String,
    /// The confirmation that belongs to the plan, as the answer without one gave it.
    #[serde(default)]
    pub confirm: Option<String>,
    /// Run pg_dump first.
    #[serde(default)]
    pub backup: bool,
}

/// The answer to a run that is not confirmed, or whose confirmation belongs to another plan: something changed since.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Unconfirmed {
    /// `confirmation-required` or `confirmation-stale`.
    #[schema(value_type = String)]
    pub code: &'static str,
    /// One sentence for people.
    pub message: &'static str,
    /// The way on.
    pub help: &'static str,
    /// What to send as `confirm` to run exactly this plan on exactly this database.
    pub confirm: String,
    /// What would run.
    #[schema(value_type = Preview<'static>)]
    pub preview: Box<RawValue>,
}

/// Which part of the output.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutputQuery {
    /// The id of the last event that is known already; `Last-Event-ID` says the same.
    #[serde(default)]
    pub after: Option<u64>,
}

/// The present run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CurrentRun {
    /// The run that is going on, or the last one; null when there was none since the server started.
    pub run: Option<RunView>,
}

/// Runs something. Without `confirm`, or with that of another plan, the answer is 409 with the plan and what confirms it.
#[utoipa::path(
    post, path = "/api/runs", tag = "runs", operation_id = "start_run", request_body = RunRequest,
    responses(
        (status = 202, description = "It runs", body = RunView),
        (status = 403, description = "Read-only", body = ErrorBody),
        (status = 409, description = "Not confirmed (`confirmation-required`, `confirmation-stale`), or another run is going on (`run-in-progress`)", body = Unconfirmed),
        (status = 422, description = "The target is no revision of the project", body = ErrorBody),
        (status = 503, description = "The database does not answer", body = ErrorBody),
    ),
)]
pub(crate) async fn start(
    State(app): State<AppState>,
    extract::Json(request): extract::Json<RunRequest>,
) -> ApiResult<Response> {
    app.refuse_read_only()?;
    app.runs.refuse_second()?;
    let planned = app.project.plan(request.command, request.target.clone()).await?;
    let answer = |code, message| {
        let confirm = app.confirmations.of(&planned);
        let preview = String::from_utf8_lossy(&planned.preview).into_owned();
        let preview = RawValue::from_string(preview).expect("a document is JSON");
        let help = "look at the plan, and send the same request again with this `confirm`";
        (StatusCode::CONFLICT, Json(Unconfirmed { code, message, help, confirm, preview }))
    };
    let Some(confirm) = &request.confirm else {
        return Ok(answer("confirmation-required", "this run is not confirmed").into_response());
    };
    if !app.confirmations.confirms(&planned, confirm) {
        let message = "the database or the scripts have changed since this run was confirmed";
        return Ok(answer("confirmation-stale", message).into_response());
    }
    let run = app.start_run(&request, planned)?;
    Ok((StatusCode::ACCEPTED, Json(run.view())).into_response())
}

/// The runs since the server started, the newest first.
#[utoipa::path(get, path = "/api/runs", tag = "runs", operation_id = "list_runs", responses((status = 200, body = Vec<RunView>)))]
pub(crate) async fn list(State(app): State<AppState>) -> Json<Vec<RunView>> {
    Json(app.runs.all().iter().map(|run| run.view()).collect())
}

/// The run that is going on, or the last one.
#[utoipa::path(get, path = "/api/runs/current", tag = "runs", operation_id = "current_run", responses((status = 200, body = CurrentRun)))]
pub(crate) async fn current(State(app): State<AppState>) -> Json<CurrentRun> {
    Json(CurrentRun { run: app.runs.latest().map(|run| run.view()) })
}

/// One run.
#[utoipa::path(
    get, path = "/api/runs/{id}", tag = "runs", operation_id = "show_run", params(("id" = String, Path)),
    responses((status = 200, body = RunView), (status = 404, body = ErrorBody)),
)]
pub(crate) async fn show(
    State(app): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Json<RunView>> {
    Ok(Json(app.runs.find(&id)?.view()))
}

/// The output of a run from its beginning, as server-sent events.
///
/// `line` carries an `OutputLine`, `state` and `end` a `RunView`; `end` is the last one. Every event has an id; after
/// a cut connection, `Last-Event-ID` takes up the stream behind it.
#[utoipa::path(
    get, path = "/api/runs/{id}/output", tag = "runs", operation_id = "run_output", 
    params(
        ("id" = String, Path),
        ("after" = Option<u64>, Query, description = "The id of the last event that is known already; `Last-Event-ID` says the same"),
    ),
    responses(
        (status = 200, content_type = "text/event-stream", body = crate::runs::OutputLine),
        (status = 404, body = ErrorBody),
    ),
)]
pub(crate) async fn output(
    State(app): State<AppState>,
    Path(id): Path<String>,
    Query(query): Query<OutputQuery>,
    headers: HeaderMap,
) -> ApiResult<Sse<KeepAliveStream<OutputEvents>>> {
    let run = app.runs.find(&id)?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let events = run.events(last.or(query.after), app.shutdown.clone());
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// Cancels a run: SIGINT, and SIGKILL when it does not end.
#[utoipa::path(
    delete, path = "/api/runs/{id}", tag = "runs", operation_id = "cancel_run", params(("id" = String, Path)),
    responses(
        (status = 202, description = "It was asked to end", body = RunView),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It has ended already", body = ErrorBody),
    ),
)]
pub(crate) async fn cancel(
    State(app): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<(StatusCode, Json<RunView>)> {
    let run = app.runs.find(&id)?;
    if !run.cancel() {
        return Err(ApiError::new(StatusCode::CONFLICT, "run-ended", "this run has ended already"));
    }
    Ok((StatusCode::ACCEPTED, Json(run.view())))
}
