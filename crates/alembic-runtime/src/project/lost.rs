//! The database is at a revision that the project does not have.

use alembic_core::lost::{self, Known, Lost};
use alembic_core::revision::RevisionError;
use alembic_core::script::ScriptDirectory;
use miette::Diagnostic;

use super::{Project, ProjectError};

/// The version table holds what the project does not have. Alembic's sentence.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("Can't locate revision identified by '{revision}'")]
pub struct LostRevision {
    /// The row.
    pub revision: String,
    /// Where git has it, and how to get back in step.
    #[help]
    pub help: String,
}

impl LostRevision {
    fn new(revision: &str, ways: Option<String>) -> Self {
        let ways =
            ways.unwrap_or_else(|| "`alembic-rs doctor` says how to get back in step".to_owned());
        let help =
            format!("the database is at it, and no script of the project declares it\n{ways}");
        Self { revision: revision.to_owned(), help }
    }
}

impl Project {
    /// An answer of the graph about a database at `rows`: with near misses and the way out when it is none, and with a
    /// report of its own when the project does not have one of the rows.
    ///
    /// That report asks git, which takes its time and blocks.
    ///
    /// # Errors
    /// When the answer is none.
    pub fn answer<T>(
        &self,
        scripts: &ScriptDirectory,
        rows: &[String],
        answer: Result<T, RevisionError>,
    ) -> Result<T, ProjectError> {
        answer.map_err(|error| {
            let unknown = scripts.map().unknown_rows(rows);
            if unknown.is_empty() {
                ProjectError::Question(scripts.explain(error))
            } else {
                self.lost_revision(scripts, rows, &unknown).into()
            }
        })
    }

    /// What git knows of rows that the project does not have. Asks git only when there are such rows; then it blocks.
    pub fn lost(&self, scripts: &ScriptDirectory, rows: &[String]) -> Lost {
        let unknown = scripts.map().unknown_rows(rows);
        match self.config.script_settings() {
            Ok(settings) if !unknown.is_empty() => {
                lost::search(&settings, &Known::of(scripts), &unknown)
            }
            _ => Lost::default(),
        }
    }

    fn lost_revision(
        &self,
        scripts: &ScriptDirectory,
        rows: &[String],
        unknown: &[&str],
    ) -> LostRevision {
        let lost = self.lost(scripts, rows);
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let Some(revision) = lost.revisions.first() else {
            return LostRevision::new(unknown[0], None);
        };
        let ways = lost::advice(revision, &lost, &rows, Some(scripts));
        let ways: Vec<String> = ways
            .into_iter()
            .map(|way| match way.command {
                Some(command) => format!("{}: `{command}`", way.words),
                None => way.words,
            })
            .collect();
        LostRevision::new(&revision.id, Some(ways.join("\n")))
    }
}
