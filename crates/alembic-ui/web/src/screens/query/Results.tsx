import { useEffect, useMemo, useState } from "react";
import type { Notice, QueryOutcome, StatementResult } from "@/api/browser";
import { Grid } from "@/components/grid/Grid";
import type { GridColumn, GridRow, Position } from "@/components/grid/types";
import { copyText } from "@/components/Copy";
import { Button } from "@/components/Button";
import { Menu, MenuItem } from "@/components/Menu";
import { Empty, Failure } from "@/components/States";
import { toast } from "@/components/Toasts";
import { cx } from "@/lib/cx";
import { exportText, formats } from "@/lib/exportText";
import { count, duration, plural } from "@/lib/format";
import { cellValue, isCut } from "../data/model";
import type { Outcome } from "./useRunner";

/** What the last run gave: a grid for each statement, or why there is none. */
export function Results({ outcome, time }: { outcome: Outcome; time: "stored" | "local" }) {
  switch (outcome.kind) {
    case "none":
      return <Empty title="Results come here">Ctrl+Enter runs the statement at the cursor, Ctrl+Shift+Enter all of them.</Empty>;
    case "running":
      return <Running since={outcome.since} />;
    case "cancelled":
      return <Empty title="Cancelled">The server was told to stop; what a transaction had written is rolled back.</Empty>;
    case "failed":
      return <Failure error={outcome.error} title="The query did not run" />;
    case "plan":
      return (
        <div className="flex h-full min-h-0 flex-col">
          <p className="border-b px-3 py-1.5 text-xs text-muted">plan, {duration(outcome.elapsed)}</p>
          <pre tabIndex={0} aria-label="Plan" className="min-h-0 flex-1 overflow-auto px-3 py-2 leading-[18px]">{outcome.plan}</pre>
        </div>
      );
    case "results":
      return <Statements key={`${outcome.sql} ${outcome.outcome.results[0]?.elapsed_ms}`} {...outcome} time={time} />;
  }
}

function Running({ since }: { since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 200);
    return () => clearInterval(timer);
  }, []);
  return <Empty title="Running">{duration(Math.max(0, now - since))}</Empty>;
}

function Statements({ outcome, time }: Extract<Outcome, { kind: "results" }> & { time: "stored" | "local" }) {
  const { results, failure } = outcome;
  const [open, setOpen] = useState(failure ? results.length : Math.max(0, results.length - 1));
  const result = results[open];
  return (
    <div className="flex h-full min-h-0 flex-col">
      {results.length + (failure ? 1 : 0) > 1 && (
        <div role="tablist" aria-label="Statements" className="flex shrink-0 overflow-x-auto border-b px-2">
          {results.map((each, index) => <Tab key={each.start} name={`${index + 1}. ${each.columns.length > 0 ? plural(each.rows.length, "row") : affected(each)}`} on={open === index} onOpen={() => setOpen(index)} />)}
          {failure && <Tab name={`${results.length + 1}. failed`} on={open === results.length} onOpen={() => setOpen(results.length)} bad />}
        </div>
      )}
      {result && <Result result={result} time={time} rolledBack={outcome.rolled_back} />}
      {!result && failure && (
        <div>
          <Failure error={new Error(failure.error.server?.message ?? failure.error.message)} title="The statement failed; none ran behind it" />
          <dl className="grid grid-cols-[80px_minmax(0,1fr)] gap-x-3 gap-y-1 px-4 py-2 text-sm">
            {facts(failure.error).map(([name, text]) => text && <div key={name} className="contents"><dt className="text-muted">{name}</dt><dd className="break-words whitespace-pre-wrap">{text}</dd></div>)}
          </dl>
          <Notices notices={failure.notices} />
        </div>
      )}
      {!result && !failure && <Empty title="There was no statement to run" />}
    </div>
  );
}

function facts({ code, help, server }: NonNullable<QueryOutcome["failure"]>["error"]): [string, string | null][] {
  return [["Detail", server?.detail ?? null], ["Hint", server?.hint ?? null], ["Help", help], ["Code", server?.sqlstate ?? code]];
}

function Tab({ name, on, onOpen, bad = false }: { name: string; on: boolean; onOpen: () => void; bad?: boolean }) {
  return (
    <button type="button" role="tab" aria-selected={on} onClick={onOpen} className={cx("border-b-2 px-3 py-1 text-sm whitespace-nowrap", on ? "border-b-accent text-text" : "border-b-transparent text-muted hover:text-text", bad && "text-broken")}>
      {name}
    </button>
  );
}

function Result({ result, time, rolledBack }: { result: StatementResult; time: "stored" | "local"; rolledBack: boolean }) {
  const columns = useMemo((): GridColumn[] => result.columns.map(({ name, type_name, origin }, at) => ({ key: `${at}`, name, type: type_name, comment: origin ? `${origin.table.schema}.${origin.table.name}.${origin.column}` : null })), [result]);
  const rows = useMemo((): GridRow[] => result.rows.map((row, at) => ({ id: String(at), tint: null, cell: (column) => (isCut(row[column]) ? { text: cellValue(row[column]), cut: true } : { text: cellValue(row[column]) }) })), [result]);
  const copyCell = ({ row, column }: Position) => void copyText(cellValue(result.rows[row]?.[column]) ?? "").then((done) => toast(done ? "copied" : "the browser refused the clipboard", done ? "plain" : "bad"));
  return (
    <>
      <div className="flex shrink-0 items-center gap-3 border-b px-3 py-1 text-xs text-muted">
        <span>{result.columns.length > 0 ? `${plural(rows.length, "row")}${result.is_truncated ? ", and more: raise the limit to see them" : ""}` : affected(result)}</span>
        <span>{duration(result.elapsed_ms)}</span>
        {rolledBack && <span className="text-pending">a transaction was left open and rolled back</span>}
        <span className="flex-1" />
        {rows.length > 0 && (
          <Menu trigger={<Button variant="ghost" className="h-6 text-xs">Copy</Button>}>
            {formats.map(({ format, name }) => <MenuItem key={format} onSelect={() => void copyText(exportText(format, "result", columns, result.rows.map((row) => row.map(cellValue)))).then((done) => done && toast(`copied ${plural(rows.length, "row")} as ${name}`))}>{name}</MenuItem>)}
          </Menu>
        )}
      </div>
      <Notices notices={result.notices} />
      <div className="min-h-0 flex-1">
        {result.columns.length > 0 ? rows.length > 0 ? <Grid label="Results" columns={columns} rows={rows} time={time} onCopy={copyCell} /> : <Empty title="No rows" /> : <Empty title={affected(result)} />}
      </div>
    </>
  );
}

function affected({ affected_rows }: StatementResult): string {
  return affected_rows === null ? "done" : `${count(affected_rows)} ${affected_rows === 1 ? "row" : "rows"} changed`;
}

function Notices({ notices }: { notices: Notice[] }) {
  if (notices.length === 0) return null;
  return (
    <ul aria-label="Notices" className="max-h-32 shrink-0 overflow-auto border-b px-3 py-1 font-mono text-xs">
      {notices.map(({ severity, message }, at) => (
        <li key={at} className="whitespace-pre-wrap">
          <span className={severity === "WARNING" ? "text-pending" : "text-muted"}>{severity}</span> {message}
        </li>
      ))}
    </ul>
  );
}
