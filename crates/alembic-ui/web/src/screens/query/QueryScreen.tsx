import { useEffect, useMemo, useRef, useState } from "react";
import type { EditorView } from "@codemirror/view";
import { Play, Square } from "lucide-react";
import { tablesOf, useCatalogue } from "@/api/data";
import { exportQuery } from "@/api/export";
import { useEnvironment } from "@/api/migrations";
import { useSettings } from "@/api/settings";
import { patchQuery, usePlace } from "@/app/router";
import { Button } from "@/components/Button";
import { Select } from "@/components/Field";
import { Menu, MenuItem } from "@/components/Menu";
import { NoBrowser } from "@/components/NoBrowser";
import { explain as explainError, Skeleton } from "@/components/States";
import { toast } from "@/components/Toasts";
import { HistoryMenu } from "./HistoryMenu";
import { Results } from "./Results";
import { SqlEditor } from "./SqlEditor";
import { statementAt } from "./statements";
import { useRunner } from "./useRunner";

/** Text beyond this stays out of the address. */
const LONGEST_ADDRESS = 4000;

const limits = [100, 1000, 10_000];

/** SQL by hand. What came with the address is shown and waits. */
export default function QueryScreen() {
  const environment = useEnvironment();
  if (environment.isPending) return <Skeleton label="Loading Query" />;
  if (environment.data && !environment.data.browsable) return <NoBrowser environment={environment.data} what="Queries" />;
  return <Editor readOnly={environment.data?.read_only ?? true} />;
}

function Editor({ readOnly }: { readOnly: boolean }) {
  const { query } = usePlace();
  const [initial] = useState(() => query.get("sql") ?? "");
  const view = useRef<EditorView | null>(null);
  const [limit, setLimit] = useState(1000);
  const runner = useRunner();
  const catalogue = useCatalogue().data;
  const time = useSettings().data?.settings.time_display ?? "stored";
  const schema = useMemo(() => {
    const names: Record<string, Record<string, string[]>> = {};
    for (const { name, columns } of tablesOf(catalogue)) (names[name.schema] ??= {})[name.name] = columns.map((column) => column.name);
    return names;
  }, [catalogue]);
  const remember = useDebounced((text: string) => patchQuery({ sql: text.length <= LONGEST_ADDRESS ? text : null }));

  const selected = () => {
    const state = view.current?.state;
    if (!state) return { sql: "", offset: 0 };
    const { from, to, head } = state.selection.main;
    const text = state.doc.toString();
    if (from !== to) return { sql: text.slice(from, to), offset: from };
    const statement = statementAt(text, head);
    return statement ? { sql: text.slice(statement.start, statement.end), offset: statement.start } : { sql: "", offset: 0 };
  };
  const runStatement = () => {
    const { sql, offset } = selected();
    runner.run(sql, offset, limit);
  };
  const runAll = () => runner.run(view.current?.state.doc.toString() ?? "", 0, limit);
  const put = (sql: string) => {
    const editor = view.current;
    if (!editor) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: sql }, selection: { anchor: sql.length } });
    editor.focus();
  };
  const running = runner.outcome.kind === "running";

  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-wrap items-center gap-1.5 border-b px-3 py-2">
        <Button variant="primary" disabled={running} onClick={runStatement} title="Ctrl+Enter">
          <Play className="size-3.5" aria-hidden /> Run statement
        </Button>
        <Button disabled={running} onClick={runAll} title="Ctrl+Shift+Enter">Run all</Button>
        {running && (
          <Button variant="danger" onClick={runner.cancel}>
            <Square className="size-3" aria-hidden /> Cancel
          </Button>
        )}
        <Menu align="start" trigger={<Button variant="ghost" disabled={running}>Explain</Button>}>
          <MenuItem onSelect={() => runner.explain(selected().sql, false)}>Explain the statement</MenuItem>
          <MenuItem disabled={readOnly} onSelect={() => runner.explain(selected().sql, true)}>Run and measure it, roll back</MenuItem>
        </Menu>
        <HistoryMenu sincePageLoad={runner.history} onPut={put} />
        <Button variant="ghost" onClick={() => void exportQuery(selected().sql).catch((error: unknown) => toast(explainError(error).message, "bad"))}>Export CSV</Button>
        <span className="flex-1" />
        {readOnly && <span className="text-xs text-muted">read-only: one statement that reads</span>}
        <label className="flex items-center gap-1.5 text-xs text-muted">
          Rows
          <Select aria-label="Row limit" value={limit} onChange={(event) => setLimit(Number(event.target.value))}>
            {limits.map((each) => <option key={each} value={each}>{each.toLocaleString("en-US")}</option>)}
          </Select>
        </label>
      </div>
      <div className="h-[38%] min-h-32 shrink-0 border-b">
        <SqlEditor initial={initial} schema={schema} view={view} onChange={remember} onRunStatement={runStatement} onRunAll={runAll} />
      </div>
      <div className="min-h-0 flex-1">
        <Results outcome={runner.outcome} time={time} />
      </div>
    </div>
  );
}

function useDebounced(work: (text: string) => void): (text: string) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (text) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => work(text), 400);
  };
}
