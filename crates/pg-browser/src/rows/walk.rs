//! Collecting rows along an order, in steps that an index can serve.
//!
//! `WHERE a > 1 OR a = 1 AND id > 7 ORDER BY a, id LIMIT 100` is what is meant, and what no index on `a` alone answers
//! fast: the server would sort every row that has the same `a` as the first, which for NULL may be half of the table. So
//! the rows are taken group by group: the rest of the first group by key, what lies wholly within the page, and the last
//! group by key again.

use sqlx::postgres::PgRow;

use super::{cursor::Place, owned_at};
use crate::{
    Result,
    connection::Session,
    sql::{Order, Select, Step},
};

/// Blocks of a table's file that are looked through at first.
const FIRST_BLOCKS: u64 = 8;

/// Rows along an order.
pub(super) struct Walk<'a> {
    pub(super) session: &'a mut Session,
    pub(super) select: &'a Select<'a>,
    pub(super) order: &'a Order,
    pub(super) rows: Vec<PgRow>,
    pub(super) wanted: u64,
}

impl Walk<'_> {
    /// As many rows as are wanted and there are, behind a place.
    pub(super) async fn run(
        mut self,
        at: Option<&Place>,
        blocks: Option<u64>,
    ) -> Result<Vec<PgRow>> {
        let values = at.map(|place| place.values.as_slice());
        if self.order.has_twins {
            let step = match at {
                Some(at) => self.select.from(self.order, &at.values, at.skip),
                None => self.select.whole(self.order, None),
            };
            self.take(step).await?;
        } else if let (true, Some(blocks)) = (self.order.is_by_place(), blocks) {
            self.by_blocks(values.and_then(|values| values[0].as_deref()), blocks).await?;
        } else if self.order.needs_groups() {
            self.by_groups(values).await?;
        } else {
            self.take(self.select.whole(self.order, values)).await?;
        }
        Ok(self.rows)
    }

    fn missing(&self) -> u64 {
        self.wanted.saturating_sub(self.rows.len() as u64)
    }

    async fn take(&mut self, step: Option<Step>) -> Result<()> {
        let (Some(step), 1..) = (step, self.missing()) else { return Ok(()) };
        let sql = self.select.statement(step, self.missing())?;
        let rows = self.session.rows(&sql).await?;
        self.rows.extend(rows);
        Ok(())
    }

    async fn by_groups(&mut self, at: Option<&[Option<String>]>) -> Result<()> {
        let first = &self.order.keys[0];
        let start = at.map(|at| (at[0].as_deref(), &at[1..]));
        if let Some((value, rest)) = start {
            self.take(self.select.group(self.order, value, Some(rest))).await?;
        }
        // The NULLs, the values, or both may lie behind us.
        let (nulls_done, values_done) = match start {
            None => (false, false),
            Some((None, _)) => (true, !first.has_nulls_first),
            Some((Some(_), _)) => (first.has_nulls_first, false),
        };
        let nulls_wanted = first.is_nullable && !nulls_done;
        let from = start.and_then(|(value, _)| value);
        if nulls_wanted && first.has_nulls_first {
            self.take(self.select.group(self.order, None, None)).await?;
        }
        if !values_done {
            self.by_values(from).await?;
        }
        if nulls_wanted && !first.has_nulls_first {
            self.take(self.select.group(self.order, None, None)).await?;
        }
        Ok(())
    }

    /// The rows whose first key is not NULL and lies behind a value.
    async fn by_values(&mut self, from: Option<&str>) -> Result<()> {
        if self.missing() == 0 {
            return Ok(());
        }
        let covers = self.order.lead.is_some_and(|lead| lead.covers);
        let boundary = if covers { None } else { self.boundary(from).await? };
        self.take(self.select.between(self.order, from, boundary.as_deref())).await?;
        if let Some(boundary) = boundary {
            self.take(self.select.group(self.order, Some(&boundary), None)).await?;
        }
        Ok(())
    }

    /// The first key of the last row that can be needed; `None` when all rows are.
    async fn boundary(&mut self, from: Option<&str>) -> Result<Option<String>> {
        let distance = self.missing() - 1;
        let Some(sql) = self.select.boundary(self.order, from, distance)? else { return Ok(None) };
        let rows = self.session.rows(&sql).await?;
        rows.first().map_or(Ok(None), |row| owned_at(row, 0))
    }

    /// Windows of the file, ever larger: the server can sort by place only what it has read.
    async fn by_blocks(&mut self, at: Option<&str>, blocks: u64) -> Result<()> {
        let is_descending = self.order.keys[0].is_descending;
        let start = at.and_then(block_of);
        let mut size = FIRST_BLOCKS;
        let mut edge = start.unwrap_or(if is_descending { blocks } else { 0 });
        let mut at = at;
        while self.missing() > 0 {
            let (from, to, is_last) = if is_descending {
                let from = edge.saturating_sub(size);
                // The block of the place itself is part of the first window.
                let to = at.is_none().then_some(edge).filter(|edge| *edge < blocks);
                (from, to, from == 0)
            } else {
                let to = edge + size;
                (edge, (to < blocks).then_some(to), to >= blocks)
            };
            let lower = (from > 0).then_some(from);
            self.take(self.select.blocks(self.order, at, lower, to)).await?;
            if is_last {
                break;
            }
            edge = if is_descending { from } else { edge + size };
            at = None;
            size = size.saturating_mul(4);
        }
        Ok(())
    }
}

/// The block in a place such as `(7,3)`.
fn block_of(ctid: &str) -> Option<u64> {
    ctid.strip_prefix('(')?.split(',').next()?.parse().ok()
}
