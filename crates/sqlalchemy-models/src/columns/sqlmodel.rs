//! Types of SQLModel's fields.

use python_static::program::{Arguments, Machine, Place, TermKind, Value};

use super::annotation::{alias, item_of, optional};
use super::parts::Parts;
use crate::host::Sql;

/// The version from which datetimes carry a time zone.
const AWARE: (u32, u32, u32) = (0, 0, 45);

/// The type of a field without one of its own: from its annotation, without `None`.
pub(super) fn type_of(
    sql: &Sql,
    machine: &mut Machine,
    annotation: &Value,
    parts: &Parts,
) -> Option<Value> {
    let mut plain = annotation.clone();
    let mut naive = false;
    for _ in 0..8 {
        if let Some(inner) = alias(&plain) {
            plain = inner;
        } else if let Some((name, inner)) = item_of(&plain)
            && name == "Annotated"
        {
            let items = inner.items()?;
            // Constraints of pydantic in `Annotated` may set lengths; what checks values does not.
            let harmless = |item: &Value| match item.as_call() {
                None => true,
                Some((function, _)) => function.name().is_some_and(|name| {
                    let last = name.rsplit('.').next().unwrap_or(&name);
                    last.ends_with("Validator") || last.ends_with("Serializer")
                }),
            };
            if !items.get(1..)?.iter().all(harmless) {
                return None;
            }
            plain = optional(items.first()?).0;
        } else {
            break;
        }
    }
    let mut make = |name: &str, arguments: Vec<Value>| {
        let head =
            machine.term(TermKind::Name(format!("sqlalchemy.{name}").into()), Place::default());
        Some(machine.term(TermKind::Call(head, Arguments::of(arguments)), Place::default()))
    };
    let number = |name: &str| parts.keyword(name).cloned().unwrap_or(Value::None);
    if let Value::Class(class) = &plain
        && class.is_enum.get()
    {
        return make("Enum", vec![plain.clone()]);
    }
    let mut names: Vec<String> = plain.name().map(|name| name.to_string()).into_iter().collect();
    if let Value::Class(class) = &plain {
        names = class
            .mro
            .borrow()
            .iter()
            .filter_map(|base| base.name().map(|name| name.to_string()))
            .collect();
    }
    for name in names {
        let last = name.rsplit('.').next().unwrap_or(&name);
        naive |= last == "NaiveDatetime";
        let found = match &*name {
            "str"
            | "ipaddress.IPv4Address"
            | "ipaddress.IPv4Network"
            | "ipaddress.IPv6Address"
            | "ipaddress.IPv6Network"
            | "pathlib.Path" => make("String", vec![number("max_length")]),
            "float" => make("Float", Vec::new()),
            "bool" => make("Boolean", Vec::new()),
            "int" => make("Integer", Vec::new()),
            "datetime.date" => make("Date", Vec::new()),
            "datetime.timedelta" => make("Interval", Vec::new()),
            "datetime.time" => make("Time", Vec::new()),
            "bytes" => make("LargeBinary", Vec::new()),
            "decimal.Decimal" => {
                make("Numeric", vec![number("max_digits"), number("decimal_places")])
            }
            "uuid.UUID" => make("Uuid", Vec::new()),
            "datetime.datetime" => {
                let aware = !naive && sql.state.borrow().version.sqlmodel >= AWARE;
                make("DateTime", vec![Value::Bool(aware)])
            }
            _ => match last {
                "EmailStr" => make("String", vec![number("max_length")]),
                "AwareDatetime" => {
                    let aware = sql.state.borrow().version.sqlmodel >= AWARE;
                    make("DateTime", vec![Value::Bool(aware)])
                }
                "NaiveDatetime" => make("DateTime", Vec::new()),
                _ => None,
            },
        };
        if found.is_some() {
            return found;
        }
    }
    None
}
