import { useCallback, useState } from "react";
import type { Column, Table } from "@/api/browser";
import { fullValue } from "@/api/data";
import type { GridColumn, Position } from "@/components/grid/types";
import { explain } from "@/components/States";
import { toast } from "@/components/Toasts";
import type { TableRow } from "./gridRows";
import { fixedBecause } from "./model";
import type { Draft, StagingAction } from "./staging";

interface Options {
  table: Table;
  columns: GridColumn[];
  rows: TableRow[];
  /** Why nothing can be changed; null when it can. */
  locked: string | null;
  dispatch: (action: StagingAction) => void;
}

interface Open {
  at: Position;
  column: Column;
  value: string | null;
}

/** Which cell is being edited in place, and what comes of it. */
export function useCellEditing({ table, columns, rows, locked, dispatch }: Options) {
  const [open, setOpen] = useState<Open | null>(null);

  const columnAt = (at: Position) => table.columns.find(({ name }) => name === columns[at.column]?.key);
  const refused = (row: TableRow | undefined, column: Column | undefined): string | null => {
    if (locked) return locked;
    if (!row || !column) return "there is no such cell";
    if (row.insertId) return column.generated ? `generated from ${column.generated.expression}` : column.can_insert ? null : "this user may not set it";
    if (!row.stored) return "this row cannot be told apart from others";
    return row.tint === "deleted" ? "this row is to be deleted" : fixedBecause(column);
  };
  const begin = (at: Position) => {
    const row = rows[at.row];
    const column = columnAt(at);
    const why = refused(row, column);
    if (why || !row || !column) {
      toast(`${column?.name ?? "this cell"} cannot be changed: ${why}`, "bad");
      return;
    }
    const cell = row.cell(at.column);
    if (cell.cut && row.stored) {
      fullValue(table.name, row.stored.rowId, column.name).then(
        (value) => setOpen({ at, column, value }),
        (error: unknown) => toast(explain(error).message, "bad"),
      );
    } else {
      setOpen({ at, column, value: cell.text });
    }
  };
  const set = (at: Position, draft: Draft) => {
    const row = rows[at.row];
    const column = columnAt(at);
    if (!row || !column || refused(row, column)) return;
    if (row.insertId) dispatch({ type: "editInsert", id: row.insertId, column: column.name, draft });
    else if (row.stored) dispatch({ type: "edit", row: row.stored, column: column.name, draft });
  };
  const cancel = useCallback(() => setOpen(null), []);
  const commit = (draft: Draft) => {
    if (open) set(open.at, draft);
    setOpen(null);
  };
  return { at: open?.at ?? null, column: open?.column ?? null, value: open?.value ?? null, begin, set, commit, cancel };
}
