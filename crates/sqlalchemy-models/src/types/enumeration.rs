//! Enumerations: names, schemas, values, and those that are no type of the database.

use python_static::program::{Arguments, Machine, Value};

use super::{Context, Typed, flag, int, quote};
use crate::columns::schema_text;
use crate::host::Sql;
use crate::schema::Enumeration;

/// Names that PostgreSQL has itself; SQLAlchemy 2.1 refuses an enumeration of such a name without a schema.
const BUILT_IN: [&str; 41] = [
    "hstore",
    "json",
    "jsonb",
    "int4range",
    "int8range",
    "numrange",
    "daterange",
    "tsrange",
    "tstzrange",
    "int4multirange",
    "int8multirange",
    "nummultirange",
    "datemultirange",
    "tsmultirange",
    "tstzmultirange",
    "integer",
    "bigint",
    "smallint",
    "character",
    "name",
    "text",
    "numeric",
    "float",
    "real",
    "inet",
    "cidr",
    "citext",
    "uuid",
    "bit",
    "macaddr",
    "macaddr8",
    "money",
    "oid",
    "regclass",
    "timestamp",
    "date",
    "time",
    "bytea",
    "boolean",
    "interval",
    "tsvector",
];

/// An `Enum`, or what PostgreSQL calls so.
pub(super) fn compile(
    machine: &mut Machine,
    arguments: &Arguments,
    context: Context<'_>,
) -> Option<Typed> {
    let (values, class) = values(machine, arguments, context)?;
    let name = match arguments.keyword("name") {
        None => class,
        Some(Value::None) => None,
        Some(Value::Str(name)) => Some(name.to_string()),
        Some(_) => return None,
    };
    if !flag(arguments.keyword("native_enum"), true)? {
        let longest = values.iter().map(|value| value.chars().count()).max().unwrap_or(0);
        let length = match arguments.keyword("length") {
            None => i128::try_from(longest).ok(),
            given => int(given)?,
        };
        let text = match length {
            None | Some(0) => "VARCHAR".to_owned(),
            Some(length) => format!("VARCHAR({length})"),
        };
        let check =
            flag(arguments.keyword("create_constraint"), false)?.then(|| (name, values.clone()));
        return Some(Typed { text, check, values: Some(values), ..Typed::default() });
    }
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Some(Typed { values: Some(values), ..Typed::plain("ENUM") });
    };
    let (text, schema) = named(&name, arguments, context)?;
    let enums = vec![Enumeration { name, schema, values: values.clone() }];
    Some(Typed { text, enums, values: Some(values), ..Typed::default() })
}

/// The text of a named type, and its schema.
pub(super) fn named(
    name: &str,
    arguments: &Arguments,
    context: Context<'_>,
) -> Option<(String, Option<String>)> {
    let schema = schema(arguments, context)?;
    if schema.is_none() && context.version() >= (2, 1) && BUILT_IN.contains(&name) {
        return Some(("ENUM".into(), None));
    }
    if !matches!(arguments.keyword("quote"), None | Some(Value::None)) {
        return None;
    }
    let text = schema
        .as_ref()
        .map_or_else(|| quote(name), |schema| format!("{}.{}", quote(schema), quote(name)));
    Some((text, schema))
}

/// Its own schema, else that of its metadata or, from 2.1 on, of its table's metadata.
fn schema(arguments: &Arguments, context: Context<'_>) -> Option<Option<String>> {
    let given = arguments.keyword("schema");
    let state = context.sql.state.borrow();
    if flag(arguments.keyword("inherit_schema"), false)? {
        let table = &state.tables[context.table?];
        return schema_text(table.schema.as_ref());
    }
    match given {
        None => {}
        Some(Value::None) if context.version() < (2, 1) => {}
        given => return schema_text(given),
    }
    if context.copied && arguments.keyword("metadata").is_none() {
        return Some(None);
    }
    let meta = match arguments.keyword("metadata") {
        None | Some(Value::None) if context.version() < (2, 1) => return Some(None),
        None | Some(Value::None) => context.table.map(|table| state.tables[table].meta)?,
        Some(meta) => Sql::number(meta, "metadata")?,
    };
    schema_text(state.metas[meta].schema.as_ref())
}

/// The values, and the name that the enumeration's class gives.
fn values(
    machine: &mut Machine,
    arguments: &Arguments,
    context: Context<'_>,
) -> Option<(Vec<String>, Option<String>)> {
    let texts = |items: Vec<Value>| -> Option<Vec<String>> {
        items.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let given = arguments.get(0, "enums").filter(|_| arguments.positional.len() < 2);
    match given {
        Some(Value::Class(class)) if class.is_enum.get() => {
            let name = class.name.to_lowercase();
            let callable = arguments.keyword("values_callable");
            let values = match callable {
                None | Some(Value::None) => {
                    let omit = context.version() >= (2, 0);
                    let names: Vec<String> = if flag(arguments.keyword("omit_aliases"), omit)? {
                        machine.members(class).iter().map(|(name, _)| name.to_string()).collect()
                    } else {
                        machine.member_names(class).iter().map(ToString::to_string).collect()
                    };
                    names
                }
                Some(function) => {
                    let all = Arguments::of(vec![Value::Class(std::rc::Rc::clone(class))]);
                    let list = machine.call(function, all, class.place).ok()?;
                    let mut values = Vec::new();
                    for item in list.items()? {
                        values.push(text_of(&item)?);
                    }
                    values
                }
            };
            Some((values, Some(name).filter(|_| !class.dict.borrow().is_empty())))
        }
        Some(Value::Str(one)) => Some((vec![one.to_string()], None)),
        Some(one @ (Value::List(_) | Value::Tuple(_))) => Some((texts(one.items()?)?, None)),
        Some(_) => None,
        None => {
            Some((arguments.positional.iter().map(text_of).collect::<Option<Vec<String>>>()?, None))
        }
    }
}

/// A string, or a member of an enumeration that is one.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.to_string()),
        Value::Instance(instance)
            if instance.class.has_base("str") || instance.class.has_base("enum.StrEnum") =>
        {
            instance.attributes.borrow().get("value")?.as_str().map(str::to_owned)
        }
        _ => None,
    }
}
