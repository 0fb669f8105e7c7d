//! SQL that people write.

mod request;
mod result;

pub use request::{ExplainFormat, ExplainRequest, QueryRequest};
pub use result::{Explanation, Notice, QueryOutcome, ResultColumn, StatementFailure, StatementResult};
