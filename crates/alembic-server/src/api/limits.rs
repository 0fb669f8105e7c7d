//! Limits on what one request may cost, whatever it asks for.

use pg_browser::{CountRequest, ExplainRequest, PageRequest, QueryRequest};

/// Rows of one answer.
const ROWS: u32 = 10_000;
/// Bytes of one cell.
const CELL: u32 = 1 << 20;
/// Milliseconds of one statement: a page, a count.
const BROWSING: u32 = 30_000;
/// Milliseconds of one statement of a person's own.
const QUERY: u32 = 30 * 60_000;
/// Milliseconds, unless a request says otherwise.
const DEFAULT_QUERY: u32 = 60_000;

pub(super) fn page(request: PageRequest) -> PageRequest {
    PageRequest {
        cell_limit: request.cell_limit.min(CELL),
        timeout_ms: at_most(request.timeout_ms, BROWSING),
        ..request
    }
}

pub(super) fn count(request: CountRequest) -> CountRequest {
    CountRequest { timeout_ms: at_most(request.timeout_ms, QUERY), ..request }
}

pub(super) fn query(request: QueryRequest) -> QueryRequest {
    let timeout = request.timeout_ms.unwrap_or(DEFAULT_QUERY);
    QueryRequest {
        row_limit: request.row_limit.min(ROWS),
        cell_limit: request.cell_limit.min(CELL),
        timeout_ms: at_most(Some(timeout), QUERY),
        ..request
    }
}

pub(super) fn explain(request: ExplainRequest) -> ExplainRequest {
    let timeout = request.timeout_ms.unwrap_or(DEFAULT_QUERY);
    ExplainRequest { timeout_ms: at_most(Some(timeout), QUERY), ..request }
}

/// Zero would mean no limit to PostgreSQL.
fn at_most(wanted: Option<u32>, limit: u32) -> Option<u32> {
    wanted.map(|wanted| wanted.clamp(1, limit))
}
