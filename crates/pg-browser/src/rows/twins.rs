//! Rows that are equal in every column: they cannot be told apart, only counted.

use super::{cursor::Place, text_at};
use crate::{
    Result,
    connection::Session,
    sql::{Order, Select},
};

/// How many rows are equal to the first and to the last row of a page, and where they are.
#[derive(Debug, Default, Clone)]
pub(super) struct Twins {
    first: Vec<Option<String>>,
    last: Vec<Option<String>>,
    /// In the whole table.
    all_of_first: u64,
    all_of_last: u64,
    /// On the page.
    here_of_first: u64,
    here_of_last: u64,
    /// The first row's equals that are not in front of the page.
    pub(super) behind_first: u64,
    /// The last row's equals that are not behind the page.
    pub(super) before_last: u64,
}

impl Twins {
    /// Counts for a page whose rows have these values.
    pub(super) async fn count(
        session: &mut Session,
        select: &Select<'_>,
        order: &Order,
        rows: &[Vec<Option<String>>],
    ) -> Result<Self> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(Self::default());
        };
        let here = |value: &Vec<Option<String>>| rows.iter().filter(|row| *row == value).count() as u64;
        let all_of_first = total(session, select, order, first).await?;
        let all_of_last =
            if first == last { all_of_first } else { total(session, select, order, last).await? };
        Ok(Self {
            here_of_first: here(first),
            here_of_last: here(last),
            first: first.clone(),
            last: last.clone(),
            all_of_first,
            all_of_last,
            ..Self::default()
        })
    }

    /// For a page that was entered at a place, which says how many equals lie on its near side.
    pub(super) fn entered(mut self, place: Option<&Place>, is_backward: bool) -> Self {
        let skipped = |value: &[Option<String>]| {
            place.filter(|place| place.values == value).map_or(0, |place| place.skip)
        };
        if is_backward {
            // The skipped ones lie behind the page.
            self.behind_first = if self.first == self.last {
                skipped(&self.first) + self.here_of_first
            } else {
                self.here_of_first
            };
            self.before_last = self.all_of_last.saturating_sub(skipped(&self.last));
        } else {
            self.before_last = if self.first == self.last {
                skipped(&self.last) + self.here_of_last
            } else {
                self.here_of_last
            };
            self.behind_first = self.all_of_first.saturating_sub(skipped(&self.first));
        }
        self
    }
}

async fn total(
    session: &mut Session,
    select: &Select<'_>,
    order: &Order,
    values: &[Option<String>],
) -> Result<u64> {
    let rows = session.rows(&select.twins(order, values)?).await?;
    let text = rows.first().map_or(Ok(None), |row| text_at(row, 0))?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}
