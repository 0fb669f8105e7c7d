//! The headers that every response carries.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// The nonce of one response of the page, handed from the page's handler to here.
#[derive(Debug, Clone)]
pub(crate) struct Nonce(pub(crate) String);

/// What holds for data: nothing may be loaded, framed or run because of it.
const DATA_POLICY: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

pub(super) fn protect(response: &mut Response) {
    let policy = match response.extensions_mut().remove::<Nonce>() {
        Some(nonce) => page_policy(&nonce),
        None => HeaderValue::from_static(DATA_POLICY),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

fn page_policy(Nonce(nonce): &Nonce) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'; \
         img-src 'self' data:; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    );
    HeaderValue::try_from(policy).expect("a nonce is hexadecimal")
}
