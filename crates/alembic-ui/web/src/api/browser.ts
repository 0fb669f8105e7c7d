/** The types of the data browser, as the API has them. */

export interface TableName {
  schema: string;
  name: string;
}

export type TableKind = "table" | "partitioned_table" | "view" | "materialized_view" | "foreign_table";

export interface ForeignKey {
  name: string;
  table: TableName;
  columns: string[];
  referenced_table: TableName;
  referenced_columns: string[];
  on_update: string;
  on_delete: string;
}

export interface CatalogueTable {
  name: TableName;
  kind: TableKind;
  comment: string | null;
  row_estimate: number | null;
  size_bytes: number;
  partition_of: TableName | null;
  is_readable: boolean;
  columns: { name: string; type_name: string; is_key: boolean }[];
  foreign_keys: ForeignKey[];
}

export interface ServerInfo {
  version: string;
  database: string;
  user: string;
  is_superuser: boolean;
  is_in_recovery: boolean;
}

export interface Catalogue {
  server: ServerInfo;
  schemas: { name: string; comment: string | null; tables: CatalogueTable[] }[];
}

export type TypeKind =
  | { kind: "base" | "pseudo" }
  | { kind: "enum"; values: string[] }
  | { kind: "domain"; base: string; checks: string[] }
  | { kind: "composite"; fields: { name: string; type_name: string }[] }
  | { kind: "range"; subtype: string }
  | { kind: "multirange"; range: string }
  | { kind: "array"; element: string; values: string[] };

export interface Column {
  name: string;
  position: number;
  type_name: string;
  type_kind: TypeKind;
  is_nullable: boolean;
  default: string | null;
  identity: "always" | "by_default" | null;
  generated: { is_stored: boolean; expression: string } | null;
  comment: string | null;
  is_orderable: boolean;
  can_select: boolean;
  can_insert: boolean;
  can_update: boolean;
}

export type RowKey = { kind: "columns"; columns: string[] } | { kind: "ctid" } | { kind: "partition_ctid" } | { kind: "all_columns" };

export interface Table {
  name: TableName;
  kind: TableKind;
  owner: string;
  comment: string | null;
  row_estimate: number | null;
  size_bytes: number;
  columns: Column[];
  primary_key: { name: string; columns: string[] } | null;
  unique_keys: { name: string; columns: string[] }[];
  foreign_keys: ForeignKey[];
  referenced_by: ForeignKey[];
  indexes: { name: string; method: string; columns: (string | null)[]; is_unique: boolean; definition: string; size_bytes: number }[];
  checks: { name: string; definition: string }[];
  privileges: { select: boolean; insert: boolean; update: boolean; delete: boolean };
  has_row_security: boolean;
  definition: string | null;
  row_key: RowKey;
}

/** null is NULL; an object is the beginning of a long value. */
export type Cell = string | null | { text: string; more: boolean };

export interface RowId {
  key: string[];
  version: string | null;
}

export interface Row {
  id: RowId | null;
  cells: Cell[];
}

export interface Page {
  columns: { name: string; type_name: string }[];
  rows: Row[];
  row_key: RowKey;
  next: string | null;
  previous: string | null;
  elapsed_ms: number;
}

export type Position = { at: "first" | "last" } | { at: "after" | "before"; cursor: string };

export type Comparison = "equal" | "not_equal" | "less" | "less_or_equal" | "greater" | "greater_or_equal";

export type Condition =
  | { kind: "compare"; column: string; operator: Comparison; value: string }
  | { kind: "contains" | "starts_with"; column: string; text: string; ignore_case?: boolean }
  | { kind: "in"; column: string; values: string[] }
  | { kind: "is_null" | "is_not_null"; column: string }
  | { kind: "raw"; sql: string };

export interface OrderBy {
  column: string;
  direction: "ascending" | "descending";
  nulls?: "first" | "last" | null;
}

export interface PageRequest {
  table: TableName;
  filters?: Condition[];
  order?: OrderBy[];
  position?: Position;
  limit?: number;
  columns?: string[];
}

export interface Count {
  rows: number;
  precision: "estimated" | "at_least" | "exact";
  elapsed_ms: number;
}

export type Value = { kind: "null" } | { kind: "default" } | { kind: "text"; text: string };

export interface Assignment {
  column: string;
  value: Value;
}

export type Edit =
  | { kind: "insert"; table: TableName; values: Assignment[] }
  | { kind: "update"; table: TableName; row: RowId; changes: Assignment[] }
  | { kind: "delete"; table: TableName; row: RowId };

export interface EditedRow {
  edit: number;
  id: RowId | null;
  columns: string[];
  cells: Cell[] | null;
}

export interface EditConflict {
  edit: number;
  reason: "changed" | "gone";
  ours: Edit;
  theirs: EditedRow | null;
}

export type EditOutcome = { outcome: "applied"; rows: EditedRow[]; undo: { edits: Edit[] } } | { outcome: "conflict"; conflicts: EditConflict[] };

export interface Notice {
  severity: string;
  message: string;
}

export interface ResultColumn {
  name: string;
  type_name: string;
  origin: { table: TableName; column: string } | null;
}

export interface StatementResult {
  start: number;
  end: number;
  columns: ResultColumn[];
  rows: Cell[][];
  is_truncated: boolean;
  affected_rows: number | null;
  notices: Notice[];
  elapsed_ms: number;
}

export interface ErrorReport {
  message: string;
  code?: string | null;
  detail?: string | null;
  hint?: string | null;
  position?: number | null;
}

export interface QueryOutcome {
  results: StatementResult[];
  failure: { start: number; end: number; error: ErrorReport; notices: Notice[] } | null;
  rolled_back: boolean;
}

export interface SessionActivity {
  pid: number;
  is_own: boolean;
  database: string | null;
  user: string | null;
  application_name: string;
  client_address: string | null;
  backend_type: string | null;
  state: string | null;
  wait_event_type: string | null;
  wait_event: string | null;
  query: string | null;
  query_seconds: number | null;
  transaction_seconds: number | null;
  session_seconds: number | null;
  blocked_by: number[];
}

export interface TableLock {
  pid: number;
  table: TableName;
  mode: string;
  is_granted: boolean;
}

export type SlowStatements =
  | { kind: "known"; statements: { query: string; calls: number; total_ms: number; mean_ms: number; rows: number; cache_hit_ratio: number | null }[] }
  | { kind: "unavailable"; reason: string; help: string };

export interface QueryRequest {
  sql: string;
  row_limit?: number;
  read_only?: boolean;
  timeout_ms?: number | null;
}

export interface ExplainRequest {
  sql: string;
  analyze?: boolean;
  format?: "text" | "json";
}

export interface Explanation {
  plan: string;
  elapsed_ms: number;
}
