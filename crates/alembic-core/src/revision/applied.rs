//! What the rows of the version table stand for.

use super::error::RevisionError;
use super::map::{Lineage, RevisionIndex, RevisionMap};
use super::resolve::Found;

impl RevisionMap {
    /// The revisions of the rows, in their order. As in Alembic a row may be the
    /// beginning of an identifier.
    ///
    /// # Errors
    /// [`RevisionError::Resolution`] for the first row that stands for no revision
    /// of the project; whatever else [`find`](Self::find) can say about a row.
    pub fn rows(&self, rows: &[String]) -> Result<Vec<RevisionIndex>, RevisionError> {
        let mut revisions = Vec::with_capacity(rows.len());
        for row in rows {
            for found in self.find(row)? {
                match found {
                    Found::Revision(index) => revisions.push(index),
                    Found::Base | Found::PastBase => {
                        return Err(RevisionError::not_a_revision(row));
                    }
                }
            }
        }
        Ok(revisions)
    }

    /// The rows that stand for no revision of the project.
    pub fn unknown_rows<'a>(&self, rows: &'a [String]) -> Vec<&'a str> {
        let known = |row: &&String| self.rows(std::slice::from_ref(*row)).is_ok();
        rows.iter().filter(|row| !known(row)).map(String::as_str).collect()
    }

    /// The applied revisions that no other applied one follows by `down_revision`,
    /// for a database at `rows` (Alembic's `_get_all_current`).
    pub fn all_current(&self, rows: &[RevisionIndex]) -> Vec<RevisionIndex> {
        let applied = self.ancestors(rows.iter().copied(), Lineage::WithDependencies);
        let newest = |index: &RevisionIndex| {
            self.children(*index).all(|child| !applied.contains(child.index()))
        };
        applied.ones().map(RevisionIndex::new).filter(newest).collect()
    }
}
