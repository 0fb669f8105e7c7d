import { useCallback, useMemo, useState } from "react";
import type { Table } from "@/api/browser";
import { useRows } from "@/api/data";
import { useEnvironment } from "@/api/migrations";
import { useSettings } from "@/api/settings";
import { Button } from "@/components/Button";
import { copyText } from "@/components/Copy";
import { Grid } from "@/components/grid/Grid";
import type { Position } from "@/components/grid/types";
import { Empty, Failure, Skeleton } from "@/components/States";
import { toast } from "@/components/Toasts";
import { CellEditor } from "./CellEditor";
import { CellMenu } from "./CellMenu";
import { ConflictDialog } from "./ConflictDialog";
import { conditionOf, nextSort, orderOf } from "./filters";
import { ForeignKeyLink, hrefToRows } from "./ForeignKeyLink";
import { gridColumns, tableRows } from "./gridRows";
import { arrowsOf, fixedBecause, fullName, hasDefault, readOnlyBecause } from "./model";
import { ReviewDialog } from "./ReviewDialog";
import { RowDrawer } from "./RowDrawer";
import { StagingBar } from "./StagingBar";
import { countStaged, type Draft } from "./staging";
import { TableBar } from "./TableBar";
import { useCellEditing } from "./useCellEditing";
import { useSave } from "./useSave";
import { useStaging } from "./useStaging";
import { useTableQuery } from "./useTableQuery";
import { useWaitingSql } from "./useWaitingSql";

/** One table: its filters, the grid with what is staged, and the row that is open. */
export function TableView({ table }: { table: Table }) {
  const environment = useEnvironment().data;
  const settings = useSettings().data?.settings;
  const view = useTableQuery();
  const { waiting, allow } = useWaitingSql(view.filters);
  const [staging, dispatch] = useStaging(table.name);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [openRow, setOpenRow] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ position: Position; at: { x: number; y: number } } | null>(null);
  const [review, setReview] = useState(false);

  const time = settings?.time_display ?? "stored";
  const conditions = useMemo(() => view.filters.map(conditionOf), [view.filters]);
  const ready = settings !== undefined && waiting.size === 0;
  const request = { table: table.name, filters: conditions, order: view.sort.map(orderOf), position: view.at, limit: settings?.rows_per_page ?? 100 };
  const rows = useRows(request, ready);
  const page = rows.data;
  const columns = useMemo(() => gridColumns(table, view.hidden), [table, view.hidden]);
  const shown = useMemo(() => tableRows(page, staging, columns), [page, staging, columns]);
  const arrows = useMemo(() => arrowsOf(table), [table]);
  const locked = readOnlyBecause(table, environment?.read_only ?? true);
  const saving = useSave(table, staging, dispatch);
  const editing = useCellEditing({ table, columns, rows: shown, locked, dispatch });

  const drawn = shown.find(({ id }) => id === openRow);
  const select = useCallback((id: string, on: boolean) => setSelected((before) => new Set(on ? [...before, id] : [...before].filter((each) => each !== id))), []);
  const chosen = shown.filter(({ id }) => selected.has(id));
  const deleteRows = (targets: typeof shown) => {
    for (const row of targets) if (row.insertId) dispatch({ type: "dropInsert", id: row.insertId });
    const stored = targets.flatMap((row) => (row.stored ? [row.stored] : []));
    if (stored.length > 0) dispatch({ type: "delete", rows: stored });
    setSelected(new Set());
  };
  const copyCell = ({ row, column }: Position) => {
    const text = shown[row]?.cell(column).text ?? "";
    void copyText(text).then((done) => toast(done ? "copied" : "the browser refused the clipboard", done ? "plain" : "bad"));
  };
  const save = () => {
    if (countStaged(staging).all === 0) return;
    if (environment?.place === "remote" && !review) setReview(true);
    else {
      setReview(false);
      saving.save();
    }
  };
  const linkOf = ({ row, column }: Position) => {
    const key = arrows.get(columns[column]?.key ?? "");
    const stored = shown[row]?.stored;
    if (!key || !stored) return null;
    const values = key.columns.map((name) => stored.cells[name] ?? null);
    return values.every((value) => value !== null) ? { key, values: values as string[] } : null;
  };
  const menuRow = menu && shown[menu.position.row];
  const menuColumn = menu && table.columns.find(({ name }) => name === columns[menu.position.column]?.key);

  return (
    <div className="flex h-full min-h-0 min-w-0 flex-col">
      <TableBar
        table={table}
        view={view}
        columns={columns}
        shown={shown}
        chosen={chosen}
        page={page}
        conditions={conditions}
        ready={ready}
        waiting={waiting}
        allow={allow}
        locked={locked}
        onAdd={() => dispatch({ type: "insert", id: `new ${Date.now()}` })}
        onDelete={() => deleteRows(chosen)}
        onRefresh={() => void rows.refetch()}
        isFetching={rows.isFetching}
      />
      <div className="flex min-h-0 flex-1">
        <div className="min-h-0 min-w-0 flex-1">
          {rows.isError && <Failure error={rows.error} title="The rows cannot be read" action={<Button onClick={() => void rows.refetch()}>Try again</Button>} />}
          {!ready && waiting.size > 0 && <Empty title="A SQL condition came with the address">It runs when you say so: look at it above, then choose “Run this condition”.</Empty>}
          {ready && rows.isPending && <Skeleton lines={14} label="Loading rows" />}
          {!rows.isError && page && ready && shown.length === 0 && (
            <Empty
              title={conditions.length > 0 ? "No row fits these filters" : `${fullName(table.name)} has no rows`}
              action={conditions.length > 0 ? <Button onClick={() => view.setFilters([])}>Remove filters</Button> : !locked && <Button onClick={() => dispatch({ type: "insert", id: `new ${Date.now()}` })}>Add the first row</Button>}
            />
          )}
          {!rows.isError && page && ready && shown.length > 0 && (
            <Grid
              label={fullName(table.name)}
              columns={columns}
              rows={shown}
              time={time}
              sort={view.sort}
              onSort={(column, add) => view.setSort(nextSort(view.sort, column, add))}
              selected={selected}
              onSelect={select}
              onOpenRow={(row) => setOpenRow(shown[row]?.id ?? null)}
              onEdit={editing.begin}
              editing={editing.at}
              editor={editing.at && editing.column && <CellEditor key={`${editing.at.row} ${editing.at.column}`} column={editing.column} value={editing.value} onCommit={editing.commit} onCancel={editing.cancel} />}
              onCopy={copyCell}
              onCellMenu={(position, at) => setMenu({ position, at })}
              onKey={(event, position) => {
                const ctrl = event.ctrlKey || event.metaKey;
                if (ctrl && event.key.toLowerCase() === "s") {
                  event.preventDefault();
                  save();
                } else if (event.key === "Delete" && !locked) {
                  const row = shown[position.row];
                  if (row) deleteRows(chosen.length > 0 ? chosen : [row]);
                }
              }}
              extra={(position) => {
                const link = linkOf(position);
                return link && <ForeignKeyLink table={table.name} foreignKey={link.key} values={link.values} />;
              }}
              busy={rows.isPlaceholderData}
            />
          )}
        </div>
        {drawn && (
          <div className="w-[clamp(300px,30vw,400px)] max-w-full shrink-0 border-l max-lg:absolute max-lg:inset-y-0 max-lg:right-0 max-lg:z-40">
            <RowDrawer
              key={drawn.id}
              table={table}
              page={page}
              row={drawn}
              draftOf={(column): Draft | undefined => (drawn.insertId ? staging.inserts.find(({ id }) => id === drawn.insertId)?.values[column] : staging.updates[drawn.id]?.changes[column])}
              canEdit={locked === null && (drawn.insertId !== null || drawn.stored !== null)}
              time={time}
              onEdit={(column, draft) => (drawn.insertId ? dispatch({ type: "editInsert", id: drawn.insertId, column, draft }) : drawn.stored && dispatch({ type: "edit", row: drawn.stored, column, draft }))}
              onClose={() => setOpenRow(null)}
            />
          </div>
        )}
      </div>
      {saving.error && <Failure compact error={saving.error} title="Nothing was saved" action={<Button onClick={saving.reset}>Dismiss</Button>} />}
      <StagingBar staging={staging} saving={saving.isSaving} onReview={() => setReview(true)} onSave={save} onDiscard={() => dispatch({ type: "clear" })} />
      {review && <ReviewDialog table={table.name} staging={staging} onSave={save} onClose={() => setReview(false)} />}
      {saving.conflicts.length > 0 && (
        <ConflictDialog
          table={table}
          conflicts={saving.conflicts}
          onTakeTheirs={(conflict) => {
            saving.settle(conflict, { type: "revert", id: conflict.row.id });
            void rows.refetch();
          }}
          onKeepMine={(conflict) => {
            if (conflict.theirs) saving.settle(conflict, { type: "rebase", id: conflict.row.id, row: conflict.theirs });
            void rows.refetch();
          }}
          onClose={() => saving.setConflicts([])}
        />
      )}
      {menu && menuRow && menuColumn && (
        <CellMenu
          at={menu.at}
          value={menuRow.cell(menu.position.column).text}
          canEdit={locked === null && (menuRow.insertId !== null ? !menuColumn.generated : menuRow.stored !== null && fixedBecause(menuColumn) === null)}
          canNull={menuColumn.is_nullable}
          canDefault={hasDefault(menuColumn)}
          canDelete={locked === null && (menuRow.stored !== null || menuRow.insertId !== null)}
          isDeleted={menuRow.tint === "deleted"}
          link={linkHref(linkOf(menu.position))}
          onCopy={() => copyCell(menu.position)}
          onFilter={(operator) => view.setFilters([...view.filters, { kind: "column", column: menuColumn.name, operator, value: operator === "=" || operator === "≠" ? (menuRow.cell(menu.position.column).text ?? "") : "" }])}
          onEdit={() => editing.begin(menu.position)}
          onNull={() => editing.set(menu.position, { kind: "null" })}
          onDefault={() => editing.set(menu.position, { kind: "default" })}
          onOpenRow={() => setOpenRow(menuRow.id)}
          onDelete={() => (menuRow.tint === "deleted" ? dispatch({ type: "undelete", id: menuRow.id }) : deleteRows([menuRow]))}
          onClose={() => setMenu(null)}
        />
      )}
    </div>
  );
}

function linkHref(link: { key: Table["foreign_keys"][number]; values: string[] } | null): string | null {
  return link && hrefToRows(link.key.referenced_table, link.key.referenced_columns, link.values);
}
