//! How to reach the server, and how to use what was reached.

mod options;
mod variables;

pub use options::ConnectOptions;
pub use variables::Variables;
