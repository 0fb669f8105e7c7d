//! SQL that people write.

mod columns;
mod explain;
mod notices;
mod request;
mod result;
mod run;

pub(crate) use columns::Described;
pub(crate) use explain::explain;
pub use request::{ExplainFormat, ExplainRequest, QueryRequest};
pub use result::{Explanation, Notice, QueryOutcome, ResultColumn, StatementFailure, StatementResult};
pub(crate) use run::{only, run};
