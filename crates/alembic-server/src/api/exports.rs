//! Rows as a file.
//!
//! What is exported is asked for in a body, as it may hold SQL; the answer is an address that works once, for a browser to
//! write the stream to disk by itself.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pg_browser::{ExportFormat, ExportRequest, ExportSource};
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::error::{ApiError, ApiResult, ErrorBody};
use crate::extract::{self, Path};

/// An export that is ready to be fetched.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewExport {
    /// The address, which works once and for a minute.
    pub path: String,
    /// The name of the file.
    pub file_name: String,
}

/// Asks for an export.
#[utoipa::path(
    post, path = "/api/exports", tag = "data", operation_id = "new_export", request_body = ExportRequest,
    responses((status = 201, body = NewExport), (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn create(
    State(app): State<AppState>,
    extract::Json(request): extract::Json<ExportRequest>,
) -> ApiResult<(StatusCode, Json<NewExport>)> {
    app.browser().await?;
    let file_name = file_name(&request);
    let id = app.exports.add(request);
    Ok((StatusCode::CREATED, Json(NewExport { path: format!("/api/exports/{id}"), file_name })))
}

/// Streams an export.
#[utoipa::path(
    get, path = "/api/exports/{id}", tag = "data", operation_id = "export", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The rows", content_type = "application/octet-stream", body = String),
        (status = 404, description = "It was fetched already, or never asked for", body = ErrorBody),
        (status = 422, body = ErrorBody),
    ),
)]
pub(crate) async fn fetch(
    State(app): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let request = app.exports.take(&id);
    let request = request.ok_or_else(|| {
        ApiError::not_found("this export was fetched already, or is too old")
            .with_help("export it again")
    })?;
    let rows = app.browser().await?.export(&request).await?;
    let kind = match request.format {
        ExportFormat::Csv { .. } => "text/csv; charset=utf-8",
        ExportFormat::JsonLines => "application/x-ndjson",
        ExportFormat::SqlInsert { .. } => "application/sql; charset=utf-8",
    };
    let disposition = format!("attachment; filename=\"{}\"", file_name(&request));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::try_from(disposition).expect("the name is plain"),
        ),
    ];
    Ok((headers, Body::from_stream(rows)).into_response())
}

/// A name without a letter that a system or a header could take amiss.
fn file_name(request: &ExportRequest) -> String {
    let table = match &request.source {
        ExportSource::Table { rows } | ExportSource::Page { rows } => rows.table.name.as_str(),
        ExportSource::Query { .. } => "query",
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let stem: String = table.chars().take(64).map(plain).collect();
    let extension = match request.format {
        ExportFormat::Csv { .. } => "csv",
        ExportFormat::JsonLines => "jsonl",
        ExportFormat::SqlInsert { .. } => "sql",
    };
    format!("{stem}.{extension}")
}
