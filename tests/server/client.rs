//! A client that asks the router without a network.

use alembic_server::{App, AppState, LiveProject, ProjectSource, ServerOptions, router};
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt as _;

/// The name by which the tests ask for the server.
pub(crate) const HOST: &str = "127.0.0.1:3000";

/// A server and somebody with a session on it.
pub(crate) struct Client {
    pub(crate) app: AppState,
    cookie: String,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{error}: {} {}", self.status, String::from_utf8_lossy(&self.body))
        })
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The stable word of a refusal.
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}

impl Client {
    /// A server over a project, and a session that began with its launch code.
    pub(crate) async fn new(source: ProjectSource, options: ServerOptions) -> Self {
        let app = App::new(options, LiveProject::new(source));
        let cookie = log_in(&app).await;
        Self { app, cookie }
    }

    /// Another session of the same server: a second tab.
    pub(crate) async fn another(&self) -> Self {
        Self { app: self.app.clone(), cookie: log_in(&self.app).await }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None).await
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder().method(method).uri(path).header("host", HOST);
        let request = request.header("cookie", &self.cookie);
        let request = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(Body::from(serde_json::to_vec(&body).unwrap())),
            None => request.body(Body::empty()),
        };
        collect(self.open(request.unwrap()).await).await
    }

    /// With headers of the test's own, the session's cookie among them.
    pub(crate) async fn ask_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut all = vec![("cookie", self.cookie.as_str())];
        all.extend_from_slice(headers);
        ask(&self.app, method, path, &all, Body::empty()).await
    }

    /// The response, its body not read yet.
    pub(crate) async fn open(&self, request: Request<Body>) -> Response<Body> {
        router(self.app.clone()).oneshot(request).await.unwrap()
    }

    /// A stream's response.
    pub(crate) async fn stream(&self, path: &str) -> Response<Body> {
        let request = Request::builder().uri(path).header("host", HOST);
        self.open(request.header("cookie", &self.cookie).body(Body::empty()).unwrap()).await
    }
}

/// Asks without a session; the host is ours unless the headers name one.
pub(crate) async fn ask(
    app: &AppState,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Body,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", HOST);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router(app.clone()).oneshot(request.body(body).unwrap()).await.unwrap();
    collect(response).await
}

pub(crate) async fn collect(response: Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 64 << 20).await.unwrap();
    Answer { status: parts.status, headers: parts.headers, body }
}

/// `POST /api/session` with a code or token, as JSON.
pub(crate) async fn begin(app: &AppState, login: &Value) -> Answer {
    let body = Body::from(serde_json::to_vec(login).unwrap());
    ask(app, Method::POST, "/api/session", &[("content-type", "application/json")], body).await
}

async fn log_in(app: &AppState) -> String {
    let code = app.sessions.new_code();
    let answer = begin(app, &serde_json::json!({ "code": code })).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}
