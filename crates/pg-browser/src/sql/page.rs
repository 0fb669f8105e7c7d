//! The statements of a page.

use std::fmt::Write as _;

use super::{
    Conditions, Order, Sql,
    filter::Values,
    order::{OrderKey, after, same},
    table_name,
};
use crate::{Result, catalog::Table};

/// Which rows of a table are wanted, and what of them.
#[derive(Debug, Clone)]
pub(crate) struct Select<'a> {
    table: &'a Table,
    conditions: Conditions,
    items: Vec<String>,
}

/// A part of a table that one statement reads, in its order.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    conditions: Conditions,
    order: Vec<String>,
    skip: u64,
}

impl<'a> Select<'a> {
    pub(crate) fn new(table: &'a Table, conditions: Conditions) -> Self {
        Self { table, conditions, items: Vec::new() }
    }

    /// Adds an expression of text; where it stands in the rows.
    pub(crate) fn item(&mut self, expression: String) -> usize {
        if let Some(at) = self.items.iter().position(|item| *item == expression) {
            return at;
        }
        self.items.push(expression);
        self.items.len() - 1
    }

    /// All rows, or those behind a place.
    pub(crate) fn whole(&self, order: &Order, at: Option<&[Option<String>]>) -> Option<Step> {
        self.step(&order.keys, |values| match at {
            Some(at) => after(&order.keys, at, values).map(Some),
            None => Some(None),
        })
    }

    /// The rows at and behind a place, but for the first so many.
    pub(crate) fn from(&self, order: &Order, at: &[Option<String>], skip: u64) -> Option<Step> {
        let step = self.step(&order.keys, |values| {
            let same = same(&order.keys, at, values);
            let after = after(&order.keys, at, values);
            Some(Some(after.map_or_else(|| same.clone(), |after| format!("({after} OR {same})"))))
        });
        step.map(|step| Step { skip, ..step })
    }

    /// The rows whose first key has one value, behind a place among them.
    pub(crate) fn group(
        &self,
        order: &Order,
        value: Option<&str>,
        at: Option<&[Option<String>]>,
    ) -> Option<Step> {
        let (first, rest) = order.keys.split_first()?;
        self.step(rest, |values| {
            let group = first.same(value, values);
            match at {
                Some(at) => {
                    after(rest, at, values).map(|after| Some(format!("{group} AND {after}")))
                }
                None => Some(Some(group)),
            }
        })
    }

    /// The rows whose first key has a value between two, both excluded.
    pub(crate) fn between(
        &self,
        order: &Order,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Option<Step> {
        let first = order.keys.first()?;
        let step = self.step(&order.keys, |values| Some(between(first, from, to, values)))?;
        Some(Step { order: lead_first(order), ..step })
    }

    /// The text of the first key of the row so many rows behind a value, in the order of the first key alone.
    pub(crate) fn boundary(
        &self,
        order: &Order,
        from: Option<&str>,
        distance: u64,
    ) -> Result<Option<Sql>> {
        let Some(first) = order.keys.first() else { return Ok(None) };
        let mut conditions = self.conditions.clone();
        if let Some(part) = between(first, from, None, conditions.values_mut()) {
            conditions.and(|_| part);
        }
        let text = format!(
            "SELECT {} FROM {} t{} ORDER BY {} OFFSET {distance} LIMIT 1",
            first.text,
            table_name(&self.table.name),
            conditions.clause(),
            lead_first(order)[0],
        );
        Ok(Some(Sql::new(text, conditions.into_values())?.kept()))
    }

    /// The rows between two blocks of the table's file, behind a place.
    pub(crate) fn blocks(
        &self,
        order: &Order,
        at: Option<&str>,
        from: Option<u64>,
        to: Option<u64>,
    ) -> Option<Step> {
        let key = order.keys.first()?;
        self.step(&order.keys, |values| {
            let mut parts = Vec::new();
            parts.extend(at.map(|at| key.beyond(at, values)));
            parts.extend(from.map(|block| format!("t.ctid >= '({block},0)'::tid")));
            parts.extend(to.map(|block| format!("t.ctid < '({block},0)'::tid")));
            Some((!parts.is_empty()).then(|| parts.join(" AND ")))
        })
    }

    /// The number of rows with exactly these values.
    pub(crate) fn twins(&self, order: &Order, at: &[Option<String>]) -> Result<Sql> {
        let mut conditions = self.conditions.clone();
        conditions.and(|values| same(&order.keys, at, values));
        let from = table_name(&self.table.name);
        let text = format!("SELECT count(*)::text FROM {from} t{}", conditions.clause());
        Sql::new(text, conditions.into_values())
    }

    /// The statement of a step.
    pub(crate) fn statement(&self, step: Step, limit: u64) -> Result<Sql> {
        Ok(self.text(step, Some(limit))?.kept())
    }

    /// The statement of all rows of a step.
    pub(crate) fn unlimited(&self, step: Step) -> Result<Sql> {
        self.text(step, None)
    }

    fn text(&self, step: Step, limit: Option<u64>) -> Result<Sql> {
        let from = table_name(&self.table.name);
        let mut text =
            format!("SELECT {} FROM {from} t{}", self.items.join(", "), step.conditions.clause());
        if !step.order.is_empty() {
            let _ = write!(text, " ORDER BY {}", step.order.join(", "));
        }
        if step.skip > 0 {
            let _ = write!(text, " OFFSET {}", step.skip);
        }
        if let Some(limit) = limit {
            let _ = write!(text, " LIMIT {limit}");
        }
        Sql::new(text, step.conditions.into_values())
    }

    /// With a condition; `None` when it can never hold.
    fn step(
        &self,
        keys: &[OrderKey],
        condition: impl FnOnce(&mut Values) -> Option<Option<String>>,
    ) -> Option<Step> {
        let mut conditions = self.conditions.clone();
        if let Some(part) = condition(conditions.values_mut())? {
            conditions.and(|_| part);
        }
        Some(Step { conditions, order: keys.iter().map(OrderKey::clause).collect(), skip: 0 })
    }
}

fn between(
    key: &OrderKey,
    from: Option<&str>,
    to: Option<&str>,
    values: &mut Values,
) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(from.map(|from| key.beyond(from, values)));
    parts.extend(to.map(|to| key.before(to, values)));
    if parts.is_empty() && key.is_nullable {
        parts.push(key.is_not_null());
    }
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

/// The order, with the first key's NULLs where its index has them: there are none among the rows.
fn lead_first(order: &Order) -> Vec<String> {
    let nulls_first = order.lead.map(|lead| lead.has_nulls_first);
    let clause = |(at, key): (usize, &OrderKey)| match nulls_first {
        Some(nulls_first) if at == 0 => key.clause_with(nulls_first),
        _ => key.clause(),
    };
    order.keys.iter().enumerate().map(clause).collect()
}
