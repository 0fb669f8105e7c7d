//! Templates of nothing but the expressions that Alembic's own consist of, rendered without a program.
//!
//! They print a name, `repr(name)`, `name | comma,n` or `name if name else "text"`. To make a program of that, to parse
//! and to evaluate it is a fifteenth of what `revision` costs. Whatever else a template says makes all of it a program.

use python_static::{Value, text};

use super::lexer::Node;
use super::program::names::arguments;
use super::variables::Variables;

/// What only `--autogenerate` passes, undefined and so falsy for all else.
const OF_AUTOGENERATE: [&str; 3] = ["imports", "upgrades", "downgrades"];

/// What the template renders to; `None` where more than this is asked for.
pub(super) fn render(nodes: &[Node], variables: &Variables) -> Option<String> {
    let mut out = String::new();
    for node in nodes {
        match node {
            Node::Text { text, .. } => out.push_str(text),
            Node::Expression { code, filters, .. } => {
                out.push_str(&printed(code.trim(), &arguments(filters), variables)?);
            }
            Node::Control { .. } | Node::End { .. } | Node::Block { .. } => return None,
        }
    }
    Some(out)
}

fn printed(code: &str, filters: &[&str], variables: &Variables) -> Option<String> {
    match filters {
        [] => {}
        ["comma", "n"] if variables.has_comma() => return joined(variables.value(code)?),
        _ => return None,
    }
    if let Some(inner) = code.strip_prefix("repr(") {
        return repr(variables.value(inner.strip_suffix(')')?)?);
    }
    let Some((name, rest)) = code.split_once(" if ") else {
        let text = || variables.text(code).map(str::to_owned);
        return variables.value(code).map_or_else(text, str_of);
    };
    let (condition, otherwise) = rest.split_once(" else ")?;
    if name != condition {
        return None;
    }
    match variables.value(name) {
        Some(value) if value.truth()? => str_of(value),
        None if !OF_AUTOGENERATE.contains(&name)
            || variables.names().iter().any(|(n, _)| n == name) =>
        {
            None
        }
        _ => literal(otherwise).map(str::to_owned),
    }
}

/// Python's `str`.
fn str_of(value: &Value) -> Option<String> {
    value.as_str().map_or_else(|| repr(value), |text| Some(text.to_owned()))
}

/// Python's `repr`, of what Alembic passes.
fn repr(value: &Value) -> Option<String> {
    let several = |items: &[Value]| {
        let items: Option<Vec<String>> = items.iter().map(repr).collect();
        items.map(|items| items.join(", "))
    };
    Some(match value {
        Value::None => "None".to_owned(),
        Value::Str(text) => text::repr(text),
        Value::Tuple(items) if items.len() == 1 => format!("({},)", several(items)?),
        Value::Tuple(items) => format!("({})", several(items)?),
        Value::List(items) => format!("[{}]", several(items)?),
        _ => return None,
    })
}

/// Alembic's filter `comma`.
fn joined(value: &Value) -> Option<String> {
    if value.is_none() {
        return Some(String::new());
    }
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let items: Option<Vec<&str>> = value.elements()?.iter().map(Value::as_str).collect();
    items.map(|items| items.join(", "))
}

/// The text of a literal without anything that stands for something else.
fn literal(code: &str) -> Option<&str> {
    let quote = code.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let text = code.strip_prefix(quote)?.strip_suffix(quote)?;
    (!text.contains(['"', '\'', '\\', '\n', '\r'])).then_some(text)
}
