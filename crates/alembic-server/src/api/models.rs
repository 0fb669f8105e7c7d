//! The schema that the models define, and its diagram.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sqlalchemy_models::erd::{Diagram, Drawing, Selection, dbml, dot, mermaid, svg};
use sqlalchemy_models::schema::Schema;
use utoipa::ToSchema;

use super::status::json;
use crate::AppState;
use crate::error::{ApiError, ApiResult, ErrorBody};
use crate::extract::{Path, Query};
use crate::live::{blocking, to_bytes};

/// The schema that the models define: the document of `models --json`. No Python runs.
#[utoipa::path(
    get, path = "/api/models", tag = "models", operation_id = "models",
    responses(
        (status = 200, body = Schema),
        (status = 409, description = "Broken configuration, or nothing that can be read", body = ErrorBody),
    ),
)]
pub(crate) async fn show(State(app): State<AppState>) -> ApiResult<Response> {
    Ok(json(app.project.models().await?.document.clone()))
}

/// Which part of a diagram.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DiagramQuery {
    /// A table, as `name` or `schema.name`.
    focus: Option<String>,
    /// How many foreign keys away from it a table may stand; 1 without it.
    depth: Option<usize>,
    /// A schema.
    schema: Option<String>,
}

/// A format of the diagram for other programs.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DiagramFormat {
    /// A drawing.
    Svg,
    /// Mermaid's `erDiagram`.
    Mermaid,
    /// Graphviz.
    Dot,
    /// For dbdiagram.io and its tools.
    Dbml,
}

/// The diagram with the places of its boxes and lines: the document of `erd --format json`.
#[utoipa::path(
    get, path = "/api/diagram", tag = "models", operation_id = "diagram",
    params(
        ("focus" = Option<String>, Query, description = "A table, as `name` or `schema.name`"),
        ("depth" = Option<usize>, Query, description = "How many foreign keys away from it a table may stand; 1 without it"),
        ("schema" = Option<String>, Query, description = "A schema"),
    ),
    responses(
        (status = 200, body = Drawing),
        (status = 404, description = "No table or schema has this name", body = ErrorBody),
        (status = 409, description = "Broken configuration, or nothing that can be read", body = ErrorBody),
    ),
)]
pub(crate) async fn diagram(
    State(app): State<AppState>,
    Query(query): Query<DiagramQuery>,
) -> ApiResult<Response> {
    let part = part(&app, query).await?;
    Ok(json(blocking(move || to_bytes(&Drawing::of(&part))).await?))
}

/// The diagram as a file for another program.
#[utoipa::path(
    get, path = "/api/diagram/{format}", tag = "models", operation_id = "diagram_file",
    params(
        ("format" = inline(DiagramFormat), Path),
        ("focus" = Option<String>, Query, description = "A table, as `name` or `schema.name`"),
        ("depth" = Option<usize>, Query, description = "How many foreign keys away from it a table may stand; 1 without it"),
        ("schema" = Option<String>, Query, description = "A schema"),
    ),
    responses(
        (status = 200, description = "The file", content(
            (String = "image/svg+xml"),
            (String = "text/vnd.graphviz"),
            (String = "text/plain"),
        )),
        (status = 404, description = "No table or schema has this name", body = ErrorBody),
        (status = 409, description = "Broken configuration, or nothing that can be read", body = ErrorBody),
    ),
)]
pub(crate) async fn file(
    State(app): State<AppState>,
    Path(format): Path<DiagramFormat>,
    Query(query): Query<DiagramQuery>,
) -> ApiResult<Response> {
    let part = part(&app, query).await?;
    let (name, kind) = match format {
        DiagramFormat::Svg => ("diagram.svg", "image/svg+xml"),
        DiagramFormat::Mermaid => ("diagram.mmd", "text/plain; charset=utf-8"),
        DiagramFormat::Dot => ("diagram.dot", "text/vnd.graphviz; charset=utf-8"),
        DiagramFormat::Dbml => ("diagram.dbml", "text/plain; charset=utf-8"),
    };
    let text = blocking(move || {
        let mut out = String::new();
        let written = match format {
            DiagramFormat::Svg => svg::render(&part, &mut out),
            DiagramFormat::Mermaid => mermaid::render(&part, &mut out),
            DiagramFormat::Dot => dot::render(&part, &mut out),
            DiagramFormat::Dbml => dbml::render(&part, &mut out),
        };
        written.expect("a string takes everything");
        out
    });
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::try_from(disposition).expect("the name is plain"),
        ),
    ];
    Ok((headers, text.await?).into_response())
}

async fn part(app: &AppState, query: DiagramQuery) -> ApiResult<Diagram> {
    let models = app.project.models().await?;
    let selection = Selection {
        focus: query.focus.into_iter().collect(),
        depth: query.depth.unwrap_or(1),
        schemas: query.schema.into_iter().collect(),
    };
    let part = models.diagram.select(&selection);
    part.map_err(|error| ApiError::new(StatusCode::NOT_FOUND, "not-found", error.to_string()))
}
