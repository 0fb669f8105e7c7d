//! The options of `upgrade` and `downgrade`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::argparse::NEW_OPTIONS;
use crate::cli::duration;
use crate::commands::completions;
use crate::session::DatabaseArgs;

#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// Print the SQL instead of running it
    #[arg(
        long,
        conflicts_with_all = ["lock", "statement_timeout", "lock_wait_timeout", "backup", "dry_run", "wait"]
    )]
    pub(super) sql: bool,
    /// A name for env.py
    #[arg(long, allow_negative_numbers = true)]
    pub(super) tag: Option<OsString>,
    /// The revision to go to
    #[arg(allow_negative_numbers = true, add = completions::revisions())]
    pub(super) revision: String,
    /// The interpreter that runs the migrations: a path, a name, an environment's folder
    #[arg(long, value_name = "PATH", help_heading = NEW_OPTIONS)]
    pub(super) python: Option<OsString>,
    /// Let no other run with a lock work on the database meanwhile
    #[arg(
        long,
        value_name = "KEY",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        help_heading = NEW_OPTIONS
    )]
    pub(super) lock: Option<String>,
    /// How long to wait for the lock
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration, requires = "lock", help_heading = NEW_OPTIONS)]
    pub(super) lock_timeout: Duration,
    /// How long a statement of a migration may take (PostgreSQL)
    #[arg(long, value_name = "TIME", value_parser = duration, help_heading = NEW_OPTIONS)]
    pub(super) statement_timeout: Option<Duration>,
    /// How long a statement of a migration may wait for a table's lock (PostgreSQL)
    #[arg(long, value_name = "TIME", value_parser = duration, help_heading = NEW_OPTIONS)]
    pub(super) lock_wait_timeout: Option<Duration>,
    /// Dump the database there with pg_dump before anything runs
    #[arg(long, value_name = "DIR", help_heading = NEW_OPTIONS)]
    pub(super) backup: Option<PathBuf>,
    /// Show the plan and run nothing
    #[arg(long, help_heading = NEW_OPTIONS)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) database: DatabaseArgs,
}

impl MigrateArgs {
    /// Whether an option is used that Alembic does not have.
    pub(super) fn is_new(&self) -> bool {
        self.python.is_some()
            || self.lock.is_some()
            || self.statement_timeout.is_some()
            || self.lock_wait_timeout.is_some()
            || self.backup.is_some()
            || self.dry_run
            || self.database.is_new()
    }
}
