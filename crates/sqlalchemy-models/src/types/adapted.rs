//! What `dialect.type_descriptor()` makes of a type.

use super::Typed;

/// SQLAlchemy's default driver has types of its own for strings and numbers, which lose the finer kind of a type.
/// 2.1 made psycopg the default, whose strings are all `VARCHAR`.
pub(super) fn adapted(typed: Typed, version: (u32, u32)) -> Option<Typed> {
    if !typed.enums.is_empty() || typed.check.is_some() {
        return Some(typed);
    }
    let text = &typed.text;
    let end = text.find(['(', ' ']).unwrap_or(text.len());
    let (head, rest) = text.split_at(end);
    let changed = match head {
        "DECIMAL" => format!("NUMERIC{rest}"),
        "TEXT" | "CHAR" | "NCHAR" | "NVARCHAR" | "CLOB" if version >= (2, 1) => {
            format!("VARCHAR{rest}")
        }
        "DOUBLE" | "REAL" => return None,
        "TIMESTAMP" | "TIME" if rest.starts_with('(') => return None,
        _ => return Some(typed),
    };
    Some(Typed::plain(changed))
}
