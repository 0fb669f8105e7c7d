//! The steps of `stamp`: Alembic's `ScriptDirectory._stamp_revs`.

use crate::revision::{Found, Lineage, RevisionError, RevisionIndex, RevisionMap};

/// Alembic's `StampStep`.
#[derive(Debug)]
pub(super) struct StampStep {
    /// The rows that the step starts from.
    pub(super) from: Vec<String>,
    /// The new row; `None` for the base.
    pub(super) to: Option<String>,
    /// Whether the target lies above the rows.
    pub(super) upwards: bool,
    /// Whether a whole branch comes or goes.
    pub(super) branch_move: bool,
}

/// # Errors
/// [`RevisionError::Resolution`] for a row or a target, [`RevisionError::SeveralStampTargets`],
/// [`RevisionError::StampBetweenRows`].
pub(super) fn steps(
    map: &RevisionMap,
    rows: &[String],
    targets: &[&str],
) -> Result<Vec<StampStep>, RevisionError> {
    let rows = map.rows(rows)?;
    let base = ["base"];
    let targets = if targets.is_empty() { &base } else { targets };
    let affected = affected(map, &rows, targets).map_err(several_targets)?;
    let affected_ids = || affected.iter().map(|&row| map.id(row).to_owned());
    let mut steps = Vec::new();
    for destination in destinations(map, targets).map_err(several_targets)? {
        match destination {
            None => steps.extend(affected_ids().map(|row| StampStep {
                from: vec![row],
                to: None,
                upwards: false,
                branch_move: true,
            })),
            Some(destination) => {
                let place = Place::of(map, destination, &affected)?;
                let Some(upwards) = place.upwards() else { continue };
                let branch_move = place == Place::Elsewhere;
                let from = if branch_move { Vec::new() } else { affected_ids().collect() };
                let to = Some(map.id(destination).to_owned());
                steps.push(StampStep { from, to, upwards, branch_move });
            }
        }
    }
    Ok(steps)
}

/// The rows that share lineage with a target, each once, in the order of the targets.
fn affected(
    map: &RevisionMap,
    rows: &[RevisionIndex],
    targets: &[&str],
) -> Result<Vec<RevisionIndex>, RevisionError> {
    let mut affected: Vec<RevisionIndex> = Vec::new();
    let mut seen = fixedbitset::FixedBitSet::with_capacity(map.len());
    for target in targets.iter().filter(|target| !target.is_empty()) {
        let related = map.filter_for_lineage(rows, target, Lineage::WithDependencies)?;
        affected.extend(related.into_iter().filter(|row| !seen.put(row.index())));
    }
    Ok(affected)
}

/// What the targets stand for; `None` is the base, which counts only where it stands alone.
fn destinations(
    map: &RevisionMap,
    targets: &[&str],
) -> Result<Vec<Option<RevisionIndex>>, RevisionError> {
    let found = targets.iter().map(|target| Ok((target, map.find(target)?)));
    // All targets are looked for before one is refused, so that the same one is named as by Alembic.
    let found = found.collect::<Result<Vec<_>, RevisionError>>()?;
    let mut destinations = Vec::new();
    for (target, found) in
        found.iter().flat_map(|(target, all)| all.iter().map(move |it| (*target, it)))
    {
        destinations.push(match found {
            Found::Revision(index) => Some(*index),
            // Alembic takes the point past the base for the base, and the base for a mistake.
            Found::PastBase => None,
            Found::Base => return Err(RevisionError::not_a_revision(target)),
        });
    }
    if destinations.is_empty() {
        destinations.push(None);
    }
    Ok(destinations)
}

/// Where a target lies, seen from the affected rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It is one of them.
    Here,
    Below,
    Above,
    /// On no branch of theirs.
    Elsewhere,
}

impl Place {
    fn of(
        map: &RevisionMap,
        destination: RevisionIndex,
        rows: &[RevisionIndex],
    ) -> Result<Self, RevisionError> {
        if rows.contains(&destination) {
            return Ok(Self::Here);
        }
        let over = map.descendants([destination], Lineage::WithDependencies);
        let under = map.ancestors([destination], Lineage::WithDependencies);
        let over = rows.iter().any(|row| over.contains(row.index()));
        let under = rows.iter().any(|row| under.contains(row.index()));
        match (over, under) {
            (true, false) => Ok(Self::Below),
            (false, true) => Ok(Self::Above),
            (false, false) => Ok(Self::Elsewhere),
            (true, true) => {
                let revision = map.id(destination).to_owned();
                Err(RevisionError::StampBetweenRows { revision })
            }
        }
    }

    /// Which way a stamp goes from the rows; `None` where nothing is to do.
    fn upwards(self) -> Option<bool> {
        match self {
            Self::Here => None,
            Self::Below => Some(false),
            Self::Above | Self::Elsewhere => Some(true),
        }
    }
}

/// `stamp` has a sentence of its own for `head` with several heads.
fn several_targets(error: RevisionError) -> RevisionError {
    match error {
        RevisionError::MultipleHeads { heads, .. } => RevisionError::SeveralStampTargets { heads },
        other => other,
    }
}
