//! The list of tables.

use sqlalchemy_models::schema::{Schema, Table};

use super::text::{Rows, counted};

/// One line for each table: its name, how many columns it has, the classes mapped to it.
pub(super) fn render(schema: &Schema) -> String {
    let mut rows = Rows::default();
    for table in &schema.tables {
        let incomplete = table.unknown.iter().any(|key| key == "columns");
        let columns = counted(table.columns.len(), "column");
        let classes = classes(schema, table);
        rows.push([
            table.full_name(),
            if incomplete { format!("at least {columns}") } else { columns },
            if classes.is_empty() { "no class".to_owned() } else { classes.join(", ") },
        ]);
    }
    let mut out = String::new();
    rows.write(&mut out);
    out
}

/// The classes that are mapped to a table.
pub(super) fn classes(schema: &Schema, table: &Table) -> Vec<String> {
    let full = table.full_name();
    let mapped = schema.classes.iter().filter(|class| class.table.as_ref() == Some(&full));
    mapped.map(|class| format!("{}.{}", class.module, class.name)).collect()
}
