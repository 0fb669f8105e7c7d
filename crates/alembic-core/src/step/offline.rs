//! The arguments of `upgrade`, `downgrade` and `stamp`, and the point from which `--sql` starts: what Alembic's
//! `command.py` makes of them, and `MigrationContext.get_current_heads` in offline mode.

use crate::revision::{RevisionError, RevisionMap};

/// Refuses `from:to` where a database says where to start.
///
/// # Errors
/// [`RevisionError::RangeNotAllowed`].
pub fn refuse_range(target: &str) -> Result<(), RevisionError> {
    if target.contains(':') { Err(RevisionError::RangeNotAllowed) } else { Ok(()) }
}

/// The argument of `upgrade --sql` or `downgrade --sql`: `[from:]to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfflineRange<'a> {
    /// Before the colon; `None` is the base.
    pub start: Option<&'a str>,
    /// After it.
    pub target: &'a str,
}

impl<'a> OfflineRange<'a> {
    /// Reads the argument of `upgrade --sql`.
    ///
    /// # Errors
    /// [`RevisionError::OfflineRangeColons`].
    pub fn upgrade(text: &'a str) -> Result<Self, RevisionError> {
        let (start, target) = match text.split_once(':') {
            None => (None, text),
            Some((_, target)) if target.contains(':') => {
                return Err(RevisionError::OfflineRangeColons { range: text.to_owned() });
            }
            Some((start, target)) => (Some(start), target),
        };
        Ok(Self { start, target })
    }

    /// Reads the argument of `downgrade --sql`, which needs a start.
    ///
    /// # Errors
    /// [`RevisionError::DowngradeNeedsRange`], [`RevisionError::OfflineRangeColons`].
    pub fn downgrade(text: &'a str) -> Result<Self, RevisionError> {
        let range = Self::upgrade(text)?;
        if range.start.is_none() { Err(RevisionError::DowngradeNeedsRange) } else { Ok(range) }
    }
}

/// The arguments of `stamp --sql`: targets that may share a start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineStamp<'a> {
    /// Before the colon of any target; `None` is the base.
    pub start: Option<&'a str>,
    /// The targets without it.
    pub targets: Vec<&'a str>,
}

impl<'a> OfflineStamp<'a> {
    /// Reads the arguments.
    ///
    /// # Errors
    /// [`RevisionError::OfflineRangeColons`], [`RevisionError::SeveralStarts`].
    pub fn parse(texts: &[&'a str]) -> Result<Self, RevisionError> {
        let mut stamp = Self { start: None, targets: Vec::with_capacity(texts.len()) };
        for text in texts {
            let OfflineRange { start, target } = OfflineRange::upgrade(text)?;
            if let (Some(first), Some(second)) = (stamp.start, start)
                && first != second
            {
                let (first, second) = (first.to_owned(), second.to_owned());
                return Err(RevisionError::SeveralStarts { first, second });
            }
            stamp.start = stamp.start.or(start);
            stamp.targets.push(target);
        }
        Ok(stamp)
    }
}

/// The rows that offline mode starts from: none at the base, else the one revision.
///
/// # Errors
/// What [`RevisionMap::get_revision`] says, and [`RevisionError::Resolution`] for a start such as `label@base`.
pub(super) fn starting_rows(
    map: &RevisionMap,
    start: Option<&str>,
) -> Result<Vec<String>, RevisionError> {
    match start {
        None | Some("base") => Ok(Vec::new()),
        Some(start) => match map.get_revision(start)? {
            Some(revision) => Ok(vec![map.id(revision).to_owned()]),
            None => Err(RevisionError::not_a_revision(start)),
        },
    }
}
