/** Facts of a table that several parts of the Data screen need. */

import type { Cell, Column, ForeignKey, RowId, Table, TableKind, TableName } from "@/api/browser";
import type { StoredRow } from "./staging";

/** `public` goes without saying. */
export function fullName({ schema, name }: TableName): string {
  return schema === "public" ? name : `${schema}.${name}`;
}

/** What a kind of table is called. */
export const kindNames: Record<TableKind, string> = {
  table: "table",
  partitioned_table: "partitioned table",
  view: "view",
  materialized_view: "materialized view",
  foreign_table: "foreign table",
};

/** The values to choose from, where a column has such. */
export function choicesOf({ type_kind }: Column): string[] | null {
  return type_kind.kind === "enum" ? type_kind.values : null;
}

/** Whether the server makes a value when none is given. */
export function hasDefault({ default: expression, identity, generated }: Column): boolean {
  return expression !== null || identity !== null || generated !== null;
}

/** Why a column cannot be changed; null when it can. */
export function fixedBecause(column: Column): string | null {
  if (column.generated) return `generated from ${column.generated.expression}`;
  if (column.identity === "always") return "its values are always numbered by the server";
  return column.can_update ? null : "this user may not change it";
}

/** Why the rows of a table cannot be changed; null when they can. */
export function readOnlyBecause(table: Table, serverReadOnly: boolean): string | null {
  if (serverReadOnly) return "read-only mode is on";
  if (table.row_key.kind === "all_columns") return table.kind === "table" ? "its rows cannot be told apart" : `it is a ${kindNames[table.kind]}`;
  const { insert, update, delete: remove } = table.privileges;
  return insert || update || remove ? null : "this user may not change its rows";
}

/** The text of a cell as far as it is here. */
export function cellValue(cell: Cell | undefined): string | null {
  return cell === undefined || cell === null ? null : typeof cell === "string" ? cell : cell.text;
}

/** Whether there is more of a value than is here. */
export function isCut(cell: Cell | undefined): boolean {
  return typeof cell === "object" && cell !== null && cell.more;
}

/** A row's handle as a key of our own maps; its version does not count, so that a row stays itself when it is read again. */
export function rowKey(id: RowId): string {
  return JSON.stringify(id.key);
}

/** A row as staging wants it. */
export function storedRow(columns: { name: string }[], id: RowId, cells: Cell[]): StoredRow {
  return { id: rowKey(id), rowId: id, cells: Object.fromEntries(columns.map(({ name }, at) => [name, cellValue(cells[at])])) };
}

/** The foreign keys by their last column, which is where the arrow stands. */
export function arrowsOf(table: Table): Map<string, ForeignKey> {
  return new Map(table.foreign_keys.map((key) => [key.columns[key.columns.length - 1] ?? "", key]));
}
