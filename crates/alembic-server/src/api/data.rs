//! The data: catalogue, pages, values, counts, edits.
//!
//! What pages and counts ask for may hold conditions in SQL, so it comes in bodies and never in an address.

use axum::Json;
use axum::extract::State;
use pg_browser::{
    Catalogue, CellRequest, Count, CountRequest, EditOutcome, EditPreview, EditSet, Filter, Page,
    PageRequest, ServerInfo, Table, TableName,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::AppState;
use crate::error::{ApiError, ApiResult, ErrorBody};
use crate::extract::{self, Path};

/// A value in full.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CellValue {
    /// The value; null for NULL.
    pub value: Option<String>,
}

/// A row that another one points to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeekRequest {
    /// The table that is pointed to.
    pub table: TableName,
    /// The columns of the key and their values.
    pub key: Vec<KeyValue>,
}

/// A column of a key and its value.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyValue {
    /// The column.
    pub column: String,
    /// The value, as a page gave it.
    pub value: String,
}

/// The server and who we are on it.
#[utoipa::path(
    get, path = "/api/data/server", tag = "data", operation_id = "data_server",
    responses(
        (status = 200, body = ServerInfo),
        (status = 409, description = "No PostgreSQL (`no-postgresql`)", body = ErrorBody),
        (status = 503, description = "The database does not answer", body = ErrorBody),
    ),
)]
pub(crate) async fn server(State(app): State<AppState>) -> ApiResult<Json<ServerInfo>> {
    Ok(Json(app.browser().await?.server().await?))
}

/// Everything that can be browsed.
#[utoipa::path(
    get, path = "/api/data/catalogue", tag = "data", operation_id = "catalogue",
    responses((status = 200, body = Catalogue), (status = 409, body = ErrorBody), (status = 503, body = ErrorBody)),
)]
pub(crate) async fn catalogue(State(app): State<AppState>) -> ApiResult<Json<Catalogue>> {
    Ok(Json(app.browser().await?.catalogue().await?))
}

/// Everything about one table.
#[utoipa::path(
    get, path = "/api/data/tables/{schema}/{name}", tag = "data", operation_id = "table",
    params(("schema" = String, Path), ("name" = String, Path)),
    responses((status = 200, body = Table), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)),
)]
pub(crate) async fn table(
    State(app): State<AppState>,
    Path((schema, name)): Path<(String, String)>,
) -> ApiResult<Json<Table>> {
    Ok(Json(app.browser().await?.table(&TableName::new(schema, name)).await?))
}

/// A page of rows.
#[utoipa::path(
    post, path = "/api/data/page", tag = "data", operation_id = "page", request_body = PageRequest,
    responses(
        (status = 200, body = Page), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 422, description = "A value, column, condition or cursor that does not fit", body = ErrorBody),
    ),
)]
pub(crate) async fn page(
    State(app): State<AppState>,
    extract::Json(request): extract::Json<PageRequest>,
) -> ApiResult<Json<Page>> {
    Ok(Json(app.browser().await?.page(&super::limits::page(request)).await?))
}

/// The row that a foreign key points to: a page of one row, or of none.
#[utoipa::path(
    post, path = "/api/data/peek", tag = "data", operation_id = "peek", request_body = PeekRequest,
    responses((status = 200, body = Page), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn peek(
    State(app): State<AppState>,
    extract::Json(request): extract::Json<PeekRequest>,
) -> ApiResult<Json<Page>> {
    if request.key.is_empty() {
        return Err(ApiError::invalid("`key` names no column"));
    }
    let filters = request.key.into_iter().map(|key| Filter::equal(key.column, key.value));
    let page = PageRequest { filters: filters.collect(), ..PageRequest::new(request.table) };
    Ok(Json(app.browser().await?.page(&page.limit(1)).await?))
}

/// The whole of one value.
#[utoipa::path(
    post, path = "/api/data/cell", tag = "data", operation_id = "cell", request_body = CellRequest,
    responses((status = 200, body = CellValue), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)),
)]
pub(crate) async fn cell(
    State(app): State<AppState>,
    extract::Json(request): extract::Json<CellRequest>,
) -> ApiResult<Json<CellValue>> {
    let value = app.browser().await?.cell(&request).await?;
    Ok(Json(CellValue { value }))
}

/// How many rows there are.
#[utoipa::path(
    post, path = "/api/data/count", tag = "data", operation_id = "count", request_body = CountRequest,
    responses(
        (status = 200, body = Count), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody),
        (status = 408, description = "It took too long (`timeout`)", body = ErrorBody),
    ),
)]
pub(crate) async fn count(
    State(app): State<AppState>,
    extract::Json(request): extract::Json<CountRequest>,
) -> ApiResult<Json<Count>> {
    Ok(Json(app.browser().await?.count(&super::limits::count(request)).await?))
}

/// The statements that these edits would run.
#[utoipa::path(
    post, path = "/api/data/edits/preview", tag = "data", operation_id = "preview_edits", request_body = EditSet,
    responses((status = 200, body = EditPreview), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)),
)]
pub(crate) async fn preview(
    State(app): State<AppState>,
    extract::Json(edits): extract::Json<EditSet>,
) -> ApiResult<Json<EditPreview>> {
    Ok(Json(app.browser().await?.preview(&edits).await?))
}

/// Does all edits in one transaction, or none of them. A row that somebody else has changed is no error but an outcome.
#[utoipa::path(
    post, path = "/api/data/edits", tag = "data", operation_id = "apply_edits", request_body = EditSet,
    responses(
        (status = 200, body = EditOutcome),
        (status = 403, description = "Read-only", body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, description = "A constraint or a lock is in the way", body = ErrorBody),
        (status = 422, body = ErrorBody),
    ),
)]
pub(crate) async fn apply(
    State(app): State<AppState>,
    extract::Json(edits): extract::Json<EditSet>,
) -> ApiResult<Json<EditOutcome>> {
    app.refuse_read_only()?;
    Ok(Json(app.browser().await?.apply(&edits).await?))
}
