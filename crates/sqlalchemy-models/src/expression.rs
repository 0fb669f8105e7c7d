//! SQL expressions as the postgresql dialect writes them with literals in place.

use python_static::program::{Machine, TermKind, Value};

use crate::types::{library_name, quote};

/// Finds the name of a column that an expression mentions.
pub(crate) type ColumnName<'a> = dyn Fn(&Value) -> Option<String> + 'a;

/// An SQL text and how tightly it binds: what stands above needs brackets.
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) level: u8,
}

const ATOM: u8 = 20;

fn atom(text: impl Into<String>) -> Option<Sql> {
    Some(Sql { text: text.into(), level: ATOM })
}

/// A literal in place.
pub(crate) fn literal(value: &Value) -> Option<String> {
    Some(match value {
        Value::None => "NULL".to_owned(),
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) if value.fract() != 0.0 => value.to_string(),
        Value::Str(text) => format!("'{}'", text.replace('\'', "''").replace('%', "%%")),
        _ => return None,
    })
}

fn level_of(op: &str) -> u8 {
    match op {
        "*" | "/" | "%" => 8,
        "+" | "-" => 7,
        "||" => 6,
        "==" | "!=" | "<" | "<=" | ">" | ">=" | "IN" | "LIKE" | "IS" | "BETWEEN" => 5,
        "NOT" => 4,
        "AND" => 3,
        "OR" => 2,
        _ => 1,
    }
}

fn wrap(sql: Sql, level: u8) -> String {
    if sql.level < level { format!("({})", sql.text) } else { sql.text }
}

/// The text of an expression, if it is known in full.
pub(crate) fn compile(
    machine: &mut Machine,
    value: &Value,
    columns: &ColumnName<'_>,
    depth: usize,
) -> Option<Sql> {
    if depth > 40 {
        return None;
    }
    if let Some(name) = columns(value) {
        return atom(quote(&name));
    }
    if !matches!(value, Value::Term(_)) {
        return atom(literal(value)?);
    }
    let term = value.as_term()?;
    match &term.kind {
        TermKind::Operator(op, operands) => operator(machine, op, operands, columns, depth),
        TermKind::Call(function, arguments) => {
            if arguments.unknown.is_some() {
                return None;
            }
            if let Value::Term(head) = function
                && let TermKind::Attribute(of, method) = &head.kind
            {
                return method_call(machine, of, method, &arguments.positional, columns, depth);
            }
            if let Value::Term(head) = function
                && let TermKind::Name(full) = &head.kind
                && let Some(name) = full
                    .strip_prefix("sqlalchemy.func.")
                    .or_else(|| full.strip_prefix("sqlalchemy.sql.func."))
                    .or_else(|| full.strip_prefix("sqlmodel.func."))
                    .or_else(|| full.strip_prefix("sqlalchemy.sql.functions.func."))
                    .or_else(|| full.strip_prefix("sqlalchemy.sql.expression.func."))
            {
                if !arguments.keywords.is_empty() {
                    return None;
                }
                return function_call(machine, name, &arguments.positional, columns, depth);
            }
            construct(machine, library_name(function)?.as_str(), arguments, columns, depth)
        }
        TermKind::Attribute(..) | TermKind::Item(..) => None,
        _ => None,
    }
}

fn function_call(
    machine: &mut Machine,
    name: &str,
    arguments: &[Value],
    columns: &ColumnName<'_>,
    depth: usize,
) -> Option<Sql> {
    let lower = name.to_lowercase();
    match (lower.as_str(), arguments) {
        (
            "current_timestamp" | "current_date" | "current_time" | "localtime" | "localtimestamp"
            | "current_user" | "session_user" | "user",
            [],
        ) => return atom(lower.to_uppercase()),
        _ => {}
    }
    let mut parts = Vec::new();
    for argument in arguments {
        parts.push(compile(machine, argument, columns, depth + 1)?.text);
    }
    let known = matches!(
        lower.as_str(),
        "now" | "coalesce" | "max" | "min" | "sum" | "count" | "concat" | "char_length" | "random"
    );
    if lower == "count" && arguments.is_empty() {
        return atom("count(*)");
    }
    let shown = if known {
        lower
    } else {
        name.split('.')
            .map(|part| {
                if part.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
                    && part
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
                {
                    part.to_owned()
                } else {
                    format!("\"{part}\"")
                }
            })
            .collect::<Vec<_>>()
            .join(".")
    };
    atom(format!("{shown}({})", parts.join(", ")))
}

fn construct(
    machine: &mut Machine,
    name: &str,
    arguments: &python_static::program::Arguments,
    columns: &ColumnName<'_>,
    depth: usize,
) -> Option<Sql> {
    let args = &arguments.positional;
    match (name, args.as_slice()) {
        ("text" | "literal_column", [Value::Str(text), ..]) => {
            if text.contains(':')
                && !text.contains("::")
                && text.split('\'').step_by(2).any(|part| {
                    part.as_bytes()
                        .windows(2)
                        .any(|pair| pair[0] == b':' && pair[1].is_ascii_alphabetic())
                })
            {
                return None;
            }
            let shown = text.replace("\\:", ":").replace('%', "%%");
            Some(Sql { text: shown, level: if name == "text" { ATOM } else { ATOM } })
        }
        ("true", []) => atom("true"),
        ("false", []) => atom("false"),
        ("null", []) => atom("NULL"),
        ("literal", [value]) => atom(literal(value)?),
        ("and_" | "or_", parts) if !parts.is_empty() => {
            let word = if name == "and_" { "AND" } else { "OR" };
            let mut texts = Vec::new();
            for part in parts {
                let sql = compile(machine, part, columns, depth + 1)?;
                texts.push(
                    if sql.level <= level_of(word) && sql.level != level_of(word)
                        || sql.level < level_of(word)
                    {
                        format!("({})", sql.text)
                    } else {
                        sql.text
                    },
                );
            }
            if texts.len() == 1 {
                return Some(Sql { text: texts.remove(0), level: 5 });
            }
            Some(Sql { text: texts.join(&format!(" {word} ")), level: level_of(word) })
        }
        ("not_", [value]) => operator(machine, "~", std::slice::from_ref(value), columns, depth),
        ("cast", [value, kind]) => {
            let inner = compile(machine, value, columns, depth + 1)?;
            let typed = crate::types::compile(machine, kind, (2, 1), None, 0).ok()?;
            atom(format!("CAST({} AS {})", inner.text, typed.text))
        }
        ("desc" | "asc" | "nullslast" | "nullsfirst" | "nulls_last" | "nulls_first", [value]) => {
            method_call(machine, value, name, &[], columns, depth)
        }
        ("between", [value, low, high]) => {
            method_call(machine, value, "between", &[low.clone(), high.clone()], columns, depth)
        }
        _ => None,
    }
}

fn operator(
    machine: &mut Machine,
    op: &str,
    operands: &[Value],
    columns: &ColumnName<'_>,
    depth: usize,
) -> Option<Sql> {
    if op == "~" {
        let inner = compile(machine, operands.first()?, columns, depth + 1)?;
        return Some(Sql { text: format!("NOT {}", wrap(inner, 5)), level: 4 });
    }
    let [left, right] = operands else { return None };
    if matches!(op, "&" | "|") {
        let word = if op == "&" { "AND" } else { "OR" };
        let a = wrap(compile(machine, left, columns, depth + 1)?, level_of(word));
        let b = wrap(compile(machine, right, columns, depth + 1)?, level_of(word));
        return Some(Sql { text: format!("{a} {word} {b}"), level: level_of(word) });
    }
    if matches!(op, "==" | "!=") && matches!(right, Value::None | Value::Bool(_)) {
        let a = compile(machine, left, columns, depth + 1)?;
        let word = match (op, right) {
            ("==", Value::None) => "IS NULL",
            ("!=", Value::None) => "IS NOT NULL",
            ("==", Value::Bool(true)) => "= true",
            ("==", Value::Bool(false)) => "= false",
            ("!=", Value::Bool(true)) => "!= true",
            _ => "!= false",
        };
        return Some(Sql { text: format!("{} {word}", wrap(a, 6)), level: 5 });
    }
    // Texts and numbers are joined in other ways: the types decide.
    if op == "+" && (matches!(left, Value::Str(_)) || matches!(right, Value::Str(_))) {
        return None;
    }
    let shown = match op {
        "==" => "=",
        "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" => op,
        _ => return None,
    };
    let level = level_of(op);
    let a = wrap(compile(machine, left, columns, depth + 1)?, level);
    let b = wrap(compile(machine, right, columns, depth + 1)?, level + 1);
    Some(Sql { text: format!("{a} {shown} {b}"), level })
}

fn method_call(
    machine: &mut Machine,
    of: &Value,
    method: &str,
    arguments: &[Value],
    columns: &ColumnName<'_>,
    depth: usize,
) -> Option<Sql> {
    let a = compile(machine, of, columns, depth + 1)?;
    let suffix =
        |a: Sql, text: &str| Some(Sql { text: format!("{} {text}", wrap(a, 6)), level: 5 });
    match (method, arguments) {
        ("desc" | "asc", []) => {
            Some(Sql { text: format!("{} {}", wrap(a, 2), method.to_uppercase()), level: 1 })
        }
        ("nullslast" | "nulls_last", []) => {
            Some(Sql { text: format!("{} NULLS LAST", a.text), level: 1 })
        }
        ("nullsfirst" | "nulls_first", []) => {
            Some(Sql { text: format!("{} NULLS FIRST", a.text), level: 1 })
        }
        ("is_", [value]) => {
            let text = match value {
                Value::None | Value::Bool(_) => literal(value)?,
                other => compile(machine, other, columns, depth + 1)?.text,
            };
            suffix(a, &format!("IS {text}"))
        }
        ("is_not" | "isnot", [value]) => {
            let text = match value {
                Value::None | Value::Bool(_) => literal(value)?,
                other => compile(machine, other, columns, depth + 1)?.text,
            };
            suffix(a, &format!("IS NOT {text}"))
        }
        ("in_" | "not_in" | "notin_", [list]) => {
            let mut items = Vec::new();
            for item in list.items()? {
                items.push(literal(&item)?);
            }
            if items.is_empty() {
                return None;
            }
            if method == "in_" {
                suffix(a, &format!("IN ({})", items.join(", ")))
            } else {
                Some(Sql {
                    text: format!("({} NOT IN ({}))", wrap(a, 6), items.join(", ")),
                    level: ATOM,
                })
            }
        }
        ("like" | "ilike", [value]) => {
            let b = compile(machine, value, columns, depth + 1)?.text;
            suffix(a, &format!("{} {b}", method.to_uppercase()))
        }
        ("between", [low, high]) => {
            let low = compile(machine, low, columns, depth + 1)?;
            let high = compile(machine, high, columns, depth + 1)?;
            suffix(a, &format!("BETWEEN {} AND {}", wrap(low, 6), wrap(high, 6)))
        }
        ("cast", [kind]) => {
            let typed = crate::types::compile(machine, kind, (2, 1), None, 0).ok()?;
            atom(format!("CAST({} AS {})", a.text, typed.text))
        }
        ("self_group", _) => Some(a),
        _ => None,
    }
}
