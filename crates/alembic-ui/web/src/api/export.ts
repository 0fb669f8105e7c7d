/** Rows as a file. */

import type { PageRequest } from "./browser";
import { saveStream } from "./client";

export type ExportFormat = "csv" | "json" | "sql";

const forms = {
  csv: { extension: "csv", of: () => ({ kind: "csv", header: true }) },
  json: { extension: "jsonl", of: () => ({ kind: "json_lines" }) },
  sql: { extension: "sql", of: (rows: PageRequest) => ({ kind: "sql_insert", into: rows.table }) },
} as const;

/** Saves every row of a table that fits. */
export function exportRows(rows: PageRequest, format: ExportFormat): Promise<void> {
  const { extension, of } = forms[format];
  return saveStream("/api/data/export", { source: { kind: "table", rows }, format: of(rows) }, `${rows.table.name}.${extension}`);
}

/** Saves the result of a statement that reads. */
export function exportQuery(sql: string): Promise<void> {
  return saveStream("/api/data/export", { source: { kind: "query", sql }, format: forms.csv.of() }, "query.csv");
}
