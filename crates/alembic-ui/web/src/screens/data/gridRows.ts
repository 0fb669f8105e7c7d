/** The rows of the grid: new ones first, then the page, with what is staged on top. */

import type { Page, Table } from "@/api/browser";
import type { GridCell, GridColumn, GridRow } from "@/components/grid/types";
import { cellValue, fixedBecause, isCut, storedRow } from "./model";
import type { Draft, Staging, StoredRow } from "./staging";

/** A line of the grid and what it stands for. `stored` is null for a new row, and where rows cannot be told apart. */
export interface TableRow extends GridRow {
  stored: StoredRow | null;
  insertId: string | null;
  /** Indexes into the page's row; null for a new row. */
  pageRow: number | null;
}

/** The columns of the grid, without the hidden ones. */
export function gridColumns(table: Table, hidden: ReadonlySet<string>): GridColumn[] {
  const pointing = new Map(table.foreign_keys.flatMap((key) => key.columns.map((column) => [column, `${key.referenced_table.schema}.${key.referenced_table.name}`] as const)));
  const keyColumns = new Set(table.primary_key?.columns ?? []);
  return table.columns
    .filter(({ name, can_select }) => can_select && !hidden.has(name))
    .map((column) => {
      const { name, type_name, comment } = column;
      const marks = [];
      if (keyColumns.has(name)) marks.push({ text: "PK", title: "primary key" });
      const target = pointing.get(name);
      if (target) marks.push({ text: "FK", title: `points to ${target}` });
      const fixed = fixedBecause(column);
      return { key: name, name, type: type_name, marks, comment: [comment, fixed].filter(Boolean).join("\n") || null, unordered: !column.is_orderable };
    });
}

/** Puts staged values over a page. */
export function tableRows(page: Page | undefined, staging: Staging, columns: GridColumn[]): TableRow[] {
  const places = new Map(page?.columns.map(({ name }, at) => [name, at]) ?? []);
  const added = staging.inserts.map(
    (insert): TableRow => ({
      id: insert.id,
      tint: "added",
      stored: null,
      insertId: insert.id,
      pageRow: null,
      cell: (column) => draftCell(insert.values[columns[column]!.key] ?? { kind: "default" }, "added"),
    }),
  );
  const read = (page?.rows ?? []).map((row, index): TableRow => {
    const stored = row.id ? storedRow(page!.columns, row.id, row.cells) : null;
    const changes = stored ? staging.updates[stored.id]?.changes : undefined;
    return {
      id: stored?.id ?? `row ${index}`,
      tint: stored && staging.deletes[stored.id] ? "deleted" : changes ? "changed" : null,
      stored,
      insertId: null,
      pageRow: index,
      cell: (column) => {
        const name = columns[column]!.key;
        const draft = changes?.[name];
        if (draft) return draftCell(draft, "changed");
        const cell = row.cells[places.get(name) ?? -1];
        return isCut(cell) ? { text: cellValue(cell), cut: true } : { text: cellValue(cell) };
      },
    };
  });
  return [...added, ...read];
}

function draftCell(draft: Draft, staged: "changed" | "added"): GridCell {
  if (draft.kind === "default") return { text: null, staged: "default" };
  return { text: draft.kind === "null" ? null : draft.text, staged };
}
