//! One table: its columns and keys, then what its constraints add.

use std::collections::BTreeSet;

use python_static::program::{Machine, Place, Value};

use super::{Found, blame, unknown};
use crate::columns::{self, Worked, schema_text};
use crate::declarative::is_call_of;
use crate::host::{Col, Sql};
use crate::names::{self, Kind, Naming};
use crate::schema::{Enumeration, PrimaryKey, Table};

/// A table while it is built.
pub(super) struct Builder<'a> {
    pub(super) sql: &'a Sql,
    pub(super) machine: &'a mut Machine,
    pub(super) number: usize,
    pub(super) place: Place,
    pub(super) cols: Vec<Col>,
    pub(super) arguments: Vec<Value>,
    pub(super) worked: Vec<Worked>,
    pub(super) table: Table,
    conventions: Vec<(Value, Value)>,
    /// Lists of the table that lack something.
    lost: BTreeSet<&'static str>,
    problems: Vec<(Place, String)>,
}

const ALL: [&str; 7] = [
    "check_constraints",
    "columns",
    "exclude_constraints",
    "foreign_keys",
    "indexes",
    "primary_key",
    "unique_constraints",
];

/// Builds one table, and the enumerations that its columns use.
pub(super) fn build(
    sql: &Sql,
    machine: &mut Machine,
    number: usize,
    problems: &mut Vec<Found>,
) -> (Table, Vec<Enumeration>) {
    let mut builder = Builder::new(sql, machine, number);
    builder.surroundings();
    builder.columns(problems);
    builder.primary_key();
    builder.constraints();
    builder.finish(problems)
}

impl<'a> Builder<'a> {
    fn new(sql: &'a Sql, machine: &'a mut Machine, number: usize) -> Self {
        let state = sql.state.borrow();
        let table = &state.tables[number];
        let conventions = state.metas[table.meta].naming.clone();
        Self {
            sql,
            machine,
            number,
            place: table.place,
            cols: table.columns.clone(),
            arguments: table.arguments.clone(),
            worked: Vec::new(),
            table: Table { name: table.name.clone(), ..Table::default() },
            conventions,
            lost: BTreeSet::new(),
            problems: Vec::new(),
        }
    }

    /// Something of `list` is missing.
    pub(super) fn lose(&mut self, list: &'static str, place: Place, reason: &str) {
        self.lost.insert(list);
        let place = if place == Place::default() { self.place } else { place };
        self.problems.push((place, reason.to_owned()));
    }

    /// Anything may be missing.
    pub(super) fn lose_all(&mut self, value: &Value, reason: &str) {
        self.lost.extend(ALL);
        self.problems.push(blame(value, self.place, reason));
    }

    /// Schema, comment, and what is known not to be known.
    fn surroundings(&mut self) {
        let (schema, comment, mut doubts, naming_unknown, listener) = {
            let state = self.sql.state.borrow();
            let table = &state.tables[self.number];
            (
                table.schema.clone(),
                table.comment.clone(),
                table.doubts.clone(),
                state.metas[table.meta].naming_unknown.clone(),
                state.listeners.first().copied(),
            )
        };
        match schema_text(schema.as_ref()) {
            Some(schema) => self.table.schema = schema,
            None => {
                self.table.unknown.push("schema".into());
                let value = schema.unwrap_or(Value::None);
                self.problems.push(blame(&value, self.place, "the schema is not known"));
            }
        }
        match &comment {
            None => {}
            Some(Value::Str(text)) => self.table.comment = Some(text.to_string()),
            Some(value) => {
                self.table.unknown.push("comment".into());
                self.problems.push(blame(value, self.place, "the comment is not known"));
            }
        }
        doubts.extend(naming_unknown);
        doubts.extend(listener.map(|at| unknown("an event listener may change the table", at)));
        for doubt in doubts {
            self.lose_all(&doubt, "the table may hold more than is known");
        }
    }

    fn columns(&mut self, problems: &mut Vec<Found>) {
        let full = self.table.full_name();
        for at in 0..self.cols.len() {
            let col = self.cols[at].clone();
            let worked = columns::work(self.sql, self.machine, self.number, &col);
            for (place, reason) in &worked.problems {
                let affects = vec![format!("column:{full}.{}", worked.column.name)];
                problems.push((*place, reason.clone(), affects));
            }
            if worked.column.unknown.iter().any(|key| key == "primary_key") {
                self.lose(
                    "primary_key",
                    col.place,
                    "whether a column is a primary key is not known",
                );
            }
            for list in &worked.lost {
                self.lose(list, col.place, "the arguments of a column are not known");
            }
            self.worked.push(worked);
        }
    }

    fn primary_key(&mut self) {
        let mut primary: Vec<String> = self
            .worked
            .iter()
            .filter(|item| item.column.primary_key == Some(true))
            .map(|item| item.column.name.clone())
            .collect();
        let mut name = None;
        for item in self.arguments.clone() {
            let Some((_, given)) =
                item.as_call().filter(|_| is_call_of(&item, &["PrimaryKeyConstraint"]))
            else {
                continue;
            };
            let names: Option<Vec<String>> =
                given.positional.iter().map(|value| self.column_name(value)).collect();
            match names.filter(|_| given.unknown.is_none()) {
                Some(names) => {
                    if !names.is_empty() {
                        primary = names;
                    }
                    name = given.keyword("name").cloned();
                    self.mark_primary(&primary);
                }
                None => {
                    self.lose_all(&item, "the primary key is not known");
                    return;
                }
            }
        }
        if primary.is_empty() {
            return;
        }
        match self.name(Kind::Primary, name.as_ref(), &primary, None) {
            Ok(name) => self.table.primary_key = Some(PrimaryKey { name, columns: primary }),
            Err(()) => {
                self.lose("primary_key", self.place, "the name of the primary key is not known");
            }
        }
    }

    /// A `PrimaryKeyConstraint` makes its columns part of the key.
    fn mark_primary(&mut self, names: &[String]) {
        for item in &mut self.worked {
            if !names.contains(&item.column.name) || item.column.primary_key == Some(true) {
                continue;
            }
            item.column.primary_key = Some(true);
            let explicit = self
                .cols
                .iter()
                .find(|col| col.name == item.column.name)
                .and_then(|col| col.call.as_call())
                .is_some_and(|(_, arguments)| arguments.keyword("nullable").is_some());
            if !explicit {
                item.column.nullable = Some(false);
            }
        }
    }

    /// The name of a column that a constraint names by key or as an object.
    pub(super) fn column_name(&self, value: &Value) -> Option<String> {
        let state = self.sql.state.borrow();
        let columns = &state.tables[self.number].columns;
        if let Value::Str(key) = value {
            return columns
                .iter()
                .find(|column| *column.key == **key)
                .map(|column| column.name.clone());
        }
        let (found, at) = columns::column_of(&state, self.number, value)?;
        (found == self.number).then(|| columns[at].name.clone())
    }

    /// The name that a constraint or index has: `Err` when it is not known.
    pub(super) fn name(
        &self,
        kind: Kind,
        given: Option<&Value>,
        columns: &[String],
        referred: Option<(&str, &[String])>,
    ) -> Result<Option<String>, ()> {
        if kind == Kind::Index
            && given.is_none()
            && self.table.unknown.iter().any(|key| key == "schema")
        {
            return Err(());
        }
        let keys: Vec<String> = columns
            .iter()
            .map(|name| {
                let col = self.cols.iter().find(|col| col.name == *name);
                col.map_or_else(|| name.clone(), |col| col.key.clone())
            })
            .collect();
        names::name(
            &self.conventions,
            kind,
            given,
            &Naming {
                table: &self.table.name,
                schema: self.table.schema.as_deref(),
                columns,
                keys: &keys,
                referred_table: referred.map(|(table, _)| table),
                referred_columns: referred.map_or(&[], |(_, columns)| columns),
            },
        )
    }

    fn finish(mut self, problems: &mut Vec<Found>) -> (Table, Vec<Enumeration>) {
        let mut table = self.table;
        if self.lost.contains("primary_key") {
            table.primary_key = None;
        }
        table.unknown.extend(self.lost.iter().map(|list| (*list).to_owned()));
        table.unknown.sort_unstable();
        let affects = format!("table:{}", table.full_name());
        problems.extend(
            self.problems.drain(..).map(|(place, reason)| (place, reason, vec![affects.clone()])),
        );
        let mut enums = Vec::new();
        for mut item in self.worked {
            if item.column.unknown.iter().any(|key| key == "primary_key") {
                item.column.primary_key = None;
            }
            enums.extend(item.typed.into_iter().flat_map(|typed| typed.enums));
            table.columns.push(item.column);
        }
        table.foreign_keys.sort_by(|a, b| a.columns.cmp(&b.columns));
        table.unique_constraints.sort_by(|a, b| a.columns.cmp(&b.columns));
        for checks in [&mut table.check_constraints, &mut table.exclude_constraints] {
            checks.sort_by(|a, b| (&a.name, &a.sqltext).cmp(&(&b.name, &b.sqltext)));
        }
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        (table, enums)
    }
}
