//! Relationships: target, direction, lists.

use std::collections::HashMap;

use python_static::program::{Machine, Place, TermKind, Value};

use crate::columns::{column_of, optional, target};
use crate::document::full_name;
use crate::host::{Rel, Sql};
use crate::schema::Relationship;

/// The relationships of each mapped class, or where and why they are not known.
pub(crate) fn build(sql: &Sql, machine: &mut Machine) -> Vec<Result<Vec<Relationship>, (Place, String)>> {
    let count = sql.state.borrow().mapped.len();
    let mut all: Vec<Result<Vec<Relationship>, (Place, String)>> =
        (0..count).map(|_| Ok(Vec::new())).collect();
    let mut back: Vec<(usize, Relationship)> = Vec::new();
    let mut lost: Option<(Place, String)> = None;
    for index in 0..count {
        let rels = sql.state.borrow().mapped[index].relationships.clone();
        for rel in rels {
            match one(sql, machine, index, &rel) {
                Some((relationship, other, reverse)) => {
                    if let Ok(found) = &mut all[index] {
                        found.push(relationship);
                    }
                    back.extend(reverse.map(|reverse| (other, reverse)));
                }
                None => {
                    let why = (rel.place, format!("the relationship `{}` is not known", rel.name));
                    // A backref may stand on any class.
                    if rel.arguments.keyword("backref").is_some() || rel.arguments.unknown.is_some() {
                        lost.get_or_insert_with(|| why.clone());
                    }
                    all[index] = Err(why);
                }
            }
        }
    }
    for (other, reverse) in back {
        if let Ok(found) = &mut all[other] {
            found.push(reverse);
        }
    }
    if let Some(why) = lost {
        for found in &mut all {
            if found.is_ok() {
                *found = Err(why.clone());
            }
        }
    }
    all
}

fn one(
    sql: &Sql,
    machine: &mut Machine,
    index: usize,
    rel: &Rel,
) -> Option<(Relationship, usize, Option<Relationship>)> {
    if rel.arguments.unknown.is_some() {
        return None;
    }
    let given =
        rel.arguments.get(0, "argument").filter(|value| !matches!(value, Value::None)).cloned();
    let mut listed = None;
    let annotation = rel.annotation.as_ref().map(|annotation| optional(annotation).0);
    let mut from_annotation = None;
    if let Some(annotation) = annotation {
        let (inner, is_list) = element(&annotation);
        listed = Some(is_list);
        from_annotation = Some(inner);
    }
    let other = find_class(sql, machine, index, &given.or(from_annotation)?)?;
    let secondary =
        match rel.arguments.get(1, "secondary").or_else(|| rel.arguments.keyword("link_model")) {
            None | Some(Value::None) => None,
            Some(value) => Some(find_table(sql, machine, index, &value.clone())?),
        };
    let (mine, theirs) = (tables(sql, index), tables(sql, other));
    let direction =
        if secondary.is_some() { "many_to_many" } else { direction(sql, &mine, &theirs, rel)? };
    let uselist = match rel.arguments.keyword("uselist") {
        Some(Value::Bool(value)) => *value,
        None | Some(Value::None) => match (direction, listed) {
            ("many_to_one", _) => false,
            (_, Some(listed)) => listed,
            _ => true,
        },
        _ => return None,
    };
    let mut back_populates =
        rel.arguments.keyword("back_populates").and_then(Value::as_str).map(str::to_owned);
    let mut reverse = None;
    if let Some(backref) =
        rel.arguments.keyword("backref").filter(|value| !matches!(value, Value::None))
    {
        let (name, options) = match backref {
            Value::Str(name) => (name.to_string(), None),
            other => {
                let (_, arguments) = other.as_call()?;
                (arguments.positional.first()?.as_str()?.to_owned(), Some(arguments.clone()))
            }
        };
        let back_direction = match direction {
            "one_to_many" => "many_to_one",
            "many_to_one" => "one_to_many",
            other => other,
        };
        let uselist = match options.as_ref().and_then(|options| options.keyword("uselist")) {
            Some(Value::Bool(value)) => *value,
            _ => back_direction != "many_to_one",
        };
        back_populates = Some(name.clone());
        reverse = Some(Relationship {
            name,
            target: class_name(sql, index),
            direction: back_direction.to_owned(),
            uselist,
            secondary: secondary.clone(),
            back_populates: Some(rel.name.clone()),
        });
    }
    let found = Relationship {
        name: rel.name.clone(),
        target: class_name(sql, other),
        direction: direction.to_owned(),
        uselist,
        secondary,
        back_populates,
    };
    Some((found, other, reverse))
}

fn class_name(sql: &Sql, index: usize) -> String {
    let state = sql.state.borrow();
    let class = &state.mapped[index].class;
    format!("{}.{}", class.module, class.name)
}

/// The class inside a container.
fn element(value: &Value) -> (Value, bool) {
    if let Some(term) = value.as_term()
        && let TermKind::Item(of, inner) = &term.kind
    {
        let name = match of {
            Value::Term(term) => match &term.kind {
                TermKind::Forward(name) => Some(name.to_string()),
                _ => of.name().map(|name| name.to_string()),
            },
            _ => of.name().map(|name| name.to_string()),
        };
        let last = name
            .as_deref()
            .map(|name| name.rsplit('.').next().unwrap_or(name))
            .unwrap_or_default()
            .to_owned();
        if matches!(
            last.as_str(),
            "list"
                | "List"
                | "set"
                | "Set"
                | "Sequence"
                | "Collection"
                | "Iterable"
                | "DynamicMapped"
                | "WriteOnlyMapped"
        ) {
            return (optional(inner).0, true);
        }
        if matches!(last.as_str(), "dict" | "Dict" | "Mapping")
            && let Some(items) = inner.items()
            && let Some(value) = items.last()
        {
            return (value.clone(), true);
        }
    }
    (value.clone(), false)
}

fn tables(sql: &Sql, index: usize) -> Vec<usize> {
    let state = sql.state.borrow();
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

fn by_name(sql: &Sql, index: usize, name: &str) -> Option<usize> {
    let state = sql.state.borrow();
    let name = name.trim();
    let last = name.rsplit('.').next()?;
    let base = |class: usize| state.base_of.get(&class).map(|base| state.bases[*base].meta);
    let own = base(state.mapped[index].class.id);
    let all: Vec<usize> = state
        .mapped
        .iter()
        .enumerate()
        .filter(|(_, mapped)| {
            *mapped.class.name == *last
                && (name == last
                    || format!("{}.{}", mapped.class.module, mapped.class.name).ends_with(name))
                && base(mapped.class.id) == own
        })
        .map(|(at, _)| at)
        .collect();
    match all.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

fn find_class(sql: &Sql, machine: &mut Machine, index: usize, value: &Value) -> Option<usize> {
    match value {
        Value::Class(class) => sql.state.borrow().mapped_of.get(&class.id).copied(),
        Value::Str(name) if name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.') => {
            by_name(sql, index, name)
        }
        Value::Term(term) => match &term.kind {
            TermKind::Forward(name) => by_name(sql, index, name),
            _ => None,
        },
        Value::Function(function) => {
            let found = machine
                .call(value, python_static::program::Arguments::default(), function.place)
                .ok()?;
            if matches!(found, Value::Function(_)) {
                None
            } else {
                find_class(sql, machine, index, &found)
            }
        }
        _ => None,
    }
}

fn find_table(sql: &Sql, machine: &mut Machine, index: usize, value: &Value) -> Option<String> {
    if let Value::Function(function) = value {
        let found = machine
            .call(value, python_static::program::Arguments::default(), function.place)
            .ok()?;
        return if matches!(found, Value::Function(_)) {
            None
        } else {
            find_table(sql, machine, index, &found)
        };
    }
    let state = sql.state.borrow();
    let table = match value {
        Value::Str(name) => {
            let own = state.mapped[index].table.map(|table| state.tables[table].meta);
            state.tables.iter().position(|table| {
                own.is_none_or(|own| own == table.meta)
                    && full_name(table).is_some_and(|full| full == **name)
            })?
        }
        Value::Class(class) => state.mapped[*state.mapped_of.get(&class.id)?].table?,
        other => Sql::number(other, "table")?,
    };
    full_name(&state.tables[table])
}

fn direction(sql: &Sql, mine: &[usize], theirs: &[usize], rel: &Rel) -> Option<&'static str> {
    let joined = rel.arguments.keyword("primaryjoin").is_some();
    let forward = references(sql, mine, theirs);
    let backward = references(sql, theirs, mine);
    let remote = rel.arguments.keyword("remote_side");
    let same = mine.first() == theirs.first() || mine.iter().any(|table| theirs.contains(table));
    if same {
        if joined {
            return None;
        }
        return match remote {
            None => forward.then_some("one_to_many"),
            Some(value) => {
                let single = value
                    .items()
                    .and_then(|items| items.first().cloned())
                    .unwrap_or_else(|| value.clone());
                remote_direction(sql, mine, &single)
            }
        };
    }
    match (forward, backward) {
        (true, false) => Some("many_to_one"),
        (false, true) => Some("one_to_many"),
        (true, true) if !joined => {
            // `foreign_keys` says which.
            let keys = rel.arguments.keyword("foreign_keys")?;
            let single = keys
                .items()
                .and_then(|items| items.first().cloned())
                .unwrap_or_else(|| keys.clone());
            let state = sql.state.borrow();
            let (table, _) = column_of(&state, *mine.first()?, &single)?;
            Some(if mine.contains(&table) { "many_to_one" } else { "one_to_many" })
        }
        _ => None,
    }
}

fn remote_direction(sql: &Sql, mine: &[usize], value: &Value) -> Option<&'static str> {
    let state = sql.state.borrow();
    let table = *mine.first()?;
    let column = match value {
        Value::Str(text) => {
            let name = text.rsplit('.').next()?.trim_matches(['[', ']']).to_owned();
            state.tables[table].columns.iter().position(|column| column.key == name)?
        }
        Value::Builtin(name) if &**name == "id" => {
            state.tables[table].columns.iter().position(|column| column.key == "id")?
        }
        other => column_of(&state, table, other)?.1,
    };
    let column = &state.tables[table].columns[column];
    let has_key = column.call.as_call().is_some_and(|(_, arguments)| {
        arguments
            .positional
            .iter()
            .any(|value| crate::declarative::is_call_of(value, &["ForeignKey"]))
    });
    Some(if has_key { "one_to_many" } else { "many_to_one" })
}

/// Whether a table of `from` has a foreign key to one of `to`.
fn references(sql: &Sql, from: &[usize], to: &[usize]) -> bool {
    let mut keys: HashMap<usize, Vec<(String, Value)>> = HashMap::new();
    {
        let state = sql.state.borrow();
        for &table in from {
            let list = keys.entry(table).or_default();
            for column in &state.tables[table].columns {
                let mut calls: Vec<Value> = Vec::new();
                if let Some((_, arguments)) = column.call.as_call() {
                    calls.extend(
                        arguments
                            .positional
                            .iter()
                            .filter(|value| crate::declarative::is_call_of(value, &["ForeignKey"]))
                            .cloned(),
                    );
                    if let Some(key) = arguments.keyword("foreign_key") {
                        list.push((column.name.clone(), key.clone()));
                    }
                }
                for call in calls {
                    if let Some(value) = call
                        .as_call()
                        .and_then(|(_, arguments)| arguments.get(0, "column").cloned())
                    {
                        list.push((column.name.clone(), value));
                    }
                }
            }
            for item in &state.tables[table].arguments {
                if crate::declarative::is_call_of(item, &["ForeignKeyConstraint"])
                    && let Some((_, arguments)) = item.as_call()
                    && let Some(first) = arguments
                        .get(1, "refcolumns")
                        .and_then(Value::items)
                        .and_then(|items| items.first().cloned())
                {
                    list.push((String::new(), first));
                }
            }
        }
    }
    let mut found = false;
    for &table in from {
        for (column, value) in &keys[&table] {
            if let Some(target) = target(sql, table, column, value)
                && target.found.is_some_and(|(other, _)| to.contains(&other))
            {
                found = true;
            }
        }
    }
    found
}
