import { Columns3, Copy, Download, Lock, Plus, RefreshCw, Trash2 } from "lucide-react";
import type { Condition, Page, Table } from "@/api/browser";
import { exportRows, type ExportFormat } from "@/api/export";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { copyText } from "@/components/Copy";
import type { GridColumn } from "@/components/grid/types";
import { Menu, MenuCheck, MenuItem, MenuLabel, MenuLine } from "@/components/Menu";
import { explain } from "@/components/States";
import { toast } from "@/components/Toasts";
import { cx } from "@/lib/cx";
import { exportText, formats, quoteIdentifier } from "@/lib/exportText";
import { plural } from "@/lib/format";
import { CountLine } from "./CountLine";
import { FilterBar } from "./FilterBar";
import { orderOf } from "./filters";
import type { TableRow } from "./gridRows";
import { fullName, kindNames } from "./model";
import { Pager } from "./Pager";
import { SortMenu } from "./SortMenu";
import type { TableQuery } from "./useTableQuery";

interface Props {
  table: Table;
  view: TableQuery;
  columns: GridColumn[];
  shown: TableRow[];
  chosen: TableRow[];
  page: Page | undefined;
  conditions: Condition[];
  ready: boolean;
  waiting: ReadonlySet<string>;
  allow: (sql: string) => void;
  locked: string | null;
  onAdd: () => void;
  onDelete: () => void;
  onRefresh: () => void;
  isFetching: boolean;
}

/** What stands above the grid: the table's name and size, pages, filters, and what can be done. */
export function TableBar(props: Props) {
  const { table, view, page, conditions, ready, waiting, allow, locked, chosen, onAdd, onDelete, onRefresh, isFetching } = props;
  return (
    <div className="border-b">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 px-3 pt-2">
        <h2 className="min-w-0 truncate text-base font-semibold" title={table.comment ?? undefined}>{fullName(table.name)}</h2>
        {table.kind !== "table" && <Badge>{kindNames[table.kind]}</Badge>}
        {table.has_row_security && <Badge tone="pending" title="row security hides rows from this user">row security</Badge>}
        {locked && (
          <span className="flex items-center gap-1 text-xs text-muted" title={locked}>
            <Lock className="size-3.5" aria-hidden /> {locked}
          </span>
        )}
        <span className="flex-1" />
        <CountLine table={table} filters={conditions} ready={ready} />
        <Pager page={page} at={view.at} onGo={view.goTo} />
      </div>
      <div className="flex flex-wrap items-center gap-1.5 px-3 py-2">
        <FilterBar columns={table.columns} filters={view.filters} waiting={waiting} onAllow={allow} onChange={view.setFilters} />
        <span className="flex-1" />
        {chosen.length > 0 && <span className="text-xs text-muted">{plural(chosen.length, "row")} selected</span>}
        {chosen.length > 0 && !locked && (
          <Button onClick={onDelete}>
            <Trash2 className="size-3.5 text-broken" aria-hidden />
            Delete rows
          </Button>
        )}
        <SortMenu columns={table.columns} sort={view.sort} onChange={view.setSort} />
        <CopyMenu {...props} />
        <ExportMenu {...props} />
        <ColumnsMenu table={table} view={view} />
        <Button variant="ghost" icon aria-label="Read again" title="Read again" onClick={onRefresh}>
          <RefreshCw className={cx("size-3.5", isFetching && "pulse-soft")} aria-hidden />
        </Button>
        {!locked && table.privileges.insert && (
          <Button onClick={onAdd}>
            <Plus className="size-3.5" aria-hidden />
            Add row
          </Button>
        )}
      </div>
    </div>
  );
}

function CopyMenu({ table, columns, shown, chosen }: Props) {
  const rows = chosen.length > 0 ? chosen : shown.filter(({ insertId }) => !insertId);
  const relation = `${quoteIdentifier(table.name.schema)}.${quoteIdentifier(table.name.name)}`;
  const cut = rows.some((row) => columns.some((_, column) => row.cell(column).cut));
  return (
    <Menu
      trigger={
        <Button variant="ghost">
          <Copy className="size-3.5" aria-hidden /> Copy
        </Button>
      }
    >
      <MenuLabel>{chosen.length > 0 ? `${plural(chosen.length, "selected row")} as` : `the ${plural(rows.length, "row")} of this page as`}</MenuLabel>
      {formats.map(({ format, name }) => (
        <MenuItem
          key={format}
          onSelect={() => {
            const text = exportText(format, relation, columns, rows.map((row) => columns.map((_, column) => row.cell(column).text)));
            void copyText(text).then((done) => toast(done ? `copied ${plural(rows.length, "row")} as ${name}${cut ? "; values over 64 KB are cut" : ""}` : "the browser refused the clipboard", done ? "plain" : "bad"));
          }}
        >
          {name}
        </MenuItem>
      ))}
    </Menu>
  );
}

const exports: { format: ExportFormat; name: string }[] = [
  { format: "csv", name: "CSV" },
  { format: "json", name: "JSON lines" },
  { format: "sql", name: "SQL INSERT" },
];

function ExportMenu({ table, view, conditions, ready }: Props) {
  return (
    <Menu
      trigger={
        <Button variant="ghost" disabled={!ready}>
          <Download className="size-3.5" aria-hidden /> Export
        </Button>
      }
    >
      <MenuLabel>{conditions.length > 0 ? "all rows that fit, as" : "the whole table, as"}</MenuLabel>
      {exports.map(({ format, name }) => (
        <MenuItem key={format} onSelect={() => void exportRows({ table: table.name, filters: conditions, order: view.sort.map(orderOf) }, format).catch((error: unknown) => toast(explain(error).message, "bad"))}>
          {name}
        </MenuItem>
      ))}
    </Menu>
  );
}

function ColumnsMenu({ table, view }: { table: Table; view: TableQuery }) {
  const { hidden, setHidden } = view;
  return (
    <Menu
      trigger={
        <Button variant="ghost">
          <Columns3 className="size-3.5" aria-hidden /> Columns
        </Button>
      }
    >
      {table.columns.map(({ name }) => (
        <MenuCheck key={name} checked={!hidden.has(name)} onChange={(on) => setHidden(new Set(on ? [...hidden].filter((each) => each !== name) : [...hidden, name]))}>
          {name}
        </MenuCheck>
      ))}
      <MenuLine />
      <MenuItem disabled={hidden.size === 0} onSelect={() => setHidden(new Set())}>Show all</MenuItem>
    </Menu>
  );
}
