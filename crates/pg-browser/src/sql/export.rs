//! The statements of exports.

use std::collections::HashSet;

use super::{Select, full_text, inlined, order::Order, quoted, reference, table_name};
use crate::{
    Error, ExportFormat, Identity, Result, TableName,
    catalog::{Column, Table},
    sql::Sql,
};

/// How long a name may be: NAMEDATALEN without its last byte.
const NAME_BYTES: usize = 63;

/// How COPY writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CopyKind {
    Csv { header: bool },
    Text,
}

/// What a line of a format is, in SQL.
#[derive(Debug, Clone)]
pub(crate) struct Lines;

impl Lines {
    /// The columns of a table as its rows have them, or one line for each row.
    pub(crate) fn of_table(
        table: &Table,
        columns: &[&Column],
        format: &ExportFormat,
    ) -> Result<Vec<String>> {
        Ok(match format {
            ExportFormat::Csv { .. } => columns.iter().map(|column| reference(column)).collect(),
            ExportFormat::JsonLines => vec![json(columns)],
            ExportFormat::SqlInsert { into } => vec![insert(table, columns, into)?],
        })
    }

    /// The statement that copies a table.
    pub(crate) fn copy_table(
        select: &Select<'_>,
        order: &Order,
        format: &ExportFormat,
    ) -> Result<Sql> {
        let step = select
            .whole(order, None)
            .ok_or_else(|| Error::Protocol { reason: "no order".to_owned() })?;
        copy(&inlined(&select.unlimited(step)?)?, format)
    }

    /// The statement that copies a query's result, whose columns have these names.
    pub(crate) fn copy_query(sql: &str, names: &[String], format: &ExportFormat) -> Result<Sql> {
        let aliases: Vec<String> =
            (1..=names.len()).map(|number| quoted(&format!("c{number}"))).collect();
        // The line's end closes a comment.
        let from = format!("(\n{sql}\n)");
        match format {
            ExportFormat::Csv { .. } => copy(&format!("SELECT * FROM {from} q"), format),
            ExportFormat::JsonLines => {
                let keys: Vec<String> = distinct(names).iter().map(|key| quoted(key)).collect();
                // A query may have no columns at all.
                let keys =
                    if keys.is_empty() { String::new() } else { format!(" ({})", keys.join(", ")) };
                copy(&format!("SELECT row_to_json(q)::text FROM {from} q{keys}"), format)
            }
            ExportFormat::SqlInsert { into } => {
                let list: Vec<String> = names.iter().map(|name| quoted(name)).collect();
                let values: Vec<String> = aliases
                    .iter()
                    .map(|alias| {
                        format!("CASE num_nulls(q.{alias}) WHEN 0 THEN quote_literal(concat(q.{alias})) ELSE 'NULL' END")
                    })
                    .collect();
                let line = line(into, &list, "", &values);
                copy(&format!("SELECT {line} FROM {from} q ({})", aliases.join(", ")), format)
            }
        }
    }
}

/// The names as keys of one object: `a`, `a_2`, … where columns are called alike.
fn distinct(names: &[String]) -> Vec<String> {
    let own: HashSet<&String> = names.iter().collect();
    let mut taken: HashSet<String> = HashSet::new();
    let key = |name: &String| {
        let numbered = (2..).map(|number| suffixed(name, &format!("_{number}")));
        let mut candidates = std::iter::once(name.clone()).chain(numbered);
        // A number must not take the name that another column has by itself.
        let is_free = |key: &String| (key == name || !own.contains(key)) && !taken.contains(key);
        let key = candidates.find(is_free)?;
        taken.insert(key.clone());
        Some(key)
    };
    names.iter().filter_map(key).collect()
}

/// The name with a suffix, no longer than the server takes.
fn suffixed(name: &str, suffix: &str) -> String {
    let stem = name.floor_char_boundary(NAME_BYTES - suffix.len());
    format!("{}{suffix}", &name[..stem])
}

fn copy(select: &str, format: &ExportFormat) -> Result<Sql> {
    let options = match CopyKind::of(format) {
        CopyKind::Csv { header: true } => "FORMAT csv, HEADER",
        CopyKind::Csv { header: false } => "FORMAT csv",
        CopyKind::Text => "FORMAT text",
    };
    Sql::new(format!("COPY ({select}) TO STDOUT WITH ({options}, ENCODING 'UTF8')"), Vec::new())
}

impl CopyKind {
    pub(crate) fn of(format: &ExportFormat) -> Self {
        match format {
            ExportFormat::Csv { header } => Self::Csv { header: *header },
            ExportFormat::JsonLines | ExportFormat::SqlInsert { .. } => Self::Text,
        }
    }
}

fn json(columns: &[&Column]) -> String {
    let list: Vec<String> = columns.iter().map(|column| reference(column)).collect();
    format!("(SELECT row_to_json(x)::text FROM (SELECT {}) x)", list.join(", "))
}

/// Columns that are computed are left out: INSERT takes no values for them.
fn insert(table: &Table, columns: &[&Column], into: &TableName) -> Result<String> {
    let stored: Vec<&&Column> =
        columns.iter().filter(|column| column.generated.is_none()).collect();
    if stored.is_empty() {
        let reason = format!("`{}` has no column that an INSERT takes", table.name);
        return Err(Error::InvalidRequest { reason });
    }
    let names: Vec<String> = stored.iter().map(|column| quoted(&column.name)).collect();
    let value =
        |column: &&&Column| format!("quote_nullable({})", full_text(&reference(column), column));
    let values: Vec<String> = stored.iter().map(value).collect();
    let is_numbered = stored.iter().any(|column| column.identity == Some(Identity::Always));
    let overriding = if is_numbered { " OVERRIDING SYSTEM VALUE" } else { "" };
    Ok(line(into, &names, overriding, &values))
}

fn line(into: &TableName, names: &[String], overriding: &str, values: &[String]) -> String {
    let start =
        format!("INSERT INTO {} ({}){overriding} VALUES (", table_name(into), names.join(", "));
    format!("concat({}, {}, ');')", super::literal(&start), values.join(", ', ', "))
}

#[cfg(test)]
mod tests {
    use super::distinct;

    #[test]
    fn keys_are_distinct() {
        let keys = |names: &[&str]| {
            distinct(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(keys(&["a", "b", "a", "a"]), ["a", "b", "a_2", "a_3"]);
        assert_eq!(keys(&["a", "a", "a_2"]), ["a", "a_3", "a_2"]);
        let long = "é".repeat(31);
        let cut = format!("{}_2", "é".repeat(30));
        assert_eq!(keys(&[&long, &long]), [long.clone(), cut]);
    }
}
