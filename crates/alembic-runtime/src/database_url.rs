//! Database URLs as SQLAlchemy writes them, and where a project keeps its own.
//!
//! * [`DatabaseUrl`]: the grammar of SQLAlchemy's `make_url`, to the letter;
//! * [`Secret`]: a password that cannot be printed by accident;
//! * [`dotenv`]: `.env` files by the rules of python-dotenv;
//! * [`discovery`]: where a project keeps its URL, and which candidate counts.
//!
//! Nothing here opens a connection or reads the process's environment. No `Debug`, `Display` or error shows a password.

pub mod discovery;
pub mod dotenv;
mod error;
mod parse;
pub(crate) mod percent;
mod render;
mod secret;
mod url;

pub(crate) use self::secret::{HIDDEN, is_secret_name};
pub use self::{
    error::{UrlError, UrlErrorKind},
    secret::Secret,
    url::{DatabaseUrl, SqliteLocation},
};
