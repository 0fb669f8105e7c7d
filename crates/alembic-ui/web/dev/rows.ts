/** Tables and rows for the mock. */

const names = ["Rex", "Mia", "Luna", "Balu", "Nala", "Kira", "Sammy", "Bella", "Simba", "Lilly", "Rocky", "Coco"];
const types: [string, string, object, object?][] = [
  ["id", "bigint", { kind: "base" }, { identity: "always" }],
  ["owner_id", "uuid", { kind: "base" }],
  ["species_id", "smallint", { kind: "base" }],
  ["name", "character varying(80)", { kind: "base" }, { is_nullable: false }],
  ["sex", "pet_sex", { kind: "enum", values: ["female", "male", "unknown"] }, { default: "'unknown'::pet_sex" }],
  ["born_on", "date", { kind: "base" }],
  ["weight_kg", "numeric(6,3)", { kind: "base" }],
  ["temperament", "text[]", { kind: "array", element: "text", values: [] }],
  ["microchip", "character(15)", { kind: "base" }],
  ["photo", "bytea", { kind: "base" }],
  ["notes", "text", { kind: "base" }],
  ["details", "jsonb", { kind: "base" }],
  ["created_at", "timestamp with time zone", { kind: "base" }, { default: "now()" }],
];

const name = (table: string, schema = "public") => ({ schema, name: table });
const listed = (table: string, rows: number | null, kind = "table", schema = "public") => ({ name: name(table, schema), kind, comment: null, row_estimate: rows, size_bytes: 8192, partition_of: null, is_readable: true, columns: [], foreign_keys: [] });

export const catalogue = {
  server: { version: "15.8", version_number: 150008, database: "petshop", user: "shop", is_superuser: false, is_in_recovery: false },
  schemas: [
    { name: "public", comment: null, tables: [listed("alembic_version", 1), listed("manipulation_facts", 48211), listed("manipulations", 12790), listed("monthly_revenue", null, "view"), listed("owners", 812), listed("pets", 1204), listed("species", 6)] },
    { name: "audit", comment: null, tables: [listed("events", 10480221, "partitioned_table", "audit")] },
  ],
};

const key = (from: string, column: string, to: string) => ({ name: `${from}_${column}_fkey`, table: name(from), columns: [column], referenced_table: name(to), referenced_columns: ["id"], on_update: "NO ACTION", on_delete: "CASCADE" });

export const table = {
  name: name("pets"), oid: 1, kind: "table", owner: "shop", comment: "an animal", row_estimate: 1204, size_bytes: 8192,
  columns: types.map(([column, type_name, type_kind, more], at) => ({ name: column, position: at + 1, type_name, type_kind, is_nullable: true, default: null, identity: null, generated: null, collation: null, comment: null, is_orderable: true, can_select: true, can_insert: true, can_update: true, ...more })),
  primary_key: { name: "pets_pkey", columns: ["id"] }, unique_keys: [],
  foreign_keys: [key("pets", "owner_id", "owners"), key("pets", "species_id", "species")],
  referenced_by: [key("manipulations", "pet_id", "pets")],
  indexes: [], checks: [], partitioning: null, partition_of: null, privileges: { select: true, insert: true, update: true, delete: true },
  has_row_security: false, definition: null, row_key: { kind: "columns", columns: ["id"] },
};

const pick = <T,>(list: T[], at: number): T => list[at % list.length]!;

/** So many rows of pets. */
export function page(rows: number) {
  return {
    columns: types.map(([column, type_name]) => ({ name: column, type_name })),
    rows: Array.from({ length: rows }, (_, at) => ({
      id: { key: [String(at + 1)], version: "741" },
      cells: [String(at + 1), `3f2504e0-4f89-41d3-9a0c-0305e82c${String(1000 + at)}`, String((at % 6) + 1), pick(names, at), pick(["female", "male", "unknown"], at), `202${at % 6}-0${(at % 9) + 1}-1${at % 9}`, at % 7 === 3 ? null : (3.2 + at * 0.137).toFixed(3), pick(["{calm,shy}", "{playful}", "{}", '{"loves water",loud}'], at), at % 4 === 0 ? null : `97800010${String(1000000 + at)}`, at % 5 === 0 ? "\\x89504e470d0a1a0a0000000d49484452" : null, pick(["", "Afraid of thunder.\nKeep the door shut.", "Very friendly", null], at) ?? null, pick(['{"diet": "grain free", "visits": 3}', "{}", null], at) ?? null, "2026-09-03 13:05:22.914630+00"],
    })),
    row_key: { kind: "columns", columns: ["id"] }, next: "n", previous: null, elapsed_ms: 1.2,
  };
}

const session = (pid: number, state: string, query: string, more: object = {}) => ({ pid, is_own: false, database: "petshop", user: "shop", application_name: "gunicorn", client_address: "127.0.0.1", backend_type: "client backend", state, wait_event_type: null, wait_event: null, query, query_seconds: 1.4, transaction_seconds: 2.1, session_seconds: 900, blocked_by: [], ...more });

export const activity = {
  sessions: [
    session(4811, "active", "ALTER TABLE pets ADD COLUMN microchip char(15)", { application_name: "alembic" }),
    session(4820, "active", "UPDATE pets SET weight_kg = 4.2 WHERE id = 17", { wait_event_type: "Lock", wait_event: "relation", blocked_by: [4811] }),
    session(4822, "idle in transaction", "SELECT * FROM owners WHERE lower(email) = $1", { query_seconds: null }),
    session(4830, "idle", "COMMIT", { query_seconds: null, transaction_seconds: null }),
  ],
  locks: [{ pid: 4811, table: name("pets"), mode: "AccessExclusiveLock", is_granted: true }, { pid: 4820, table: name("pets"), mode: "RowExclusiveLock", is_granted: false }],
};
