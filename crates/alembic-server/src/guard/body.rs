//! A body is JSON. A form or a plain text can be sent by any page without asking first; JSON cannot.

use axum::http::{HeaderMap, StatusCode, header};

use crate::error::ApiError;

pub(super) fn check(headers: &HeaderMap) -> Result<(), ApiError> {
    let length = headers.get(header::CONTENT_LENGTH);
    let has_body = headers.contains_key(header::TRANSFER_ENCODING)
        || length.is_some_and(|length| length != "0");
    let kind = headers.get(header::CONTENT_TYPE);
    let refused = match kind {
        Some(kind) => !kind.to_str().is_ok_and(is_json),
        None => has_body,
    };
    if !refused {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "not-json",
        "a body must be `application/json`",
    )
    .with_help("send `Content-Type: application/json`"))
}

fn is_json(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
