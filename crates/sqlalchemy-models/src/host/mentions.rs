//! What an expression mentions: columns, and the tables they are of.

use python_static::program::{TermKind, Value};

/// The table of a column that an expression mentions.
pub(super) fn table_in(value: &Value, depth: usize) -> Option<usize> {
    if depth > 8 {
        return None;
    }
    if let Some(items) = value.items() {
        return items.iter().find_map(|item| table_in(item, depth + 1));
    }
    match &value.as_term()?.kind {
        TermKind::Object("column", table, _) => Some(*table),
        TermKind::Attribute(of, _) | TermKind::Item(of, _) => table_in(of, depth + 1),
        TermKind::Call(function, arguments) => {
            let of = match &function.as_term()?.kind {
                TermKind::Attribute(of, _) => table_in(of, depth + 1),
                TermKind::Call(..) => table_in(function, depth + 1),
                _ => None,
            };
            of.or_else(|| arguments.positional.iter().find_map(|value| table_in(value, depth + 1)))
        }
        TermKind::Operator(_, operands) => {
            operands.iter().find_map(|value| table_in(value, depth + 1))
        }
        _ => None,
    }
}

/// Whether an expression holds a value of a kind.
pub(super) fn mentions(value: &Value, wanted: &dyn Fn(&Value) -> bool, depth: usize) -> bool {
    if depth > 8 {
        return false;
    }
    if wanted(value) {
        return true;
    }
    let inside = |value: &Value| mentions(value, wanted, depth + 1);
    match value.as_term().map(|term| &term.kind) {
        Some(TermKind::Call(function, arguments)) => {
            inside(function) || arguments.positional.iter().any(inside)
        }
        Some(TermKind::Attribute(of, _) | TermKind::Item(of, _)) => inside(of),
        Some(TermKind::Operator(_, operands)) => operands.iter().any(inside),
        _ => false,
    }
}
