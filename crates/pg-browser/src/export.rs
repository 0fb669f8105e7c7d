//! Rows as text for other programs, as a stream.

mod request;

pub use request::{ExportFormat, ExportRequest, ExportSource};
