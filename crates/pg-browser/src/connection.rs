//! How to reach the server, and how to use what was reached.

mod options;
mod pool;
mod session;
mod url;

pub use options::ConnectOptions;
pub use pg_parameters::Variables;
pub(crate) use pool::Connections;
pub(crate) use session::{Answer, Mode, Session};
