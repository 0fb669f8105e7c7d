import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import type { Table } from "@/api/browser";
import type { Draft, StoredRow } from "./staging";

/** A row that somebody else changed between our reading and our saving. `theirs` is null when it is gone. */
export interface Conflict {
  /** The row as we read it; `changes` is null where we wanted to delete it. */
  row: StoredRow;
  changes: Record<string, Draft> | null;
  theirs: StoredRow | null;
}

interface Props {
  table: Table;
  conflicts: Conflict[];
  onTakeTheirs: (conflict: Conflict) => void;
  onKeepMine: (conflict: Conflict) => void;
  onClose: () => void;
}

/** Shows theirs beside yours. Nothing was written and nothing is lost. */
export function ConflictDialog({ table, conflicts, onTakeTheirs, onKeepMine, onClose }: Props) {
  return (
    <Dialog wide title="Changed by someone else" description="Nothing was saved. Choose for each row, then save again." onClose={onClose} footer={<Button onClick={onClose}>Decide later</Button>}>
      {conflicts.map((conflict) => (
        <section key={conflict.row.id} className="border-b px-4 py-3">
          <div className="mb-2 flex flex-wrap items-center gap-2">
            <h3 className="min-w-0 flex-1 font-mono text-xs">{keyText(table, conflict.row)}</h3>
            <Button onClick={() => onTakeTheirs(conflict)}>{conflict.theirs ? "Keep theirs" : "Drop my change"}</Button>
            {conflict.theirs && <Button variant="primary" onClick={() => onKeepMine(conflict)}>Keep yours</Button>}
          </div>
          {conflict.theirs ? <Comparison table={table} conflict={conflict} theirs={conflict.theirs} /> : <p className="text-sm text-muted">This row was deleted in the meantime.</p>}
        </section>
      ))}
    </Dialog>
  );
}

function Comparison({ table, conflict, theirs }: { table: Table; conflict: Conflict; theirs: StoredRow }) {
  const { row, changes } = conflict;
  const rows = table.columns.flatMap((column) => {
    const before = row.cells[column.name] ?? null;
    const now = theirs.cells[column.name] ?? null;
    const mine = changes?.[column.name];
    return before !== now || mine ? [{ name: column.name, before, now, mine }] : [];
  });
  return (
    <table className="w-full table-fixed text-left text-xs">
      <thead className="text-muted">
        <tr>{["Column", "As you read it", "Theirs", "Yours"].map((head) => <th key={head} scope="col" className="py-1 pr-3 font-normal">{head}</th>)}</tr>
      </thead>
      <tbody className="font-mono">
        {rows.map(({ name, before, now, mine }) => (
          <tr key={name} className="border-t align-top">
            <th scope="row" className="py-1 pr-3 font-normal text-muted">{name}</th>
            <td className="py-1 pr-3 break-words">{shown(before)}</td>
            <td className={before === now ? "py-1 pr-3 break-words text-faint" : "py-1 pr-3 break-words text-pending"}>{shown(now)}</td>
            <td className={mine ? "py-1 pr-3 break-words text-at" : "py-1 pr-3 break-words text-faint"}>{changes === null ? "deleted" : mine ? draftText(mine) : shown(before)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A value in words. */
export function shown(value: string | null): string {
  return value === null ? "NULL" : value === "" ? "''" : value.length > 400 ? `${value.slice(0, 400)}…` : value;
}

/** A draft in words. */
export function draftText(draft: Draft): string {
  return draft.kind === "null" ? "NULL" : draft.kind === "default" ? "DEFAULT" : shown(draft.text);
}

function keyText(table: Table, row: StoredRow): string {
  const key = table.row_key.kind === "columns" ? table.row_key.columns : table.columns.slice(0, 2).map(({ name }) => name);
  return key.map((name) => `${name} = ${shown(row.cells[name] ?? null)}`).join(", ");
}
