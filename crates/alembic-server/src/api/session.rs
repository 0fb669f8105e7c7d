//! How a session begins and ends.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::AppState;
use crate::error::{ApiError, ApiResult, ErrorBody};
use crate::extract::Json;
use crate::guard;
use crate::session::Attempt;

/// What begins a session: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    /// The code of the launch URL; it works once.
    #[serde(default)]
    code: Option<String>,
    /// The token that the server was started with.
    #[serde(default)]
    token: Option<String>,
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// Whether nothing may be changed at all, because the server was started so.
    pub read_only: bool,
    /// The version of alembic-rs.
    pub version: &'static str,
}

/// Begins a session.
#[utoipa::path(
    post, path = "/api/session", tag = "session", operation_id = "begin_session", request_body = Login,
    responses(
        (status = 204, description = "The session began; its cookie comes with the response"),
        (status = 401, description = "The code or token is wrong, or was used", body = ErrorBody),
        (status = 429, description = "Too many wrong attempts", body = ErrorBody),
    ),
)]
pub(crate) async fn begin(
    State(app): State<AppState>,
    Json(login): Json<Login>,
) -> ApiResult<Response> {
    let attempt = match (&login.code, &login.token) {
        (Some(code), None) => app.sessions.try_code(code),
        (None, Some(token)) => app.sessions.try_token(token),
        _ => return Err(ApiError::invalid("send either `code` or `token`")),
    };
    match attempt {
        Attempt::Right => Ok(with_cookie(&app.sessions.begin(), app.sessions.cookie_name(), None)),
        Attempt::Wrong => Err(wrong(login.code.is_some())),
        Attempt::TooMany(seconds) => Err(guard::too_many(seconds)),
    }
}

/// The present session.
#[utoipa::path(
    get, path = "/api/session", tag = "session", operation_id = "show_session",
    responses((status = 200, body = Session), (status = 401, body = ErrorBody)),
)]
pub(crate) async fn show(State(app): State<AppState>) -> axum::Json<Session> {
    let read_only = app.options.read_only;
    axum::Json(Session { read_only, version: env!("CARGO_PKG_VERSION") })
}

/// Ends the present session.
#[utoipa::path(
    delete, path = "/api/session", tag = "session", operation_id = "end_session",
    responses((status = 204, description = "It ended"), (status = 401, body = ErrorBody)),
)]
pub(crate) async fn end(State(app): State<AppState>, headers: HeaderMap) -> Response {
    if let Some(id) = guard::cookie(&app, &headers) {
        app.sessions.end(id);
    }
    with_cookie("", app.sessions.cookie_name(), Some(0))
}

/// The cookie has no `Secure`: loopback is served without TLS.
fn with_cookie(value: &str, name: &str, max_age: Option<u32>) -> Response {
    let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{age}");
    let cookie = HeaderValue::try_from(cookie).expect("name and value are hexadecimal");
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response()
}

fn wrong(is_code: bool) -> ApiError {
    let (message, help) = if is_code {
        (
            "this launch code is wrong, or was used before",
            "press Enter in the terminal where `alembic-rs ui` runs: it prints a fresh address",
        )
    } else {
        (
            "this token is wrong",
            "it is the value of ALEMBIC_RS_UI_TOKEN that the server was started with",
        )
    };
    ApiError::new(StatusCode::UNAUTHORIZED, "wrong-credential", message).with_help(help)
}
