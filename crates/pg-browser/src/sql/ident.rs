//! Names and literals.

use crate::TableName;

/// A name in quotes, whatever is in it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A table in its schema.
pub(crate) fn table_name(table: &TableName) -> String {
    format!("{}.{}", quoted(&table.schema), quoted(&table.name))
}

/// A text in quotes. Right whether or not `standard_conforming_strings` is on.
pub(crate) fn literal(text: &str) -> String {
    if text.contains('\\') {
        format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{literal, quoted, table_name};
    use crate::TableName;

    #[test]
    fn quotes_hide_everything() {
        assert_eq!(quoted(r#"we"ird"#), r#""we""ird""#);
        assert_eq!(table_name(&TableName::new("a.b", "x;drop table")), r#""a.b"."x;drop table""#);
        assert_eq!(literal("a'b"), "'a''b'");
        assert_eq!(literal(r"a\'b"), r"E'a\\''b'");
    }
}
