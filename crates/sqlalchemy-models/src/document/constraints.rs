//! Unique, check and foreign key constraints.

use python_static::program::{Arguments, Place, Value};

use super::table::Builder;
use crate::columns;
use crate::names::Kind;
use crate::schema::{Check, ForeignKey, Unique};
use crate::types::library_name;

impl Builder<'_> {
    /// Everything that stands in the table or its columns beside the columns themselves.
    pub(super) fn constraints(&mut self) {
        for item in self.arguments.clone() {
            let at = item.as_term().map_or(self.place, |term| term.place);
            let Some((function, given)) = item.as_call() else { continue };
            let kind = library_name(function).unwrap_or_default();
            self.constraint(&kind, &item, given, at);
        }
        self.of_columns();
    }

    fn constraint(&mut self, kind: &str, item: &Value, given: &Arguments, at: Place) {
        match kind {
            "ForeignKeyConstraint" => self.foreign_key_constraint(given, at),
            "UniqueConstraint" => self.unique_constraint(given, at),
            "CheckConstraint" => self.check_constraint(given, at),
            "Index" => self.index_of(given, at),
            "postgresql.ExcludeConstraint" => self.exclude_constraint(given, at),
            "PrimaryKeyConstraint" | "Identity" | "Sequence" | "DDL" => {}
            _ => self.lose_all(item, "what is added to the table is not known"),
        }
    }

    /// Keys, checks, indexes and unique constraints that columns carry.
    fn of_columns(&mut self) {
        for at in 0..self.worked.len() {
            let item = &self.worked[at];
            let (name, place) = (item.column.name.clone(), self.cols[at].place);
            let (keys, checks) = (item.foreign_keys.clone(), item.checks.clone());
            let (index, unique) = (item.index, item.unique);
            let type_check = item.typed.as_ref().and_then(|typed| typed.check.clone());
            for key in keys {
                let at = key.as_term().map_or(place, |term| term.place);
                if let Some((_, given)) = key.as_call()
                    && let Some(value) = given.get(0, "column")
                {
                    self.foreign_key(
                        std::slice::from_ref(&name),
                        std::slice::from_ref(value),
                        given,
                        at,
                    );
                }
            }
            for check in checks {
                if let Some((_, given)) = check.as_call() {
                    self.check_constraint(given, place);
                }
            }
            if index {
                self.column_index(&name, unique, place);
            } else if unique {
                self.column_unique(&name, place);
            }
            if let Some((given, values)) = type_check {
                self.enumeration_check(&name, given.as_deref(), &values, place);
            }
        }
    }

    fn column_unique(&mut self, column: &str, place: Place) {
        let columns = vec![column.to_owned()];
        match self.name(Kind::Unique, None, &columns, None) {
            Ok(name) => self.table.unique_constraints.push(Unique { name, columns }),
            Err(()) => {
                self.lose(
                    "unique_constraints",
                    place,
                    "the name of a unique constraint is not known",
                );
            }
        }
    }

    fn unique_constraint(&mut self, given: &Arguments, at: Place) {
        let columns: Option<Vec<String>> =
            given.positional.iter().map(|value| self.column_name(value)).collect();
        let found = columns.filter(|_| given.unknown.is_none()).and_then(|columns| {
            let name = self.name(Kind::Unique, given.keyword("name"), &columns, None).ok()?;
            Some(Unique { name, columns })
        });
        match found {
            // Without columns there is nothing to create.
            Some(found) if found.columns.is_empty() => {}
            Some(found) => self.table.unique_constraints.push(found),
            None => self.lose("unique_constraints", at, "the unique constraint is not known"),
        }
    }

    fn check_constraint(&mut self, given: &Arguments, at: Place) {
        match self.check(given) {
            Some(check) => self.table.check_constraints.push(check),
            None => self.lose("check_constraints", at, "the check is not known"),
        }
    }

    fn check(&mut self, given: &Arguments) -> Option<Check> {
        if given.unknown.is_some() {
            return None;
        }
        let sqltext = match given.get(0, "sqltext")? {
            Value::Str(text) => text.replace('%', "%%"),
            other => self.sql.expression(self.machine, self.number, other)?.text,
        };
        let name = self.name(Kind::Check, given.get(1, "name"), &[], None).ok()?;
        Some(Check { name, sqltext })
    }

    /// The check of an `Enum` that is no type of the database; without a name no convention names it.
    fn enumeration_check(
        &mut self,
        column: &str,
        given: Option<&str>,
        values: &[String],
        place: Place,
    ) {
        let list: Vec<String> =
            values.iter().map(|value| crate::expression::quoted(value)).collect();
        let sqltext = format!("{} IN ({})", crate::types::quote(column), list.join(", "));
        let name = match given {
            None => Ok(None),
            Some(given) => self.name(Kind::Check, Some(&Value::str(given)), &[], None),
        };
        match name {
            Ok(name) => self.table.check_constraints.push(Check { name, sqltext }),
            Err(()) => self.lose("check_constraints", place, "the name of a check is not known"),
        }
    }

    fn foreign_key_constraint(&mut self, given: &Arguments, at: Place) {
        let own: Option<Vec<String>> = given
            .get(0, "columns")
            .and_then(Value::items)
            .and_then(|items| items.iter().map(|value| self.column_name(value)).collect());
        let referred = given.get(1, "refcolumns").and_then(Value::items);
        match (own, referred) {
            (Some(own), Some(referred)) if own.len() == referred.len() => {
                self.foreign_key(&own, &referred, given, at);
            }
            _ => self.lose("foreign_keys", at, "the foreign key is not known"),
        }
    }

    fn foreign_key(&mut self, own: &[String], referred: &[Value], given: &Arguments, at: Place) {
        match self.key(own, referred, given) {
            Some(key) => self.table.foreign_keys.push(key),
            None => self.lose("foreign_keys", at, "the target of the foreign key is not known"),
        }
    }

    fn key(&mut self, own: &[String], referred: &[Value], given: &Arguments) -> Option<ForeignKey> {
        if given.unknown.is_some() {
            return None;
        }
        let mut key = ForeignKey { columns: own.to_vec(), ..ForeignKey::default() };
        for (own, value) in own.iter().zip(referred) {
            let target = columns::target(self.sql, self.number, own, value)?;
            key.referred_schema = target.schema;
            key.referred_table = Some(target.table);
            key.referred_columns.push(target.column);
        }
        let text = |name: &str| match given.keyword(name) {
            None | Some(Value::None) => Some(None),
            Some(Value::Str(text)) => Some(Some(text.to_string())),
            _ => None,
        };
        key.ondelete = text("ondelete")?;
        key.onupdate = text("onupdate")?;
        key.initially = text("initially")?;
        key.deferrable = match given.keyword("deferrable") {
            None | Some(Value::None) => None,
            Some(Value::Bool(value)) => Some(*value),
            _ => return None,
        };
        let referred = (key.referred_table.as_deref()?, key.referred_columns.as_slice());
        // Beside its two lists a constraint may have its name as the third argument.
        let name = given.keyword("name").or_else(|| given.positional.get(2));
        key.name = self.name(Kind::Foreign, name, own, Some(referred)).ok()?;
        Some(key)
    }
}
