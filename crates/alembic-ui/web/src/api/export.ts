/** Rows as a file. */

import type { ExportRequest, PageRequest } from "./browser";
import { download, request } from "./client";

export type ExportFormat = "csv" | "json" | "sql";

const forms: Record<ExportFormat, (rows: PageRequest) => ExportRequest["format"]> = {
  csv: () => ({ kind: "csv", header: true }),
  json: () => ({ kind: "json_lines" }),
  sql: (rows) => ({ kind: "sql_insert", into: rows.table }),
};

/** Saves every row of a table that fits. */
export function exportRows(rows: PageRequest, format: ExportFormat): Promise<void> {
  return save({ source: { kind: "table", rows }, format: forms[format](rows) });
}

/** Saves the result of a statement that reads, as CSV. */
export function exportQuery(sql: string): Promise<void> {
  return save({ source: { kind: "query", sql }, format: { kind: "csv", header: true } });
}

/** The server gives an address that works once; the browser streams it to disk. */
async function save(body: ExportRequest): Promise<void> {
  const { path } = await request<{ path: string; file_name: string }>("/api/exports", { method: "POST", body });
  download(path);
}
