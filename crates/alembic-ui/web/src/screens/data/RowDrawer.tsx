import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { Pencil, X } from "lucide-react";
import type { Column, Page, Table } from "@/api/browser";
import { fullValue } from "@/api/data";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/Copy";
import { explain } from "@/components/States";
import { cx } from "@/lib/cx";
import { cellText, familyOf, pretty } from "@/lib/cell";
import { CellEditor } from "./CellEditor";
import { hrefToRows } from "./ForeignKeyLink";
import type { TableRow } from "./gridRows";
import { cellValue, fixedBecause, fullName, isCut } from "./model";
import type { Draft } from "./staging";

interface Props {
  table: Table;
  page: Page | undefined;
  row: TableRow;
  /** What is staged for a column of this row. */
  draftOf: (column: string) => Draft | undefined;
  canEdit: boolean;
  time: "stored" | "local";
  onEdit: (column: string, draft: Draft) => void;
  onClose: () => void;
}

/** One row with every column and its values in full, and the rows that point to it. */
export function RowDrawer({ table, page, row, draftOf, canEdit, time, onEdit, onClose }: Props) {
  const places = new Map(page?.columns.map(({ name }, at) => [name, at]) ?? []);
  const cells = row.pageRow === null ? [] : (page?.rows[row.pageRow]?.cells ?? []);
  return (
    <section aria-label="Row" className="flex h-full min-h-0 flex-col bg-surface">
      <header className="flex items-center gap-2 border-b px-3 py-1.5">
        <h2 className="min-w-0 flex-1 truncate text-sm font-medium">{row.insertId ? "New row" : "Row"} of {fullName(table.name)}</h2>
        <Button variant="ghost" icon aria-label="Close row" onClick={onClose}>
          <X className="size-4" aria-hidden />
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-auto">
        {table.columns.filter(({ can_select }) => can_select).map((column) => (
          <Value
            key={column.name}
            table={table}
            column={column}
            row={row}
            stored={cellValue(cells[places.get(column.name) ?? -1])}
            cut={isCut(cells[places.get(column.name) ?? -1])}
            draft={draftOf(column.name)}
            canEdit={canEdit && (row.insertId !== null ? !column.generated : fixedBecause(column) === null)}
            time={time}
            onEdit={(draft) => onEdit(column.name, draft)}
          />
        ))}
        {row.stored && <Children table={table} cells={row.stored.cells} />}
      </div>
    </section>
  );
}

interface ValueProps {
  table: Table;
  column: Column;
  row: TableRow;
  stored: string | null;
  cut: boolean;
  draft: Draft | undefined;
  canEdit: boolean;
  time: "stored" | "local";
  onEdit: (draft: Draft) => void;
}

function Value({ table, column, row, stored, cut, draft, canEdit, time, onEdit }: ValueProps) {
  const [editing, setEditing] = useState(false);
  const full = useMutation({ mutationFn: () => fullValue(table.name, row.stored!.rowId, column.name) });
  const whole = full.isSuccess ? full.data : stored;
  const text = draft ? (draft.kind === "value" ? draft.text : null) : whole;
  const label = draft?.kind === "default" || (row.insertId && !draft) ? "DEFAULT" : "NULL";
  return (
    <div className={cx("border-b px-3 py-2", draft && "bg-pending-soft")}>
      <div className="flex h-6 items-center gap-2">
        <span className="truncate text-sm font-medium">{column.name}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-[11px] text-faint">{column.type_name}</span>
        {text !== null && <CopyButton text={text} label={`Copy ${column.name}`} />}
        {canEdit && !editing && (!cut || full.isSuccess || draft !== undefined) && (
          <Button variant="ghost" icon aria-label={`Edit ${column.name}`} onClick={() => setEditing(true)}>
            <Pencil className="size-3.5" aria-hidden />
          </Button>
        )}
      </div>
      {editing ? (
        <CellEditor
          column={column}
          value={text}
          onCancel={() => setEditing(false)}
          onCommit={(next) => {
            setEditing(false);
            onEdit(next);
          }}
        />
      ) : text === null ? (
        <p className="font-mono text-xs text-faint italic">{label}</p>
      ) : text === "" ? (
        <p className="font-mono text-xs text-faint">'' (empty string)</p>
      ) : (
        <pre className="max-h-80 overflow-auto text-xs leading-[18px] break-words whitespace-pre-wrap" tabIndex={0} aria-label={column.name}>
          {familyOf(column.type_name) === "json" ? pretty(text, column.type_name) : ["time", "boolean"].includes(familyOf(column.type_name)) ? cellText(text, column.type_name, time) : text}
        </pre>
      )}
      {cut && !full.isSuccess && !draft && (
        <p className="mt-1 flex items-center gap-2 text-xs text-muted">
          cut after 64 KB
          <Button className="h-6 px-1.5 text-xs" disabled={full.isPending || !row.stored} onClick={() => full.mutate()}>Load full value</Button>
          {full.isError && <span className="text-broken">{explain(full.error).message}</span>}
        </p>
      )}
    </div>
  );
}

function Children({ table, cells }: { table: Table; cells: Record<string, string | null> }) {
  if (table.referenced_by.length === 0) return null;
  return (
    <div className="px-3 py-2">
      <h3 className="mb-1 text-xs text-muted">Referenced by</h3>
      <ul aria-label="Referenced by">
        {table.referenced_by.map((key) => {
          const values = key.referenced_columns.map((column) => cells[column] ?? null);
          if (values.some((value) => value === null)) return null;
          return (
            <li key={`${key.table.schema}.${key.table.name}.${key.name}`}>
              <a href={hrefToRows(key.table, key.columns, values as string[])} className="flex h-7 items-center gap-2 rounded-sm text-sm hover:bg-hover">
                <span className="text-accent">{fullName(key.table)}</span>
                <span className="min-w-0 flex-1 truncate font-mono text-xs text-faint">{key.columns.join(", ")}</span>
              </a>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
