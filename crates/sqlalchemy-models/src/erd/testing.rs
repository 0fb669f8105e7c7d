//! Schemas from a few letters.

use crate::schema::{Column, ForeignKey, PrimaryKey, Schema, Table, Unique};

/// A table for each line: `orders: *id, user_id! > users.id, note, slug^`. `*` is the primary key, `!` not null, `^`
/// unique, `> TABLE.COLUMN` a foreign key; a table may be `schema.name`.
pub(super) fn schema(text: &str) -> Schema {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut tables: Vec<Table> = lines.map(table).collect();
    tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    Schema { version: 1, tables, ..Schema::default() }
}

fn table(line: &str) -> Table {
    let (name, columns) = line.split_once(':').unwrap();
    let (schema, name) = split(name);
    let mut table = Table { name, schema, ..Table::default() };
    for part in columns.split(',').map(str::trim) {
        let (word, target) =
            part.split_once('>').map_or((part, None), |(a, b)| (a.trim(), Some(b.trim())));
        let name = word.trim_matches(['*', '!', '^']).to_owned();
        let primary_key = word.starts_with('*');
        if primary_key {
            table.primary_key.get_or_insert_default().columns.push(name.clone());
        }
        if word.ends_with('^') {
            table.unique_constraints.push(Unique { name: None, columns: vec![name.clone()] });
        }
        if let Some((referred, column)) = target.and_then(|target| target.rsplit_once('.')) {
            let (referred_schema, referred_table) = split(referred);
            table.foreign_keys.push(ForeignKey {
                columns: vec![name.clone()],
                referred_schema,
                referred_table: Some(referred_table),
                referred_columns: vec![column.to_owned()],
                ..ForeignKey::default()
            });
        }
        table.columns.push(Column {
            name,
            type_: Some("INTEGER".to_owned()),
            nullable: Some(!primary_key && !word.ends_with('!')),
            primary_key: Some(primary_key),
            ..Column::default()
        });
    }
    table
}

fn split(name: &str) -> (Option<String>, String) {
    match name.split_once('.') {
        Some((schema, name)) => (Some(schema.to_owned()), name.to_owned()),
        None => (None, name.to_owned()),
    }
}

/// A shop with every kind of relation.
pub(super) const SHOP: &str = "
    users: *id, email!^, manager_id > users.id
    profiles: *user_id > users.id, bio
    products: *id, name!
    orders: *id, user_id! > users.id, coupon_id > coupons.id
    order_items: *order_id > orders.id, *product_id > products.id, quantity!
    billing.invoices: *id, order_id!^ > orders.id
    notes: *id";

/// Names that somebody could mean badly.
pub(super) fn hostile() -> Schema {
    let names = [
        "we\"ird",
        "a'b",
        "x;drop table--",
        "<img src=x>",
        "line\nbreak",
        "back\\slash",
        "per%cent",
        "größe",
        "{curly} [square]",
        "`tick`",
        "--",
        "",
        " ",
        "end",
        "$$x$$",
        "a.b",
        "*/",
        "#quot;",
        "%%{init}%%",
        "\u{202e}flip",
        "\u{1b}[2J",
    ];
    let key = |name: &str| PrimaryKey { name: None, columns: vec![name.to_owned()] };
    let tables = names.iter().enumerate().map(|(at, name)| Table {
        name: (*name).to_owned(),
        schema: (at % 3 == 0).then(|| "sch\"e<ma>".to_owned()),
        comment: Some((*name).to_owned()),
        columns: vec![Column {
            name: (*name).to_owned(),
            type_: Some(format!("\"{}\"", name.replace('"', "\"\""))),
            nullable: Some(false),
            primary_key: Some(true),
            server_default: Some(format!("'{name}'")),
            comment: Some((*name).to_owned()),
            ..Column::default()
        }],
        primary_key: Some(key(name)),
        foreign_keys: vec![ForeignKey {
            name: Some((*name).to_owned()),
            columns: vec![(*name).to_owned()],
            referred_table: Some("we\"ird".to_owned()),
            referred_schema: Some("sch\"e<ma>".to_owned()),
            referred_columns: vec!["we\"ird".to_owned()],
            ondelete: Some("SET NULL".to_owned()),
            ..ForeignKey::default()
        }],
        ..Table::default()
    });
    Schema { version: 1, tables: tables.collect(), ..Schema::default() }
}
