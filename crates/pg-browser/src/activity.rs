//! What the server is doing.

mod read;
mod types;

pub(crate) use read::Reader;
pub use types::{
    IndexStatistics, SessionActivity, SlowStatement, SlowStatements, TableLock, TableStatistics,
};
