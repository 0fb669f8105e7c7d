//! One column: its type, nullability, defaults, keys.

use python_static::program::{Arguments, Machine, Place, TermKind, Value};

use crate::declarative::is_call_of;
use crate::expression;
use crate::host::{Col, Sql};
use crate::schema::{Column, Computed, Number};
use crate::types::{self, Typed, library_name};

/// A column worked out.
pub(crate) struct Worked {
    pub(crate) column: Column,
    pub(crate) typed: Option<Typed>,
    pub(crate) foreign_keys: Vec<Value>,
    pub(crate) index: bool,
    pub(crate) unique: bool,
    pub(crate) problems: Vec<(Place, String)>,
}

const ITEMS: [&str; 12] = [
    "ForeignKey",
    "Identity",
    "Computed",
    "Sequence",
    "CheckConstraint",
    "UniqueConstraint",
    "FetchedValue",
    "DefaultClause",
    "ColumnDefault",
    "Constraint",
    "Index",
    "PrimaryKeyConstraint",
];

fn is_item(value: &Value) -> bool {
    is_call_of(value, &ITEMS)
}

/// The parts of a call of `Column`.
pub(crate) struct Parts {
    pub(crate) type_: Option<Value>,
    pub(crate) items: Vec<Value>,
    pub(crate) keywords: Vec<(std::rc::Rc<str>, Value)>,
    pub(crate) unknown: Option<Value>,
}

fn parts(arguments: &Arguments) -> Parts {
    let mut positional = arguments.positional.as_slice();
    if let Some((Value::Str(_) | Value::None, rest)) = positional.split_first() {
        positional = rest;
    }
    let mut found = Parts {
        type_: None,
        items: Vec::new(),
        keywords: arguments.keywords.clone(),
        unknown: arguments.unknown.clone(),
    };
    for (at, value) in positional.iter().enumerate() {
        if is_item(value) {
            found.items.push(value.clone());
        } else if at == 0 {
            if !matches!(value, Value::None) {
                found.type_ = Some(value.clone());
            }
        } else if let Value::None = value {
        } else {
            found.unknown = Some(value.clone());
        }
    }
    for name in ["type_", "type"] {
        if let Some(given) = arguments.keyword(name) {
            found.type_ = Some(given.clone());
        }
    }
    found
}

impl Parts {
    fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords.iter().find(|(known, _)| &**known == name).map(|(_, value)| value)
    }
}

/// Strips `None` from a union.
pub(crate) fn optional(value: &Value) -> (Value, bool) {
    let Some(term) = value.as_term() else { return (value.clone(), false) };
    let members: Vec<Value> = match &term.kind {
        TermKind::Operator("|", members) => members.clone(),
        TermKind::Item(of, inner) => match of
            .name()
            .as_deref()
            .map(|name| name.rsplit('.').next().unwrap_or(name).to_owned())
            .as_deref()
        {
            Some("Optional") => return (optional(inner).0, true),
            Some("Union") => inner.items().unwrap_or_else(|| vec![inner.clone()]),
            _ => return (value.clone(), false),
        },
        _ => return (value.clone(), false),
    };
    let mut kept = Vec::new();
    let mut nullable = false;
    for member in members {
        if matches!(member, Value::None) {
            nullable = true;
            continue;
        }
        let (inner, is_optional) = optional(&member);
        nullable |= is_optional;
        kept.push(inner);
    }
    if kept.len() == 1 { (kept.remove(0), nullable) } else { (value.clone(), nullable) }
}

fn item_of(value: &Value) -> Option<(String, Value)> {
    match &value.as_term()?.kind {
        TermKind::Item(of, inner) => {
            let name = of.name()?;
            Some((name.rsplit('.').next().unwrap_or(&name).to_owned(), inner.clone()))
        }
        _ => None,
    }
}

fn alias(value: &Value) -> Option<Value> {
    let (function, arguments) = value.as_call()?;
    let name = function.name()?;
    match name.rsplit('.').next() {
        Some("TypeAliasType") => arguments.get(1, "value").cloned(),
        _ => None,
    }
}

/// The type of an annotation.
fn annotated_type(
    sql: &Sql,
    machine: &mut Machine,
    annotation: &Value,
    base: Option<usize>,
    depth: usize,
) -> Option<Value> {
    if depth > 8 {
        return None;
    }
    let (map, version) = {
        let state = sql.state.borrow();
        (base.map(|base| state.bases[base].type_map.clone()).unwrap_or_default(), state.version)
    };
    if let Some((_, found)) = map.iter().find(|(key, _)| key.same(annotation)) {
        return Some(found.clone());
    }
    let place = annotation.as_term().map_or(Place::default(), |term| term.place);
    let mut named = |name: &str, arguments: Option<Arguments>| {
        let head = machine.term(TermKind::Name(format!("sqlalchemy.{name}").into()), place);
        Some(match arguments {
            Some(arguments) => machine.term(TermKind::Call(head, arguments), place),
            None => head,
        })
    };
    if let Some(inner) = alias(annotation) {
        return annotated_type(sql, machine, &inner, base, depth + 1);
    }
    if let Some((name, inner)) = item_of(annotation) {
        match name.as_str() {
            "Annotated" => {
                return annotated_type(sql, machine, inner.items()?.first()?, base, depth + 1);
            }
            "Literal" => {
                let values = inner.items().unwrap_or_else(|| vec![inner.clone()]);
                if !values.iter().all(|value| matches!(value, Value::Str(_))) {
                    return None;
                }
                return named(
                    "Enum",
                    Some(Arguments {
                        positional: values,
                        keywords: vec![("native_enum".into(), Value::Bool(false))],
                        unknown: None,
                    }),
                );
            }
            _ => return None,
        }
    }
    match annotation {
        Value::Builtin(name) => match &**name {
            "int" => named("Integer", None),
            "str" => named("String", None),
            "bool" => named("Boolean", None),
            "bytes" => named("LargeBinary", None),
            "float" => named(if version >= (2, 1) { "Double" } else { "Float" }, None),
            _ => None,
        },
        Value::Class(class) if class.is_enum.get() => {
            // An entry for a base of the enumeration would count as well.
            for parent in class.mro.borrow().iter().skip(1) {
                if map.iter().any(|(key, _)| key.same(parent)) {
                    return None;
                }
            }
            named("Enum", Some(Arguments::of(vec![annotation.clone()])))
        }
        Value::Term(term) => match &term.kind {
            TermKind::Name(name) => match &**name {
                "datetime.datetime" => named("DateTime", None),
                "datetime.date" => named("Date", None),
                "datetime.time" => named("Time", None),
                "datetime.timedelta" => named("Interval", None),
                "decimal.Decimal" => named("Numeric", None),
                "uuid.UUID" => named("Uuid", None),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// `mapped_column` calls inside an `Annotated`.
fn annotated_columns(annotation: &Value) -> Vec<Value> {
    let mut at = annotation.clone();
    for _ in 0..8 {
        if let Some(inner) = alias(&at) {
            at = inner;
        } else {
            break;
        }
    }
    match item_of(&at) {
        Some((name, inner)) if name == "Annotated" => inner
            .items()
            .unwrap_or_default()
            .into_iter()
            .skip(1)
            .filter(|value| is_call_of(value, &["mapped_column"]))
            .collect(),
        _ => Vec::new(),
    }
}

/// A foreign key's target: schema, table, key; and the table's number if it is there.
pub(crate) struct Target {
    pub(crate) schema: Option<String>,
    pub(crate) table: String,
    pub(crate) column: String,
    pub(crate) found: Option<(usize, usize)>,
}

pub(crate) fn schema_text(value: Option<&Value>) -> Option<Option<String>> {
    match value {
        None | Some(Value::None) => Some(None),
        Some(Value::Str(text)) => Some(Some(text.to_string())),
        _ => None,
    }
}

pub(crate) fn target(sql: &Sql, table: usize, own: &str, value: &Value) -> Option<Target> {
    let state = sql.state.borrow();
    let meta = state.tables[table].meta;
    if let Value::Str(text) = value {
        let mut pieces: Vec<&str> = text.split('.').collect();
        let (schema, name, column) = if pieces.len() == 1 {
            (None, pieces[0], own)
        } else {
            let column = pieces.pop()?;
            let name = pieces.pop()?;
            ((!pieces.is_empty()).then(|| pieces.join(".")), name, column)
        };
        let schema = match schema {
            Some(schema) => Some(schema),
            None => schema_text(state.metas[meta].schema.as_ref())?,
        };
        let found = state.tables.iter().position(|other| {
            other.meta == meta
                && other.name == name
                && schema_text(other.schema.as_ref()).is_some_and(|other| other == schema)
        });
        let at = found.and_then(|found| {
            state.tables[found]
                .columns
                .iter()
                .position(|known| known.key == column)
                .map(|at| (found, at))
        });
        if at.is_none()
            && found.is_some_and(|found| state.tables[found].doubts.is_empty())
            && found.is_some()
        {
            return None;
        }
        let column = at.map_or_else(
            || column.to_owned(),
            |(found, at)| state.tables[found].columns[at].name.clone(),
        );
        return Some(Target { schema, table: name.to_owned(), column, found: at });
    }
    let (found, at) = column_of(&state, table, value)?;
    let schema = schema_text(state.tables[found].schema.as_ref())?;
    Some(Target {
        schema,
        table: state.tables[found].name.clone(),
        column: state.tables[found].columns[at].name.clone(),
        found: Some((found, at)),
    })
}

/// The column that a value stands for: table and index.
pub(crate) fn column_of(
    state: &crate::host::State,
    table: usize,
    value: &Value,
) -> Option<(usize, usize)> {
    let term = value.as_term()?;
    match &term.kind {
        TermKind::Object("column", number, key) => state.tables[*number]
            .columns
            .iter()
            .position(|column| *column.key == **key)
            .map(|at| (*number, at)),
        TermKind::Call(..) => {
            let own = state.tables[table]
                .columns
                .iter()
                .position(|column| column.identity == term.id)
                .map(|at| (table, at));
            own.or_else(|| {
                let mut found = None;
                for (number, other) in state.tables.iter().enumerate() {
                    if let Some(at) =
                        other.columns.iter().position(|column| column.identity == term.id)
                    {
                        if found.is_some() {
                            return None;
                        }
                        found = Some((number, at));
                    }
                }
                found
            })
        }
        _ => None,
    }
}

/// Works a column out.
#[expect(clippy::too_many_lines, reason = "one key after the other")]
pub(crate) fn work(
    sql: &Sql,
    machine: &mut Machine,
    table: usize,
    col: &Col,
    depth: usize,
) -> Worked {
    let mut worked = Worked {
        column: Column { name: col.name.clone(), ..Column::default() },
        typed: None,
        foreign_keys: Vec::new(),
        index: false,
        unique: false,
        problems: Vec::new(),
    };
    let empty = Arguments::default();
    let arguments = col.call.as_call().map_or(&empty, |(_, arguments)| arguments);
    let kind =
        col.call.as_call().and_then(|(function, _)| library_name(function)).unwrap_or_default();
    let is_field = kind == "Field";
    let mut parts = if is_field { field_parts(arguments) } else { parts(arguments) };
    let mut annotation = col.annotation.clone().filter(|_| kind != "Column");
    let mut annotated_nullable = None;
    if let Some(given) = &annotation {
        let (inner, is_optional) = optional(given);
        annotated_nullable = Some(is_optional);
        for call in annotated_columns(&inner).iter().chain(&if is_optional {
            Vec::new()
        } else {
            annotated_columns(given)
        }) {
            let Some((_, more)) = call.as_call() else { continue };
            let more = self::parts(more);
            if parts.type_.is_none() {
                parts.type_ = more.type_;
            }
            for item in more.items {
                if !parts.items.iter().any(|known| known.same(&item))
                    && !(is_call_of(&item, &["ForeignKey"])
                        && parts.items.iter().any(|known| is_call_of(known, &["ForeignKey"])))
                {
                    parts.items.push(item);
                }
            }
            for (name, value) in more.keywords {
                if parts.keyword(&name).is_none() {
                    parts.keywords.push((name, value));
                }
            }
        }
        if let Some((name, inside)) = item_of(&inner)
            && name == "Annotated"
            && let Some(first) = inside.items().and_then(|items| items.first().cloned())
        {
            let (_, is_optional) = optional(&first);
            if is_optional {
                annotated_nullable = Some(true);
            }
        }
        let mapped_whole = col.base.is_some_and(|base| {
            sql.state.borrow().bases[base].type_map.iter().any(|(key, _)| key.same(given))
        });
        annotation = Some(if mapped_whole { given.clone() } else { inner });
    }
    let mut unknown = |worked: &mut Worked, key: &str, value: Option<&Value>, reason: &str| {
        let (place, reason) = match value {
            Some(Value::Unknown(cause)) => (cause.place, cause.reason.clone()),
            Some(Value::Term(term)) => (deepest(term), reason.to_owned()),
            _ => (col.place, reason.to_owned()),
        };
        let place = if place == Place::default() { col.place } else { place };
        worked.column.unknown.push(key.to_owned());
        worked.problems.push((place, reason));
    };
    let flag = |value: Option<&Value>| match value {
        None | Some(Value::None) => Some(None),
        Some(Value::Bool(value)) => Some(Some(*value)),
        Some(Value::Int(value)) => Some(Some(*value != 0)),
        _ => None,
    };
    if let Some(value) = parts.unknown.clone() {
        for key in
            ["type", "nullable", "server_default", "comment", "primary_key", "identity", "computed"]
        {
            unknown(&mut worked, key, Some(&value), "the arguments of the column are not known");
        }
        return worked;
    }
    match flag(parts.keyword("primary_key")) {
        Some(value) => worked.column.primary_key = value.unwrap_or(false),
        None => unknown(
            &mut worked,
            "primary_key",
            parts.keyword("primary_key"),
            "whether it is a primary key is not known",
        ),
    }
    worked.index = flag(parts.keyword("index")).flatten().unwrap_or(false);
    worked.unique = flag(parts.keyword("unique")).flatten().unwrap_or(false);
    let mut is_identity = false;
    let columns = |value: &Value| {
        let state = sql.state.borrow();
        column_of(&state, table, value)
            .map(|(table, at)| state.tables[table].columns[at].name.clone())
    };
    let mut default = parts.keyword("server_default").cloned();
    for item in parts.items.clone() {
        let Some((function, given)) = item.as_call() else { continue };
        match library_name(function).as_deref() {
            Some("ForeignKey") => worked.foreign_keys.push(item.clone()),
            Some("Identity" | "Computed" | "FetchedValue" | "DefaultClause") => {
                default = Some(item.clone())
            }
            _ => {}
        }
        let _ = given;
    }
    match &default {
        None | Some(Value::None) => {}
        Some(value) if is_call_of(value, &["Identity"]) => {
            is_identity = true;
            match identity(value) {
                Some(found) => worked.column.identity = Some(found),
                None => unknown(&mut worked, "identity", Some(value), "the identity is not known"),
            }
        }
        Some(value) if is_call_of(value, &["Computed"]) => match computed(machine, value, &columns)
        {
            Some(found) => worked.column.computed = Some(found),
            None => unknown(
                &mut worked,
                "computed",
                Some(value),
                "the computed expression is not known",
            ),
        },
        Some(value)
            if is_call_of(value, &["FetchedValue"])
                || library_name(value).is_some_and(|name| name == "FetchedValue") => {}
        Some(value) => {
            let value = match value.as_call() {
                Some((function, given))
                    if library_name(function).is_some_and(|name| name == "DefaultClause") =>
                {
                    given.positional.first().cloned().unwrap_or(Value::None)
                }
                _ => value.clone(),
            };
            match server_default(machine, &value, &columns) {
                Some(text) => worked.column.server_default = Some(text),
                None => unknown(
                    &mut worked,
                    "server_default",
                    Some(&value),
                    "the server default is not known",
                ),
            }
        }
    }
    match (parts.keyword("nullable"), flag(parts.keyword("nullable"))) {
        (Some(value), None) => {
            let value = value.clone();
            unknown(&mut worked, "nullable", Some(&value), "whether it is nullable is not known");
        }
        (Some(_), Some(Some(value))) => worked.column.nullable = Some(value),
        _ if worked.column.primary_key || is_identity => worked.column.nullable = Some(false),
        _ => worked.column.nullable = Some(annotated_nullable.unwrap_or(true)),
    }
    match parts.keyword("comment") {
        None | Some(Value::None) => {}
        Some(Value::Str(text)) => worked.column.comment = Some(text.to_string()),
        Some(value) => {
            let value = value.clone();
            unknown(&mut worked, "comment", Some(&value), "the comment is not known");
        }
    }
    let type_value = parts.type_.clone().or_else(|| {
        annotation
            .as_ref()
            .filter(|_| worked.foreign_keys.is_empty() || !matches!(kind.as_str(), "Column"))
            .and_then(|annotation| {
                let found = annotated_type(sql, machine, annotation, col.base, 0)?;
                Some(if is_field { sqlmodel_type(machine, found, &parts) } else { found })
            })
    });
    let (version, schema) = {
        let state = sql.state.borrow();
        (state.version, schema_text(state.tables[table].schema.as_ref()).flatten())
    };
    let typed = match (&type_value, worked.foreign_keys.first()) {
        // The type of a foreign key comes from its target, whatever the annotation says.
        (_, Some(key)) if parts.type_.is_none() && !is_field => {
            let key = key.clone();
            let referred = key
                .as_call()
                .and_then(|(_, given)| given.get(0, "column"))
                .and_then(|value| target(sql, table, &col.name, value));
            match referred.and_then(|target| target.found) {
                Some((other, at)) if depth < 20 => {
                    let other_col = sql.state.borrow().tables[other].columns[at].clone();
                    work(sql, machine, other, &other_col, depth + 1).typed.ok_or(key)
                }
                _ => Err(key),
            }
        }
        (Some(value), _) => types::compile(machine, value, version, schema.as_deref(), 0),
        (None, _) if annotation.is_some() => Err(annotation.clone().unwrap_or(Value::None)),
        (None, _) => types::compile(machine, &Value::None, version, None, 0),
    };
    match typed {
        Ok(typed) => {
            worked.column.type_ = Some(typed.text.clone());
            worked.typed = Some(typed);
        }
        Err(value) => {
            unknown(&mut worked, "type", Some(&value), "the type of the column is not known")
        }
    }
    worked
}

/// The place of the innermost term.
fn deepest(term: &python_static::program::Term) -> Place {
    if let TermKind::Call(_, arguments) = &term.kind {
        for value in
            arguments.positional.iter().chain(arguments.keywords.iter().map(|(_, value)| value))
        {
            match value {
                Value::Unknown(cause) => return cause.place,
                Value::Term(inner)
                    if matches!(inner.kind, TermKind::Call(..) | TermKind::Item(..))
                        && library_name(value).is_none()
                        && !value
                            .as_call()
                            .is_some_and(|(function, _)| library_name(function).is_some()) =>
                {
                    return inner.place;
                }
                _ => {}
            }
        }
    }
    term.place
}

fn identity(value: &Value) -> Option<indexmap::IndexMap<String, Number>> {
    let (_, arguments) = value.as_call()?;
    let names = [
        "always",
        "on_null",
        "start",
        "increment",
        "minvalue",
        "maxvalue",
        "nominvalue",
        "nomaxvalue",
        "cycle",
        "cache",
        "order",
    ];
    let mut found = indexmap::IndexMap::new();
    found.insert("always".to_owned(), Number::Bool(false));
    for (at, name) in names.iter().enumerate() {
        let number = match arguments.get(at, name) {
            None | Some(Value::None) => continue,
            Some(Value::Bool(value)) => Number::Bool(*value),
            Some(Value::Int(value)) => Number::Int(i64::try_from(*value).ok()?),
            _ => return None,
        };
        if !matches!(*name, "on_null" | "order") {
            found.insert((*name).to_owned(), number);
        }
    }
    Some(found)
}

fn computed(
    machine: &mut Machine,
    value: &Value,
    columns: &expression::ColumnName<'_>,
) -> Option<Computed> {
    let (_, arguments) = value.as_call()?;
    let sqltext = match arguments.get(0, "sqltext")? {
        Value::Str(text) => text.replace('%', "%%"),
        other => expression::compile(machine, &other.clone(), columns, 0)?.text,
    };
    let persisted = match arguments.get(1, "persisted") {
        None | Some(Value::None) => None,
        Some(Value::Bool(value)) => Some(*value),
        _ => return None,
    };
    Some(Computed { sqltext, persisted })
}

fn server_default(
    machine: &mut Machine,
    value: &Value,
    columns: &expression::ColumnName<'_>,
) -> Option<String> {
    match value {
        Value::Str(text) => Some(format!("'{}'", text.replace('\'', "''").replace('%', "%%"))),
        Value::Instance(instance)
            if instance.class.has_base("str") || instance.class.has_base("enum.StrEnum") =>
        {
            let value = instance.attributes.borrow().get("value").cloned()?;
            Some(format!("'{}'", value.as_str()?.replace('\'', "''")))
        }
        Value::Term(_) => Some(expression::compile(machine, value, columns, 0)?.text),
        _ => None,
    }
}

fn field_parts(arguments: &Arguments) -> Parts {
    let mut found = Parts {
        type_: arguments.keyword("sa_type").cloned(),
        items: Vec::new(),
        keywords: Vec::new(),
        unknown: arguments.unknown.clone(),
    };
    for name in ["primary_key", "nullable", "index", "unique", "max_length"] {
        if let Some(value) =
            arguments.keyword(name).filter(|value| !matches!(value, Value::Term(_)))
        {
            found.keywords.push((name.into(), value.clone()));
        }
    }
    if let Some(key) = arguments.keyword("foreign_key").filter(|key| matches!(key, Value::Str(_))) {
        let mut given = Arguments::of(vec![key.clone()]);
        if let Some(ondelete) =
            arguments.keyword("ondelete").filter(|ondelete| matches!(ondelete, Value::Str(_)))
        {
            given.keywords.push(("ondelete".into(), ondelete.clone()));
        }
        found.items.push(Value::Term(std::rc::Rc::new(python_static::program::Term {
            id: 0,
            kind: TermKind::Call(
                Value::Term(std::rc::Rc::new(python_static::program::Term {
                    id: 0,
                    kind: TermKind::Name("sqlalchemy.ForeignKey".into()),
                    place: Place::default(),
                })),
                given,
            ),
            place: Place::default(),
        })));
    }
    match arguments.keyword("sa_column_args").and_then(Value::items) {
        Some(items) => found.items.extend(items),
        None if arguments
            .keyword("sa_column_args")
            .is_some_and(|value| !matches!(value, Value::None)) =>
        {
            found.unknown = arguments.keyword("sa_column_args").cloned()
        }
        None => {}
    }
    match arguments.keyword("sa_column_kwargs").and_then(Value::pairs) {
        Some(pairs) => {
            for (key, value) in pairs {
                if let Value::Str(key) = key {
                    found.keywords.retain(|(known, _)| *known != key);
                    found.keywords.push((key, value));
                }
            }
        }
        None if arguments
            .keyword("sa_column_kwargs")
            .is_some_and(|value| !matches!(value, Value::None)) =>
        {
            found.unknown = arguments.keyword("sa_column_kwargs").cloned()
        }
        None => {}
    }
    found
}

fn sqlmodel_type(machine: &mut Machine, found: Value, parts: &Parts) -> Value {
    let name = library_name(&found);
    if name.as_deref() == Some("Double") {
        let head = machine.term(TermKind::Name("sqlalchemy.Float".into()), Place::default());
        return head;
    }
    if let (Some("String"), Some(length @ Value::Int(_))) =
        (name.as_deref(), parts.keyword("max_length"))
    {
        return machine
            .term(TermKind::Call(found, Arguments::of(vec![length.clone()])), Place::default());
    }
    found
}
