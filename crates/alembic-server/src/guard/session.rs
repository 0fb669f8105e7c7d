//! Who asks: a browser with our cookie, or a program with the token.

use axum::http::{HeaderMap, StatusCode, header};

use crate::AppState;
use crate::error::ApiError;
use crate::session::Attempt;

/// Lets a request with a session in.
pub(super) fn check(app: &AppState, headers: &HeaderMap) -> Result<(), ApiError> {
    if let Some(token) = bearer(headers) {
        return match app.sessions.try_token(token) {
            Attempt::Right => Ok(()),
            Attempt::Wrong => Err(no_session(app)),
            Attempt::TooMany(seconds) => Err(too_many(seconds)),
        };
    }
    let name = app.sessions.cookie_name();
    let mut cookies = cookies(headers).filter(|(key, _)| *key == name);
    if cookies.any(|(_, value)| app.sessions.holds(value)) { Ok(()) } else { Err(no_session(app)) }
}

/// The value of our cookie, if the request has it.
pub(crate) fn cookie<'a>(app: &AppState, headers: &'a HeaderMap) -> Option<&'a str> {
    let name = app.sessions.cookie_name();
    cookies(headers).find_map(|(key, value)| (key == name).then_some(value))
}

pub(crate) fn too_many(seconds: u64) -> ApiError {
    ApiError::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too-many-attempts",
        "too many attempts to begin a session",
    )
    .with_help(format!("wait {seconds} s"))
    .after(seconds)
}

fn no_session(app: &AppState) -> ApiError {
    let help = if app.sessions.has_token() {
        "log in with the token, or send it as `Authorization: Bearer`"
    } else {
        "press Enter in the terminal where `alembic-rs ui` runs, and open the address that it prints"
    };
    ApiError::new(StatusCode::UNAUTHORIZED, "no-session", "there is no session").with_help(help)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}
