//! The direction of a relationship, as SQLAlchemy's `JoinCondition` finds it.

use python_static::program::{TermKind, Value};

use super::One;
use crate::columns::{column_of, foreign_keys, target};
use crate::declarative::is_call_of;
use crate::types::library_name;

/// A column: the number of its table, and where it stands there.
type Column = (usize, usize);

/// A foreign column and the one it refers to.
type Pair = (Column, Column);

impl One<'_> {
    pub(super) fn direction(&mut self, other: usize) -> Option<&'static str> {
        let (mine, theirs) = (self.tables(self.index), self.tables(other));
        let given = match self.rel.keyword("foreign_keys").cloned() {
            None => None,
            Some(value) => Some(self.column_list(&value)?),
        };
        let foreign = match self.rel.keyword("primaryjoin").cloned() {
            Some(join) => self.foreign_of_join(&join, given.as_deref())?,
            None => self.foreign_of_keys(&mine, &theirs, given.as_deref())?,
        };
        if foreign.columns.is_empty() {
            return None;
        }
        let within =
            |tables: &[usize]| foreign.columns.iter().all(|(table, _)| tables.contains(table));
        match (within(&mine), within(&theirs)) {
            (true, false) => Some("many_to_one"),
            (false, true) => Some("one_to_many"),
            (true, true) if mine.first() == theirs.first() => {
                let mut remote = foreign.remote.clone();
                if let Some(value) = self.rel.keyword("remote_side").cloned() {
                    remote = self.column_list(&value)?;
                }
                let is_remote = remote.is_empty()
                    || foreign.columns.iter().any(|column| remote.contains(column));
                Some(if is_remote { "one_to_many" } else { "many_to_one" })
            }
            _ => None,
        }
    }

    /// The class's own table, then those of its parents.
    fn tables(&self, index: usize) -> Vec<usize> {
        let state = self.sql.state.borrow();
        let mut found = Vec::new();
        let mut at = Some(index);
        while let Some(number) = at {
            if let Some(table) = state.mapped[number].table
                && !found.contains(&table)
            {
                found.push(table);
            }
            at = state.mapped[number].parent;
        }
        found
    }

    /// Columns of an argument: one, a list, a text, a function for later.
    fn column_list(&mut self, value: &Value) -> Option<Vec<Column>> {
        let value = self.evaluated(value)?;
        let items = value.items().unwrap_or_else(|| vec![value.clone()]);
        items
            .iter()
            .map(|item| match item {
                Value::Str(_) => {
                    let item = self.evaluated(item)?;
                    self.column(&item)
                }
                _ => self.column(item),
            })
            .collect()
    }

    fn column(&self, value: &Value) -> Option<Column> {
        let state = self.sql.state.borrow();
        let own = state.mapped[self.index].table?;
        column_of(&state, own, value)
    }

    /// The foreign columns between two sets of tables: those of the class's own table first.
    fn foreign_of_keys(
        &mut self,
        mine: &[usize],
        theirs: &[usize],
        given: Option<&[Column]>,
    ) -> Option<Foreign> {
        for left in [&mine[..mine.len().min(1)], mine] {
            let mut pairs = self.keys(left, theirs)?;
            if left != theirs {
                pairs.extend(self.keys(theirs, left)?);
            }
            if let Some(given) = given {
                pairs.retain(|(column, _)| given.contains(column));
            }
            if !pairs.is_empty() {
                let columns = pairs.into_iter().map(|(column, _)| column).collect();
                return Some(Foreign { columns, remote: Vec::new() });
            }
        }
        None
    }

    /// The foreign columns of tables that refer to others. `None` when a key cannot be followed.
    fn keys(&self, from: &[usize], to: &[usize]) -> Option<Vec<Pair>> {
        let mut written: Vec<(usize, usize, Value)> = Vec::new();
        for &table in from {
            let columns = self.sql.state.borrow().tables[table].columns.clone();
            for (at, column) in columns.iter().enumerate() {
                for value in foreign_keys(self.sql, column) {
                    written.push((table, at, value));
                }
            }
            let state = self.sql.state.borrow();
            for item in &state.tables[table].arguments {
                let Some((_, given)) =
                    item.as_call().filter(|_| is_call_of(item, &["ForeignKeyConstraint"]))
                else {
                    continue;
                };
                let own = given.get(0, "columns").and_then(Value::items)?;
                let referred = given.get(1, "refcolumns").and_then(Value::items)?;
                for (own, value) in own.iter().zip(referred) {
                    let at = match own {
                        Value::Str(key) => state.tables[table]
                            .columns
                            .iter()
                            .position(|column| *column.key == **key)?,
                        other => column_of(&state, table, other)?.1,
                    };
                    written.push((table, at, value));
                }
            }
        }
        let mut pairs = Vec::new();
        for (table, at, value) in written {
            let name = self.sql.state.borrow().tables[table].columns[at].name.clone();
            let found = target(self.sql, table, &name, &value)?.found;
            pairs.extend(
                found.filter(|(other, _)| to.contains(other)).map(|other| ((table, at), other)),
            );
        }
        Some(pairs)
    }

    /// The foreign columns of a written join.
    fn foreign_of_join(&mut self, join: &Value, given: Option<&[Column]>) -> Option<Foreign> {
        let join = self.evaluated(join)?;
        let mut found = Foreign::default();
        self.walk(&join, given, &mut found, 0)?;
        Some(found)
    }

    fn walk(
        &mut self,
        value: &Value,
        given: Option<&[Column]>,
        found: &mut Foreign,
        depth: usize,
    ) -> Option<()> {
        if depth > 20 {
            return None;
        }
        let Some(term) = value.as_term() else {
            return (!matches!(value, Value::Unknown(_))).then_some(());
        };
        match &term.kind {
            TermKind::Operator("==", sides) => {
                let [left, right] = sides.as_slice() else { return Some(()) };
                self.equality(left, right, given, found)
            }
            TermKind::Operator(_, operands) => {
                for operand in operands {
                    self.walk(operand, given, found, depth + 1)?;
                }
                Some(())
            }
            TermKind::Call(function, arguments) => {
                match library_name(function).as_deref() {
                    Some("and_" | "or_" | "not_") => {
                        for argument in &arguments.positional {
                            self.walk(argument, given, found, depth + 1)?;
                        }
                    }
                    Some("foreign" | "remote") => {
                        self.marked(value, found);
                    }
                    _ => {}
                }
                Some(())
            }
            _ => Some(()),
        }
    }

    /// The column of one side, without `foreign()` and `remote()`, which are noted.
    fn marked(&mut self, value: &Value, found: &mut Foreign) -> Option<Column> {
        if let Some((function, arguments)) = value.as_call()
            && let Some(name @ ("foreign" | "remote")) = library_name(function).as_deref()
        {
            let column = self.marked(arguments.positional.first()?, found)?;
            if name == "foreign" {
                found.columns.push(column);
            } else {
                found.remote.push(column);
            }
            return Some(column);
        }
        self.column(value)
    }

    fn equality(
        &mut self,
        left: &Value,
        right: &Value,
        given: Option<&[Column]>,
        found: &mut Foreign,
    ) -> Option<()> {
        let before = found.columns.len();
        let (a, b) = (self.marked(left, found), self.marked(right, found));
        if found.columns.len() > before {
            return Some(());
        }
        let (Some(a), Some(b)) = (a, b) else { return Some(()) };
        if let Some(given) = given {
            found.columns.extend([a, b].into_iter().filter(|column| given.contains(column)));
            return Some(());
        }
        for (from, to) in [(a, b), (b, a)] {
            if self.keys(&[from.0], &[to.0])?.contains(&(from, to)) {
                found.columns.push(from);
                break;
            }
        }
        Some(())
    }
}

/// Foreign columns of a join, and those marked as remote.
#[derive(Default)]
struct Foreign {
    columns: Vec<Column>,
    remote: Vec<Column>,
}
