//! Real database servers for tests: started on a free port of this machine, gone when the test process is.
//!
//! Whatever keeps a server from running ends the test.
#![expect(clippy::missing_panics_doc, reason = "said above, for all of them")]

mod mariadb;
mod pgbouncer;
mod postgres;
mod watched;

pub use mariadb::MariaDb;
pub use pgbouncer::PgBouncer;
pub use postgres::{Postgres, PostgresDatabase};
