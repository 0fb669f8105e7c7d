//! The OpenAPI document: every route of the API with its types. The page's types are generated from it.

use std::sync::OnceLock;

use axum::response::Response;
use bytes::Bytes;
use utoipa::openapi::content::Content;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::Ref;
use utoipa::{Modify, OpenApi};

use crate::api::{
    activity, data, environment, exports, graph, history, models, plan, queries, revisions, runs,
    session, settings, status,
};

/// The document's text, as it is checked in beside this crate.
///
/// # Panics
/// Never: the document has text keys alone.
pub fn document() -> &'static str {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let pretty = serde_json::to_string_pretty(&Api::openapi());
        pretty.expect("the document has text keys") + "\n"
    })
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "alembic-rs",
        description = "The API of `alembic-rs ui`. Everything but the beginning of a session needs one: the cookie of \
            `POST /api/session`, or `Authorization: Bearer` with the token that the server was started with. Every refusal \
            is an `ApiError`."
    ),
    paths(
        show,
        session::begin, session::show, session::end,
        status::show, status::changes,
        graph::show,
        revisions::problems, revisions::show,
        models::show, models::diagram, models::file,
        plan::show,
        runs::list, runs::start, runs::current, runs::show, runs::cancel, runs::output,
        environment::show, environment::versions,
        settings::show, settings::change,
        data::server, data::catalogue, data::table, data::page, data::peek, data::cell, data::count,
        data::apply, data::preview, exports::create, exports::fetch,
        queries::run, queries::cancel, queries::explain,
        history::show, history::forget,
        activity::show, activity::statements, activity::usage, activity::cancel, activity::terminate,
    ),
    modifiers(&Refusals),
    tags(
        (name = "session", description = "How a session begins and ends"),
        (name = "migrations", description = "Scripts, database, and what lies between them"),
        (name = "runs", description = "Upgrade, downgrade and stamp"),
        (name = "models", description = "The schema that the SQLAlchemy models define, read without running them"),
        (name = "data", description = "Catalogue, rows, edits and exports of a PostgreSQL database"),
        (name = "queries", description = "SQL of a person's own"),
        (name = "activity", description = "What the database server is doing"),
        (name = "settings", description = "Where one is, and what one has chosen"),
    ),
)]
struct Api;

/// What any route may answer beside what it names: the guard, the body and the path refuse before it is asked.
struct Refusals;

impl Modify for Refusals {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let refusal = ResponseBuilder::new()
            .description("A refusal: no session (401), a foreign page (403), a body that does not fit (400, 413, 415, 422), and so on")
            .content("application/json", Content::new(Some(Ref::from_schema_name("ApiError"))))
            .build();
        for item in document.paths.paths.values_mut() {
            let operations =
                [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
            for operation in operations.into_iter().flatten() {
                let responses = &mut operation.responses.responses;
                responses.insert("default".to_owned(), refusal.clone().into());
            }
        }
    }
}

/// This document.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "settings", operation_id = "openapi",
    responses((status = 200, description = "The OpenAPI document", body = serde_json::Value)),
)]
pub(crate) async fn show() -> Response {
    status::json(Bytes::from_static(document().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes;

    /// Where the document is checked in.
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

    #[test]
    fn the_file_beside_this_crate_is_up_to_date() {
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            fs_err::write(FILE, document()).unwrap();
        }
        let file = fs_err::read_to_string(FILE).unwrap();
        assert!(file == document(), "write it anew with UPDATE_OPENAPI=1");
    }

    #[test]
    fn every_route_is_documented_and_nothing_else() {
        let api = Api::openapi();
        let mut documented = Vec::new();
        for (path, item) in &api.paths.paths {
            let methods = [
                ("GET", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("DELETE", &item.delete),
                ("PATCH", &item.patch),
            ];
            let present = methods.into_iter().filter(|(_, operation)| operation.is_some());
            documented.extend(present.map(|(method, _)| format!("{method} {path}")));
        }
        let routes = routes::all();
        let pages = ["/", "/healthz"];
        let listed = routes.listed().iter().filter(|(_, path)| !pages.contains(path));
        let mut listed: Vec<_> = listed.map(|(method, path)| format!("{method} {path}")).collect();
        documented.sort();
        listed.sort();
        assert_eq!(documented, listed);
    }
}
