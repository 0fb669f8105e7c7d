/** Edits that are staged and not saved: a pure state with the changes that can be made to it. */

import type { Assignment, Edit, RowId, TableName } from "@/api/browser";

/** What a cell shall become. */
export type Draft = { kind: "value"; text: string } | { kind: "null" } | { kind: "default" };

/** A row of the database as it was read. `id` names it here; `rowId` is the server's handle, with the version that was seen. */
export interface StoredRow {
  id: string;
  rowId: RowId;
  cells: Record<string, string | null>;
}

/** A row with changed cells. */
export interface StagedUpdate {
  row: StoredRow;
  changes: Record<string, Draft>;
}

/** A new row; columns that are left out take their default. */
export interface StagedInsert {
  id: string;
  values: Record<string, Draft>;
}

export interface Staging {
  updates: Record<string, StagedUpdate>;
  inserts: StagedInsert[];
  deletes: Record<string, StoredRow>;
}

export const nothingStaged: Staging = { updates: {}, inserts: [], deletes: {} };

export type StagingAction =
  | { type: "edit"; row: StoredRow; column: string; draft: Draft }
  | { type: "editInsert"; id: string; column: string; draft: Draft }
  | { type: "insert"; id: string; values?: Record<string, Draft> }
  | { type: "delete"; rows: StoredRow[] }
  | { type: "undelete"; id: string }
  | { type: "dropInsert"; id: string }
  /** Takes a row back to what was read. */
  | { type: "revert"; id: string }
  /** The row was read again after a conflict: keep the changes, over what is there now. */
  | { type: "rebase"; id: string; row: StoredRow }
  | { type: "clear" };

/** The state after `action`. */
export function stage(state: Staging, action: StagingAction): Staging {
  switch (action.type) {
    case "edit":
      return edit(state, action.row, action.column, action.draft);
    case "editInsert":
      return { ...state, inserts: state.inserts.map((insert) => (insert.id === action.id ? { ...insert, values: withDraft(insert.values, action.column, action.draft) } : insert)) };
    case "insert":
      return { ...state, inserts: [...state.inserts, { id: action.id, values: action.values ?? {} }] };
    case "delete":
      return { ...state, updates: without(state.updates, action.rows.map(({ id }) => id)), deletes: { ...state.deletes, ...Object.fromEntries(action.rows.map((row) => [row.id, row])) } };
    case "undelete":
      return { ...state, deletes: without(state.deletes, [action.id]) };
    case "dropInsert":
      return { ...state, inserts: state.inserts.filter(({ id }) => id !== action.id) };
    case "revert":
      return { ...state, updates: without(state.updates, [action.id]), deletes: without(state.deletes, [action.id]) };
    case "rebase":
      return rebase(state, action.id, action.row);
    case "clear":
      return nothingStaged;
  }
}

function edit(state: Staging, row: StoredRow, column: string, draft: Draft): Staging {
  const before = state.updates[row.id] ?? { row, changes: {} };
  const changes = { ...before.changes };
  if (isAsStored(before.row, column, draft)) delete changes[column];
  else changes[column] = draft;
  const updates = Object.keys(changes).length > 0 ? { ...state.updates, [row.id]: { row: before.row, changes } } : without(state.updates, [row.id]);
  return { ...state, updates };
}

function rebase(state: Staging, id: string, row: StoredRow): Staging {
  const before = state.updates[id];
  if (before) {
    const changes = Object.fromEntries(Object.entries(before.changes).filter(([column, draft]) => !isAsStored(row, column, draft)));
    const updates = without(state.updates, [id]);
    return { ...state, updates: Object.keys(changes).length > 0 ? { ...updates, [row.id]: { row, changes } } : updates };
  }
  return state.deletes[id] ? { ...state, deletes: { ...without(state.deletes, [id]), [row.id]: row } } : state;
}

function isAsStored(row: StoredRow, column: string, draft: Draft): boolean {
  const stored = row.cells[column] ?? null;
  return draft.kind === "null" ? stored === null : draft.kind === "value" && draft.text === stored;
}

/** A new row's column goes back to its default by being left out. */
function withDraft(values: Record<string, Draft>, column: string, draft: Draft): Record<string, Draft> {
  return draft.kind === "default" ? without(values, [column]) : { ...values, [column]: draft };
}

function without<T>(from: Record<string, T>, keys: string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key)));
}

/** How many rows are changed, added, deleted. */
export function countStaged({ updates, inserts, deletes }: Staging): { changed: number; added: number; deleted: number; all: number } {
  const changed = Object.keys(updates).length;
  const added = inserts.length;
  const deleted = Object.keys(deletes).length;
  return { changed, added, deleted, all: changed + added + deleted };
}

/** The edits for the server, in the order: deletes, updates, new rows. `rows` says which staged row each one is. */
export function editsOf(table: TableName, staging: Staging): { edits: Edit[]; rows: string[] } {
  const deletes = Object.values(staging.deletes);
  const updates = Object.values(staging.updates);
  return {
    edits: [
      ...deletes.map((row): Edit => ({ kind: "delete", table, row: row.rowId })),
      ...updates.map(({ row, changes }): Edit => ({ kind: "update", table, row: row.rowId, changes: assignments(changes) })),
      ...staging.inserts.map(({ values }): Edit => ({ kind: "insert", table, values: assignments(values) })),
    ],
    rows: [...deletes.map(({ id }) => id), ...updates.map(({ row }) => row.id), ...staging.inserts.map(({ id }) => id)],
  };
}

function assignments(drafts: Record<string, Draft>): Assignment[] {
  return Object.entries(drafts).map(([column, draft]) => ({ column, value: draft.kind === "value" ? { kind: "text", text: draft.text } : draft }));
}
