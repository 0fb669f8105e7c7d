//! What every request must pass before a route sees it. Nothing is let in that is not named here.
//!
//! The order is part of the contract: a foreign host learns nothing (421), a foreign page learns nothing of sessions
//! (403), and without a session nobody learns which routes there are (401 for all of them).

mod body;
mod headers;
mod host;
mod origin;
mod session;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::AppState;
use crate::error::ApiError;

pub(crate) use self::headers::Nonce;
pub use self::host::AllowedHosts;
pub(crate) use self::host::is_loopback;
pub(crate) use self::session::{cookie, too_many};

/// Checks a request, passes it on, and puts the security headers on whatever comes back.
pub(crate) async fn guard(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = match check(&app, &request) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    headers::protect(&mut response);
    response
}

fn check(app: &AppState, request: &Request) -> Result<(), ApiError> {
    let host = host::check(&app.options.hosts, request)?;
    let access = Access::of(request.method(), request.uri().path());
    if access == Access::Page {
        return Ok(());
    }
    origin::check(request.headers(), &host)?;
    if access == Access::Session {
        session::check(app, request.headers())?;
    }
    body::check(request.headers())
}

/// What a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Nothing: the page itself, which holds no data.
    Page,
    /// To come from the page: this is where a session begins.
    Login,
    /// A session.
    Session,
}

impl Access {
    fn of(method: &Method, path: &str) -> Self {
        let reads = method == Method::GET || method == Method::HEAD;
        match path {
            "/" | "/healthz" if reads => Self::Page,
            "/api/session" if method == Method::POST => Self::Login,
            _ if reads && crate::assets::find(path).is_some() => Self::Page,
            _ => Self::Session,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_not_named_needs_a_session() {
        let of = |method: Method, path: &str| Access::of(&method, path);
        assert_eq!(of(Method::GET, "/"), Access::Page);
        assert_eq!(of(Method::HEAD, "/healthz"), Access::Page);
        assert_eq!(of(Method::POST, "/api/session"), Access::Login);
        for (method, path) in [
            (Method::GET, "/api/session"),
            (Method::PUT, "/api/session"),
            (Method::POST, "/api/session/"),
            (Method::POST, "//api/session"),
            (Method::POST, "/"),
            (Method::GET, "/index.html"),
            (Method::GET, "/assets/../api/status"),
            (Method::GET, "/nowhere"),
            (Method::OPTIONS, "/"),
        ] {
            assert_eq!(of(method.clone(), path), Access::Session, "{method} {path}");
        }
    }
}
