//! How to reach the server, and how to use what was reached.

mod options;
mod password_file;
mod pool;
mod session;
mod settings;
mod url;
mod variables;

pub use options::ConnectOptions;
pub(crate) use pool::Connections;
pub(crate) use session::{Answer, Mode, Session};
pub use variables::Variables;
