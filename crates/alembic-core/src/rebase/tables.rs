//! Which tables scripts touch, read from the literal names in their `op` calls.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::revision::{Lineage, RevisionIndex};
use crate::script::ScriptDirectory;

/// A table that several sides of a fork touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedTable {
    /// Its name.
    pub table: String,
    /// Of every side that touches it, the first revision that does.
    pub revisions: Vec<String>,
}

impl fmt::Display for SharedTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let revisions: Vec<_> = self.revisions.iter().map(|id| format!("`{id}`")).collect();
        let all = if revisions.len() == 2 { "both" } else { "all" };
        write!(
            f,
            "{} {all} touch table `{}`: their order may matter",
            revisions.join(" and "),
            self.table
        )
    }
}

/// The tables that more than one of the sides touches, each side without what all have in common.
pub fn shared(scripts: &ScriptDirectory, sides: &[RevisionIndex]) -> Vec<SharedTable> {
    let map = scripts.map();
    let ancestors: Vec<_> =
        sides.iter().map(|&side| map.ancestors([side], Lineage::Down)).collect();
    let mut touched: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (number, side) in ancestors.iter().enumerate() {
        let others = ancestors.iter().enumerate().filter(|(other, _)| *other != number);
        let in_all = |at: usize| others.clone().all(|(_, other)| other.contains(at));
        let mut seen = BTreeSet::new();
        for at in side.ones().filter(|&at| !in_all(at)) {
            let index = RevisionIndex::new(at);
            let Some(source) = scripts.script(index).source() else { continue };
            for table in tables(source.inner()) {
                if seen.insert(table.clone()) {
                    touched.entry(table).or_default().push(map.id(index).to_owned());
                }
            }
        }
    }
    let several = touched.into_iter().map(|(table, mut revisions)| {
        revisions.dedup();
        SharedTable { table, revisions }
    });
    several.filter(|shared| shared.revisions.len() > 1).collect()
}

/// The tables that a script names in its calls of `op`.
pub fn tables(source: &str) -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    for (at, _) in source.match_indices("op.") {
        let before = source[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.')) {
            continue;
        }
        let call = &source[at + "op.".len()..];
        let Some(open) = call.find(|c: char| !(c.is_alphanumeric() || c == '_')) else { continue };
        if let Some(arguments) = call[open..].strip_prefix('(') {
            let table = position(&call[..open]).and_then(|position| argument(arguments, position));
            tables.extend(table.filter(|name| !name.is_empty()));
        }
    }
    tables
}

/// Where an operation has its table, if it is one of a table: the first argument, but for what has a name of its own.
fn position(operation: &str) -> Option<usize> {
    let named = ["index", "constraint", "foreign_key", "primary_key"];
    let first = ["table", "column", "table_comment"];
    let is = |words: &[&str]| words.iter().any(|word| operation.ends_with(word));
    if is(&named) { Some(1) } else { is(&first).then_some(0) }
}

/// The string at a position of a call, or behind `table_name=` or `source_table=`.
fn argument(text: &str, position: usize) -> Option<String> {
    let (mut depth, mut number, mut at) = (0_usize, 0, 0);
    let mut fresh = true;
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\'' | b'"' => {
                let (value, end) = literal(text, at)?;
                if depth == 0 && fresh && number == position {
                    return Some(value);
                }
                fresh = false;
                at = end;
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return None,
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                number += 1;
                fresh = true;
                at += 1;
                continue;
            }
            b'#' => at += text[at..].find('\n').unwrap_or(text.len() - at - 1),
            b' ' | b'\n' | b'\r' | b'\t' => {
                at += 1;
                continue;
            }
            _ if depth == 0 && fresh => {
                for keyword in ["table_name=", "source_table="] {
                    let behind = text[at..].strip_prefix(keyword);
                    if behind.is_some_and(|rest| rest.starts_with(['\'', '"'])) {
                        return literal(text, at + keyword.len()).map(|(value, _)| value);
                    }
                }
                // `op.f("…")` is the name itself; anything else is no literal.
                fresh = false;
            }
            _ => {}
        }
        if !matches!(byte, b'#') {
            fresh = false;
        }
        at += 1;
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    None
}

/// A plain string literal and where it ends; what stands behind a backslash is kept as it is.
fn literal(text: &str, at: usize) -> Option<(String, usize)> {
    let quote = text[at..].chars().next()?;
    let body = &text[at + 1..];
    let mut escaped = false;
    for (offset, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some((body[..offset].to_owned(), at + 1 + offset + 1)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_where_the_operation_has_them() {
        let script = r#"
def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer()))
    op.add_column('pets', sa.Column('x'))
    op.create_index(op.f("ix_a"), "owners", ["x"], unique=False)
    op.drop_constraint("fk", table_name="visits", type_="foreignkey")
    with op.batch_alter_table(
        "bills",  # the bills
    ) as batch_op:
        batch_op.add_column("no")
    op.create_foreign_key(None, "cats", "users", ["a"], ["b"])
    op.execute(sa.text("x"))
    op.drop_table(NAME)
"#;
        let found: Vec<_> = tables(script).into_iter().collect();
        assert_eq!(found, ["bills", "cats", "owners", "pets", "users", "visits"]);
    }
}
