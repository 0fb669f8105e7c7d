//! The table of routes. What is not in it does not exist.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::api::{
    activity, data, environment, exports, graph, history, models, plan, queries, revisions, runs,
    session, settings, status,
};
use crate::{AppState, assets, guard, openapi};

/// The largest body of a request, in bytes.
const LARGEST_BODY: usize = 4 << 20;

/// Routes with a list of themselves, so that a test can hold them against the OpenAPI document.
pub(crate) struct Routes {
    router: Router<AppState>,
    listed: Vec<(Method, &'static str)>,
}

impl Routes {
    fn new() -> Self {
        Self { router: Router::new(), listed: Vec::new() }
    }

    fn on<H, T>(mut self, method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).expect("a method that axum knows");
        let route: MethodRouter<AppState> = on(filter, handler);
        self.router = self.router.route(path, route);
        self.listed.push((method, path));
        self
    }

    fn get<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::GET, path, handler)
    }

    fn post<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::POST, path, handler)
    }

    fn put<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::PUT, path, handler)
    }

    fn delete<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::DELETE, path, handler)
    }

    /// Every method and path.
    #[cfg(test)]
    pub(crate) fn listed(&self) -> &[(Method, &'static str)] {
        &self.listed
    }

    /// The router behind its guard, which nothing gets around: it is the outermost layer, fallbacks included.
    pub(crate) fn into_router(self, app: AppState) -> Router {
        self.router
            .fallback(assets::file)
            .method_not_allowed_fallback(assets::no_such_method)
            .layer(DefaultBodyLimit::max(LARGEST_BODY))
            .layer(middleware::from_fn_with_state(app.clone(), guard::guard))
            .with_state(app)
    }
}

/// Everything that the server answers, the page's files apart.
pub(crate) fn all() -> Routes {
    Routes::new()
        .get("/", assets::index)
        .get("/healthz", assets::healthz)
        .get("/api/openapi.json", openapi::show)
        .post("/api/session", session::begin)
        .get("/api/session", session::show)
        .delete("/api/session", session::end)
        .get("/api/status", status::show)
        .get("/api/changes", status::changes)
        .get("/api/graph", graph::show)
        .get("/api/problems", revisions::problems)
        .get("/api/revisions/{id}", revisions::show)
        .get("/api/models", models::show)
        .get("/api/diagram", models::diagram)
        .get("/api/diagram/{format}", models::file)
        .get("/api/plan", plan::show)
        .get("/api/runs", runs::list)
        .post("/api/runs", runs::start)
        .get("/api/runs/current", runs::current)
        .get("/api/runs/{id}", runs::show)
        .delete("/api/runs/{id}", runs::cancel)
        .get("/api/runs/{id}/output", runs::output)
        .get("/api/environment", environment::show)
        .get("/api/versions", environment::versions)
        .get("/api/settings", settings::show)
        .put("/api/settings", settings::change)
        .get("/api/data/server", data::server)
        .get("/api/data/catalogue", data::catalogue)
        .get("/api/data/tables/{schema}/{name}", data::table)
        .post("/api/data/page", data::page)
        .post("/api/data/peek", data::peek)
        .post("/api/data/cell", data::cell)
        .post("/api/data/count", data::count)
        .post("/api/data/edits", data::apply)
        .post("/api/data/edits/preview", data::preview)
        .post("/api/exports", exports::create)
        .get("/api/exports/{id}", exports::fetch)
        .post("/api/queries", queries::run)
        .delete("/api/queries/{id}", queries::cancel)
        .post("/api/queries/explain", queries::explain)
        .get("/api/history", history::show)
        .delete("/api/history", history::forget)
        .get("/api/activity", activity::show)
        .get("/api/activity/statements", activity::statements)
        .get("/api/activity/usage", activity::usage)
        .post("/api/activity/{pid}/cancel", activity::cancel)
        .post("/api/activity/{pid}/terminate", activity::terminate)
}
