//! Rows as text for other programs, as a stream.

mod csv;
mod request;
mod start;
mod stream;
mod unescape;

pub use request::{ExportFormat, ExportRequest, ExportSource};
pub(crate) use start::start;
pub use stream::Export;
