//! Real database servers for tests: started on a free port of this machine, gone when the test process is.

mod mariadb;
mod pgbouncer;
mod postgres;
mod watched;

pub use mariadb::MariaDb;
pub use pgbouncer::PgBouncer;
pub use postgres::{Postgres, PostgresDatabase};
