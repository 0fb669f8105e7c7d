//! The page and its files.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use alembic_ui::Asset;

use crate::error::ApiError;
use crate::guard::Nonce;
use crate::random;

/// The file of the page at a path of a URL. What is encoded in the path names no file.
pub(crate) fn find(path: &str) -> Option<&'static Asset> {
    alembic_ui::asset(path.strip_prefix('/')?)
}

/// `GET /`: the page, with a nonce of its own.
pub(crate) async fn index() -> Response {
    let nonce = random::hex(16);
    let page = alembic_ui::index().replace(alembic_ui::NONCE, &nonce);
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let mut response = (kind, page).into_response();
    response.extensions_mut().insert(Nonce(nonce));
    response
}

/// Whatever has no route: a file of the page, or nothing.
pub(crate) async fn file(request: Request) -> Response {
    let Some(asset) = find(request.uri().path()) else {
        return ApiError::not_found("there is nothing at this address").into_response();
    };
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type()));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let bytes = match asset.gzip.filter(|_| accepts_gzip(request.headers())) {
        Some(gzip) => {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            gzip
        }
        None => asset.bytes,
    };
    *response.body_mut() = Body::from(bytes);
    response
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    accepted.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(
        |coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim().eq_ignore_ascii_case("gzip") && !matches!(weight.trim(), "q=0" | "q=0.0")
        },
    )
}

/// `GET /healthz`: that somebody is here, and nothing else.
pub(crate) async fn healthz() -> &'static str {
    "ok"
}

/// A method that a route does not have.
pub(crate) async fn no_such_method() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "this address does not take that method",
    )
}
