//! A connection to the project's database, and what alembic-rs does with it: reading and writing the version table.
//!
//! * [`ConnectParts`]: where the database is, as a URL says; [`ConnectOptions`]: how we connect;
//! * [`Database`]: one connection, opened by [`Database::connect`];
//! * [`DatabaseError`]: what goes wrong, one cause each, with the way out;
//! * [`wait_for`]: waits until a database accepts connections.
//!
//! A [`Database`] is one connection and no pool: a command needs one session, a session lock must stay in it, and sqlx's
//! pools try a refused connection again until their time is up, without saying so. Statements go out in as few messages
//! as the protocols allow, because a round trip is what a command waits for.
#![cfg_attr(
    not(all(feature = "postgres", feature = "mysql", feature = "sqlite")),
    allow(dead_code, reason = "each driver needs a part of what they share")
)]

mod error;
mod failure;
mod options;
mod parts;
mod session;
mod wait;

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use error::{DatabaseError, DatabaseErrorKind};
pub use options::ConnectOptions;
pub use parts::ConnectParts;
#[cfg(feature = "postgres")]
pub use pg_parameters::Variables;
pub use session::Database;
pub use wait::wait_for;

pub use crate::head_maintainer::Purge;
pub(crate) use {error::tenths, failure::Failure, session::Cell};
