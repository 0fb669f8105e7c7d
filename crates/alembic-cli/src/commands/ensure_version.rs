//! `ensure_version`: creates the version table.

use alembic_runtime::dialect::sql::{SqlScript, VersionSql};
use alembic_runtime::project::Purpose;
use clap::Args;

use crate::Outcome;
use crate::context::Context;
use crate::session::{DatabaseArgs, Session};

/// Create the version table
#[derive(Debug, Args)]
pub(crate) struct EnsureVersionArgs {
    /// Print the SQL instead of running it
    #[arg(long, conflicts_with = "wait")]
    sql: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) fn run(context: &mut Context, args: &EnsureVersionArgs) -> Outcome {
    let session = Session::open(context, &args.database)?;
    if args.sql {
        let dialect = session.dialect()?;
        let mut script = SqlScript::new(session.transactions()?);
        script.begin();
        script.statement(&VersionSql::new(dialect, session.version_table()).create());
        script.commit();
        context.output.write(script.text())?;
        return Ok(0);
    }
    session.connect(Purpose::Writing)?.ensure()?;
    Ok(0)
}
