//! What the generated scripts do: tables, columns, indexes and data, worded as teams word them.

use std::fmt::Write as _;

use crate::random::Random;

const TABLES: &[&str] = &[
    "accounts",
    "addresses",
    "appointments",
    "audit_log",
    "bookings",
    "carriers",
    "comments",
    "customers",
    "deliveries",
    "documents",
    "events",
    "invoices",
    "ledger_entries",
    "locations",
    "memberships",
    "notes",
    "orders",
    "payments",
    "products",
    "refunds",
    "reports",
    "shipments",
    "subscriptions",
    "suppliers",
    "tickets",
    "users",
    "vouchers",
];

const COLUMNS: &[&str] = &[
    "amount",
    "archived_at",
    "category",
    "code",
    "country",
    "created_at",
    "currency",
    "description",
    "due_date",
    "email",
    "external_id",
    "is_active",
    "kind",
    "locale",
    "name",
    "owner_id",
    "payload",
    "phone",
    "position",
    "price",
    "quantity",
    "reference",
    "status",
    "title",
    "updated_at",
    "valid_until",
    "weight",
];

const TYPES: &[&str] = &[
    "sa.String(length=255)",
    "sa.String(length=64)",
    "sa.Integer()",
    "sa.BigInteger()",
    "sa.Text()",
    "sa.Boolean()",
    "sa.DateTime(timezone=True)",
    "sa.Date()",
    "sa.Numeric(precision=12, scale=2)",
    "sa.JSON()",
    "sa.LargeBinary()",
];

/// A message and the two functions that carry it out.
pub(crate) fn operations(random: &mut Random) -> (String, String) {
    let table = random.pick(TABLES);
    match random.between(0, 9) {
        0..=4 => create_table(random, table),
        5..=7 => add_columns(random, table),
        _ => move_data(random, table),
    }
}

fn functions(upgrade: &str, downgrade: &str) -> String {
    format!("def upgrade() -> None:\n{upgrade}\n\ndef downgrade() -> None:\n{downgrade}")
}

fn create_table(random: &mut Random, table: &str) -> (String, String) {
    let mut up = format!(
        "    op.create_table(\n        '{table}',\n        sa.Column('id', sa.Integer(), nullable=False),\n"
    );
    for place in 0..random.between(9, 21) {
        let (column, kind) = (random.pick(COLUMNS), random.pick(TYPES));
        let nullable = if random.between(0, 1) == 0 { "True" } else { "False" };
        let _ = writeln!(up, "        sa.Column('{column}_{place}', {kind}, nullable={nullable}),");
    }
    let other = random.pick(TABLES);
    let _ = write!(
        up,
        "        sa.ForeignKeyConstraint(['owner_id'], ['{other}.id'], name=op.f('fk_{table}_owner_id_{other}'), ondelete='CASCADE'),\n        \
         sa.PrimaryKeyConstraint('id', name=op.f('pk_{table}')),\n    )\n"
    );
    let mut down = String::new();
    for _ in 0..random.between(1, 3) {
        let column = random.pick(COLUMNS);
        let _ = writeln!(
            up,
            "    op.create_index(op.f('ix_{table}_{column}'), '{table}', ['{column}'], unique=False)"
        );
        let _ =
            writeln!(down, "    op.drop_index(op.f('ix_{table}_{column}'), table_name='{table}')");
    }
    let _ = writeln!(down, "    op.drop_table('{table}')");
    (format!("create {table} table"), functions(&up, &down))
}

fn add_columns(random: &mut Random, table: &str) -> (String, String) {
    let (mut up, mut down) = (String::new(), String::new());
    let first = random.pick(COLUMNS);
    for place in 0..random.between(3, 9) {
        let column = if place == 0 { first } else { random.pick(COLUMNS) };
        let kind = random.pick(TYPES);
        let _ = writeln!(
            up,
            "    op.add_column('{table}', sa.Column('{column}', {kind}, nullable=True))"
        );
        let _ = writeln!(
            up,
            "    op.alter_column('{table}', '{column}', existing_type={kind}, server_default=None)"
        );
        let _ = writeln!(down, "    op.drop_column('{table}', '{column}')");
    }
    (format!("add {first} to {table}"), functions(&up, &down))
}

fn move_data(random: &mut Random, table: &str) -> (String, String) {
    let (from, to) = (random.pick(COLUMNS), random.pick(COLUMNS));
    let mut up = format!(
        "    connection = op.get_bind()\n    {table} = sa.table(\n        '{table}',\n        sa.column('id', sa.Integer()),\n"
    );
    for _ in 0..random.between(4, 12) {
        let (column, kind) = (random.pick(COLUMNS), random.pick(TYPES));
        let _ = writeln!(up, "        sa.column('{column}', {kind}),");
    }
    let _ = write!(
        up,
        "    )\n    # Rows written before the release keep the old value; batches keep the locks short.\n    \
         op.execute(\n        \"\"\"\n        UPDATE {table}\n        SET {to} = coalesce({to}, {from})\n        WHERE {from} IS NOT NULL\n          \
         AND id IN (SELECT id FROM {table} ORDER BY id LIMIT 10000)\n        \"\"\"\n    )\n    \
         for row in connection.execute(sa.select({table}.c.id)):\n        connection.execute(\n            \
         {table}.update().where({table}.c.id == row.id).values({{'{to}': f\"{{row.id}}-migrated\"}})\n        )\n"
    );
    (format!("fill {to} of {table} from {from}"), functions(&up, "    pass\n"))
}
