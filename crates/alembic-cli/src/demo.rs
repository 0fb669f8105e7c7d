//! The demo: a project, a database and a Python environment that nobody had to set up, gone when it ends.
//!
//! * `files`: the pet shop, which the program carries inside;
//! * `folder`: where everything lies, thrown away or kept;
//! * `cache`: what stays for the next time, whole or not at all;
//! * `environment`: a virtual environment with Alembic, in the user's cache;
//! * `postgres`: a server of its own, from the machine's programs or from a `wheel`;
//! * `child`: programs that run on the side and what they said;
//! * `steps`: what is being done, line by line on standard error.
//!
//! Whatever is made belongs to a value whose end removes it, so that an interrupt, which drops the whole future, leaves
//! neither a process nor a file.

mod cache;
pub(crate) mod child;
pub(crate) mod environment;
mod error;
pub(crate) mod files;
pub(crate) mod folder;
pub(crate) mod interrupt;
pub(crate) mod postgres;
pub(crate) mod steps;
pub(crate) mod wheel;

pub(crate) use error::DemoError;
