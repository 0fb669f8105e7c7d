//! The document, from what was found.

use std::path::Path;

use python_static::program::{Arguments, Machine, Place, Value};

use crate::columns::{self, Worked, schema_text};
use crate::declarative::is_call_of;
use crate::expression;
use crate::host::{Sql, Tab};
use crate::names::{self, Naming};
use crate::schema::{
    Check, ForeignKey, Index, MappedClass, PrimaryKey, Problem, Schema, Table, Unique,
};
use crate::types::library_name;

/// `name` or `schema.name`, where both are known.
pub(crate) fn full_name(table: &Tab) -> Option<String> {
    match schema_text(table.schema.as_ref())? {
        Some(schema) => Some(format!("{schema}.{}", table.name)),
        None => Some(table.name.clone()),
    }
}

struct Builder<'a> {
    sql: &'a Sql,
    machine: &'a mut Machine,
    schema: Schema,
    problems: Vec<(Place, String, Vec<String>)>,
}

pub(crate) fn build(sql: &Sql, machine: &mut Machine, targets: &[Value], current: &Path) -> Schema {
    let mut metas = Vec::new();
    let mut builder = Builder {
        sql,
        machine,
        schema: Schema { version: 1, ..Schema::default() },
        problems: Vec::new(),
    };
    for target in targets {
        let all = match target {
            Value::Dict(_) => {
                target.pairs().unwrap_or_default().into_iter().map(|(_, value)| value).collect()
            }
            _ => target.items().unwrap_or_else(|| vec![target.clone()]),
        };
        for one in all {
            match Sql::number(&one, "metadata") {
                Some(meta) => metas.push(meta),
                None => {
                    let (place, reason) = match &one {
                        Value::Unknown(cause) => (cause.place, cause.reason.clone()),
                        Value::Term(term) => {
                            (term.place, "`target_metadata` is not known".to_owned())
                        }
                        _ => (Place::default(), "`target_metadata` is not known".to_owned()),
                    };
                    builder.problems.push((place, reason, vec!["*".into()]));
                }
            }
        }
    }
    let count = sql.state.borrow().tables.len();
    let listeners = !sql.state.borrow().listeners.is_empty();
    for number in 0..count {
        if metas.contains(&sql.state.borrow().tables[number].meta) {
            builder.table(number, listeners);
        }
    }
    builder.classes(&metas);
    builder.finish(current)
}

impl Builder<'_> {
    fn place_of(value: &Value, or: Place) -> (Place, Option<String>) {
        match value {
            Value::Unknown(cause) => (cause.place, Some(cause.reason.clone())),
            Value::Term(term) => (term.place, None),
            _ => (or, None),
        }
    }

    #[expect(clippy::too_many_lines, reason = "the parts of a table, in order")]
    fn table(&mut self, number: usize, listeners: bool) {
        let (place, mut doubts, cols, arguments, name, schema_value, comment, meta) = {
            let state = self.sql.state.borrow();
            let table = &state.tables[number];
            (
                table.place,
                table.doubts.clone(),
                table.columns.clone(),
                table.arguments.clone(),
                table.name.clone(),
                table.schema.clone(),
                table.comment.clone(),
                table.meta,
            )
        };
        let mut table = Table { name: name.clone(), ..Table::default() };
        match schema_text(schema_value.as_ref()) {
            Some(schema) => table.schema = schema,
            None => {
                table.unknown.push("schema".into());
                if let Some(value) = &schema_value {
                    let (at, reason) = Self::place_of(value, place);
                    self.problems.push((
                        at,
                        reason.unwrap_or_else(|| "the schema of the table is not known".into()),
                        vec![format!("table:{name}")],
                    ));
                }
            }
        }
        let full = table.full_name();
        let schema_unknown = !table.unknown.is_empty();
        match &comment {
            None => {}
            Some(Value::Str(text)) => table.comment = Some(text.to_string()),
            Some(value) => {
                table.unknown.push("comment".into());
                doubts.push(value.clone());
            }
        }
        if listeners {
            doubts.push(self.machine.unknown(
                "an event listener may change the table",
                self.sql.state.borrow().listeners[0],
            ));
        }
        let mut worked: Vec<Worked> = Vec::new();
        for col in &cols {
            worked.push(columns::work(self.sql, self.machine, number, col, 0));
        }
        let (conventions, naming_unknown) = {
            let state = self.sql.state.borrow();
            (state.metas[meta].naming.clone(), state.metas[meta].naming_unknown.clone())
        };
        if let Some(value) = naming_unknown {
            doubts.push(value);
        }
        let mut lost = !doubts.is_empty();
        for item in &worked {
            for (at, reason) in &item.problems {
                self.problems.push((
                    *at,
                    reason.clone(),
                    vec![format!("column:{full}.{}", item.column.name)],
                ));
            }
            if item.column.unknown.iter().any(|key| key == "primary_key") {
                lost = true;
                doubts.push(self.machine.unknown("the primary key is not known", place));
            }
        }
        let key_name = |cols: &[crate::host::Col], key: &str| {
            cols.iter()
                .find(|col| col.key == key)
                .or_else(|| cols.iter().find(|col| col.name == key))
                .map(|col| col.name.clone())
        };
        // Primary key.
        let mut primary: Vec<String> = worked
            .iter()
            .filter(|item| item.column.primary_key)
            .map(|item| item.column.name.clone())
            .collect();
        let mut primary_name = None;
        for item in &arguments {
            if is_call_of(item, &["PrimaryKeyConstraint"])
                && let Some((_, given)) = item.as_call()
            {
                let names: Option<Vec<String>> =
                    given.positional.iter().map(|value| self.column_name(number, value)).collect();
                match names {
                    Some(names) => {
                        if !names.is_empty() {
                            primary = names;
                        }
                        for item in &mut worked {
                            if primary.contains(&item.column.name) && !item.column.primary_key {
                                item.column.primary_key = true;
                                let explicit = cols
                                    .iter()
                                    .find(|col| col.name == item.column.name)
                                    .and_then(|col| col.call.as_call())
                                    .is_some_and(|(_, arguments)| {
                                        arguments.keyword("nullable").is_some()
                                    });
                                if !explicit {
                                    item.column.nullable = Some(false);
                                }
                            }
                        }
                        primary_name = given.keyword("name").cloned();
                    }
                    None => {
                        lost = true;
                        doubts.push(item.clone());
                    }
                }
            }
        }
        let mut failed: Vec<(Place, String)> = Vec::new();
        let naming = |columns: &[String]| {
            (
                columns.to_vec(),
                columns
                    .iter()
                    .map(|name| {
                        cols.iter()
                            .find(|col| col.name == *name)
                            .map_or_else(|| name.clone(), |col| col.key.clone())
                    })
                    .collect::<Vec<_>>(),
            )
        };
        let schema_name = table.schema.clone();
        let name_for = |kind: &str,
                        given: Option<&Value>,
                        columns: &[String],
                        referred: Option<&str>,
                        referred_columns: &[String],
                        has_schema: bool| {
            let (columns, keys) = naming(columns);
            if has_schema && schema_unknown && kind == "ix" && given.is_none() {
                return Err(());
            }
            names::name(
                &conventions,
                kind,
                given,
                &Naming {
                    table: &name,
                    schema: schema_name.as_deref(),
                    columns: &columns,
                    keys: &keys,
                    referred_table: referred,
                    referred_columns,
                },
            )
        };
        if !primary.is_empty() {
            match name_for("pk", primary_name.as_ref(), &primary, None, &[], false) {
                Ok(found) => {
                    table.primary_key = Some(PrimaryKey { name: found, columns: primary.clone() })
                }
                Err(()) => {
                    table.unknown.push("primary_key".into());
                    failed.push((place, "the name of the primary key is not known".into()));
                }
            }
        }
        // Foreign keys of columns, then of the table.
        let mut keys: Vec<(Vec<String>, Vec<Value>, Arguments, Place)> = Vec::new();
        for item in &worked {
            for key in &item.foreign_keys {
                if let Some((_, given)) = key.as_call()
                    && let Some(value) = given.get(0, "column")
                {
                    keys.push((
                        vec![item.column.name.clone()],
                        vec![value.clone()],
                        given.clone(),
                        key.as_term()
                            .map_or(place, |term| if term.id == 0 { place } else { term.place }),
                    ));
                }
            }
        }
        let mut list_lost: Vec<&str> = Vec::new();
        for item in &arguments {
            let at = item.as_term().map_or(place, |term| term.place);
            let Some((function, given)) = item.as_call() else { continue };
            match library_name(function).as_deref() {
                Some("ForeignKeyConstraint") => {
                    let own: Option<Vec<String>> =
                        given.get(0, "columns").and_then(Value::items).and_then(|items| {
                            items.iter().map(|value| self.column_name(number, value)).collect()
                        });
                    let referred = given.get(1, "refcolumns").and_then(Value::items);
                    match (own, referred) {
                        (Some(own), Some(referred)) if own.len() == referred.len() => {
                            keys.push((own, referred, given.clone(), at))
                        }
                        _ => {
                            list_lost.push("foreign_keys");
                            failed.push((at, "the foreign key is not known".into()));
                        }
                    }
                }
                Some("UniqueConstraint") => {
                    let names: Option<Vec<String>> = given
                        .positional
                        .iter()
                        .map(|value| self.column_name(number, value))
                        .collect();
                    let found = names.ok_or(()).and_then(|names| {
                        Ok(Unique {
                            name: name_for("uq", given.keyword("name"), &names, None, &[], false)?,
                            columns: names,
                        })
                    });
                    match found {
                        Ok(found) if given.unknown.is_none() => {
                            table.unique_constraints.push(found)
                        }
                        _ => {
                            list_lost.push("unique_constraints");
                            failed.push((at, "the unique constraint is not known".into()));
                        }
                    }
                }
                Some("CheckConstraint") => match self.check(number, given, &name_for) {
                    Some(check) => table.check_constraints.push(check),
                    None => {
                        list_lost.push("check_constraints");
                        failed.push((at, "the check is not known".into()));
                    }
                },
                Some("Index") => match self.index(number, given, &name_for) {
                    Some(index) => table.indexes.push(index),
                    None => {
                        list_lost.push("indexes");
                        failed.push((at, "the index is not known".into()));
                    }
                },
                Some("postgresql.ExcludeConstraint") => {
                    list_lost.push("exclude_constraints");
                    failed.push((at, "the exclude constraint is not known".into()));
                }
                Some("PrimaryKeyConstraint" | "Identity" | "Sequence" | "DDL") => {}
                _ => {
                    lost = true;
                    doubts
                        .push(self.machine.unknown("what is added to the table is not known", at));
                }
            }
        }
        // Checks inside columns.
        for col in &cols {
            let Some((_, given)) = col.call.as_call() else { continue };
            for value in &given.positional {
                if is_call_of(value, &["CheckConstraint"])
                    && let Some((_, inner)) = value.as_call()
                {
                    match self.check(number, inner, &name_for) {
                        Some(check) => table.check_constraints.push(check),
                        None => {
                            list_lost.push("check_constraints");
                            failed.push((col.place, "the check is not known".into()));
                        }
                    }
                }
            }
        }
        for (own, referred, given, at) in keys {
            match self.foreign_key(number, &own, &referred, &given, &name_for) {
                Some(key) => {
                    if !table.foreign_keys.iter().any(|known| {
                        known.columns == key.columns
                            && known.referred_table == key.referred_table
                            && known.referred_columns == key.referred_columns
                            && known.referred_schema == key.referred_schema
                    }) {
                        table.foreign_keys.push(key);
                    }
                }
                None => {
                    list_lost.push("foreign_keys");
                    failed.push((at, "the target of the foreign key is not known".into()));
                }
            }
        }
        for item in &worked {
            let column = vec![item.column.name.clone()];
            if item.index {
                match name_for("ix", None, &column, None, &[], true) {
                    Ok(found) => table.indexes.push(Index {
                        name: found,
                        columns: column.clone(),
                        unique: item.unique,
                        using: None,
                        where_: None,
                    }),
                    Err(()) => {
                        list_lost.push("indexes");
                        failed.push((place, "the name of an index is not known".into()));
                    }
                }
            } else if item.unique {
                match name_for("uq", None, &column, None, &[], false) {
                    Ok(found) => table
                        .unique_constraints
                        .push(Unique { name: found, columns: column.clone() }),
                    Err(()) => {
                        list_lost.push("unique_constraints");
                        failed.push((place, "the name of a unique constraint is not known".into()));
                    }
                }
            }
            if let Some(typed) = &item.typed {
                self.schema.enums.extend(typed.enums.iter().cloned());
                if let Some((given, values)) = &typed.check {
                    let list: Vec<String> = values
                        .iter()
                        .map(|value| format!("'{}'", value.replace('\'', "''")))
                        .collect();
                    let given = given.as_ref().map(Value::str);
                    match name_for("ck", given.as_ref(), &column, None, &[], false) {
                        Ok(found) => table.check_constraints.push(Check {
                            name: found,
                            sqltext: format!(
                                "{} IN ({})",
                                crate::types::quote(&item.column.name),
                                list.join(", ")
                            ),
                        }),
                        Err(()) => list_lost.push("check_constraints"),
                    }
                }
            }
        }
        let _ = key_name;
        if lost || !list_lost.is_empty() {
            if lost {
                list_lost.extend([
                    "columns",
                    "foreign_keys",
                    "unique_constraints",
                    "check_constraints",
                    "indexes",
                    "exclude_constraints",
                ]);
                table.primary_key = None;
                list_lost.push("primary_key");
            }
            list_lost.sort_unstable();
            list_lost.dedup();
            table.unknown.extend(list_lost.into_iter().map(str::to_owned));
            table.unknown.sort_unstable();
            table.unknown.dedup();
            for (at, reason) in failed {
                self.problems.push((at, reason, vec![format!("table:{full}")]));
            }
            for value in &doubts {
                let (at, reason) = Self::place_of(value, place);
                self.problems.push((
                    if at == Place::default() { place } else { at },
                    reason.unwrap_or_else(|| "the table may hold more than is known".into()),
                    vec![format!("table:{full}")],
                ));
            }
        } else {
            for (at, reason) in failed {
                self.problems.push((at, reason, vec![format!("table:{full}")]));
            }
        }
        table.columns = worked.into_iter().map(|item| item.column).collect();
        for column in &mut table.columns {
            if column.unknown.iter().any(|key| key == "primary_key") {
                column.primary_key = false;
            }
        }
        table.foreign_keys.sort_by(|a, b| a.columns.cmp(&b.columns));
        table.unique_constraints.sort_by(|a, b| a.columns.cmp(&b.columns));
        table.check_constraints.sort_by(|a, b| (&a.name, &a.sqltext).cmp(&(&b.name, &b.sqltext)));
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        self.schema.tables.push(table);
    }

    fn column_name(&self, table: usize, value: &Value) -> Option<String> {
        let state = self.sql.state.borrow();
        match value {
            Value::Str(key) => state.tables[table]
                .columns
                .iter()
                .find(|column| *column.key == **key)
                .or_else(|| state.tables[table].columns.iter().find(|column| *column.name == **key))
                .map(|column| column.name.clone()),
            other => {
                let (found, at) = columns::column_of(&state, table, other)?;
                (found == table).then(|| state.tables[found].columns[at].name.clone())
            }
        }
    }

    fn expression(&mut self, table: usize, value: &Value) -> Option<expression::Sql> {
        let sql = self.sql;
        let columns = move |value: &Value| {
            let state = sql.state.borrow();
            match &value.as_term()?.kind {
                python_static::program::TermKind::Call(function, arguments)
                    if library_name(function).as_deref() == Some("column") =>
                {
                    arguments.positional.first()?.as_str().map(str::to_owned)
                }
                _ => {
                    let (found, at) = columns::column_of(&state, table, value)?;
                    Some(state.tables[found].columns[at].name.clone())
                }
            }
        };
        expression::compile(self.machine, value, &columns, 0)
    }

    fn check(
        &mut self,
        table: usize,
        given: &Arguments,
        name_for: &dyn Fn(
            &str,
            Option<&Value>,
            &[String],
            Option<&str>,
            &[String],
            bool,
        ) -> Result<Option<String>, ()>,
    ) -> Option<Check> {
        if given.unknown.is_some() {
            return None;
        }
        let sqltext = match given.get(0, "sqltext")? {
            Value::Str(text) => text.replace('%', "%%"),
            other => self.expression(table, &other.clone())?.text,
        };
        let given_name = given.keyword("name").or_else(|| given.positional.get(1));
        Some(Check { name: name_for("ck", given_name, &[], None, &[], false).ok()?, sqltext })
    }

    fn index(
        &mut self,
        table: usize,
        given: &Arguments,
        name_for: &dyn Fn(
            &str,
            Option<&Value>,
            &[String],
            Option<&str>,
            &[String],
            bool,
        ) -> Result<Option<String>, ()>,
    ) -> Option<Index> {
        if given.unknown.is_some() {
            return None;
        }
        let mut columns = Vec::new();
        let mut plain = Vec::new();
        for value in given.positional.iter().skip(1) {
            if let Some(name) = self.column_name(table, value) {
                plain.push(name.clone());
                columns.push(name);
                continue;
            }
            if matches!(value, Value::Str(_)) {
                return None;
            }
            let sql = self.expression(table, value)?;
            columns.push(if (2..=8).contains(&sql.level) {
                format!("({})", sql.text)
            } else {
                sql.text
            });
        }
        let unique = match given.keyword("unique") {
            None | Some(Value::None) => false,
            Some(Value::Bool(unique)) => *unique,
            _ => return None,
        };
        let using = match given.keyword("postgresql_using") {
            None | Some(Value::None) => None,
            Some(Value::Str(using)) => Some(using.to_lowercase()),
            _ => return None,
        };
        let where_ = match given.keyword("postgresql_where") {
            None | Some(Value::None) => None,
            Some(Value::Str(text)) => Some(text.to_string()),
            Some(value) => Some(self.expression(table, &value.clone())?.text),
        };
        let name = name_for(
            "ix",
            given.positional.first().or_else(|| given.keyword("name")),
            &plain,
            None,
            &[],
            true,
        )
        .ok()?;
        Some(Index { name, columns, unique, using, where_ })
    }

    fn foreign_key(
        &mut self,
        table: usize,
        own: &[String],
        referred: &[Value],
        given: &Arguments,
        name_for: &dyn Fn(
            &str,
            Option<&Value>,
            &[String],
            Option<&str>,
            &[String],
            bool,
        ) -> Result<Option<String>, ()>,
    ) -> Option<ForeignKey> {
        let mut key = ForeignKey { columns: own.to_vec(), ..ForeignKey::default() };
        for (own, value) in own.iter().zip(referred) {
            let target = columns::target(self.sql, table, own, value)?;
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
        let constraint_name = given.keyword("name").cloned();
        key.name = name_for(
            "fk",
            constraint_name.as_ref(),
            own,
            key.referred_table.as_deref(),
            &key.referred_columns,
            false,
        )
        .ok()?;
        Some(key)
    }

    fn classes(&mut self, metas: &[usize]) {
        let relationships = crate::relationships::build(self.sql, self.machine);
        let count = self.sql.state.borrow().mapped.len();
        for index in 0..count {
            let (class, table_name, in_metas, place, has_relationships, module, name, doubtful) = {
                let state = self.sql.state.borrow();
                let mapped = &state.mapped[index];
                let Some(table) = mapped.table else { continue };
                let table = &state.tables[table];
                (
                    mapped.class.id,
                    full_name(table),
                    metas.contains(&table.meta),
                    mapped.class.place,
                    !mapped.relationships.is_empty(),
                    mapped.class.module.to_string(),
                    mapped.class.name.to_string(),
                    !mapped.doubts.is_empty(),
                )
            };
            let _ = (class, has_relationships);
            if !in_metas {
                continue;
            }
            let mut found = MappedClass {
                name: name.clone(),
                module: module.clone(),
                table: table_name.clone(),
                ..MappedClass::default()
            };
            if table_name.is_none() {
                found.unknown.push("table".into());
            }
            match relationships.get(index).cloned().flatten() {
                Some(mut list) if !doubtful => {
                    list.sort_by(|a, b| a.name.cmp(&b.name));
                    found.relationships = Some(list);
                }
                _ => found.unknown.push("relationships".into()),
            }
            if !found.unknown.is_empty() {
                self.problems.push((
                    place,
                    "the relationships or the table of the class are not known".into(),
                    vec![format!("class:{module}.{name}")],
                ));
            }
            self.schema.classes.push(found);
        }
    }

    fn finish(mut self, current: &Path) -> Schema {
        let mut all = std::mem::take(&mut self.problems);
        all.extend(self.sql.state.borrow().problems.iter().cloned());
        for (place, message, affects) in all {
            let (path, line) =
                self.machine.locate(place).unwrap_or_else(|| (current.to_owned(), 1));
            let path = path.strip_prefix(current).unwrap_or(&path).to_string_lossy().into_owned();
            let problem = Problem { path, line, message, affects };
            if !self.schema.problems.contains(&problem) {
                self.schema.problems.push(problem);
            }
        }
        self.schema.problems.sort();
        self.schema.enums.sort();
        self.schema.enums.dedup();
        self.schema.tables.sort_by(|a, b| {
            (a.schema.as_deref().unwrap_or(""), &a.name)
                .cmp(&(b.schema.as_deref().unwrap_or(""), &b.name))
        });
        self.schema.classes.sort_by(|a, b| (&a.module, &a.name).cmp(&(&b.module, &b.name)));
        self.schema
    }
}
