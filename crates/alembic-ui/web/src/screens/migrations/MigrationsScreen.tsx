import { useCallback, useEffect, useMemo, useState } from "react";
import { ChevronsDownUp, ChevronsUpDown } from "lucide-react";
import { useEnvironment, useGraph, useProblems, useRuns, useStatus } from "@/api/migrations";
import type { History, Status } from "@/api/types";
import { patchQuery, usePlace } from "@/app/router";
import { Button } from "@/components/Button";
import { SearchBox } from "@/components/Field";
import { Menu, MenuItem, MenuLabel } from "@/components/Menu";
import { Empty, Failure, Skeleton } from "@/components/States";
import { plural } from "@/lib/format";
import { Detail } from "./Detail";
import { layOut, search } from "./graph/items";
import { Problems } from "./Problems";
import { RevisionList } from "./RevisionList";
import { OutputDialog } from "./run/OutputDialog";
import { RunDialog } from "./run/RunDialog";
import type { RunRequest } from "./run/request";

/** The first screen: the history, what is pending, and the two buttons that change the database. */
export function MigrationsScreen() {
  const status = useStatus();
  const graph = useGraph();
  const runs = useRuns();
  const environment = useEnvironment();
  const problems = useProblems();
  const { query } = usePlace();
  const [asked, setAsked] = useState<RunRequest | null>(null);
  const runId = query.get("run");
  const history = graph.data;
  const canRun = environment.data?.url != null && !environment.data.read_only;
  const ask = query.get("ask");
  const heads = history?.heads.length ?? 0;
  useEffect(() => {
    // The palette asks by the address; nothing runs before the dialog is confirmed.
    if (!ask || !history || !environment.data) return;
    if (canRun && ask === "upgrade") setAsked(applyAll(heads));
    if (canRun && ask === "downgrade") setAsked({ command: "downgrade", target: "-1" });
    patchQuery({ ask: null });
  }, [ask, history, heads, canRun, environment.data]);
  const openRun = useCallback((id: string | null) => patchQuery({ run: id }), []);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Toolbar status={status.data} history={history} canRun={canRun} onRun={setAsked} />
      {problems.data && <Problems problems={problems.data} noted={history?.problems ?? []} />}
      <div className="min-h-0 flex-1">
        {graph.isPending && <Skeleton lines={16} label="Loading history" />}
        {graph.isError && !history && (problems.data?.errors.length ?? 0) === 0 && <Failure error={graph.error} title="The history cannot be read" />}
        {history && !graph.isError && <Browser history={history} canRun={canRun} onRun={setAsked} />}
      </div>
      {asked && (
        <RunDialog
          request={asked}
          onClose={() => setAsked(null)}
          onStarted={(id) => {
            setAsked(null);
            openRun(id);
          }}
        />
      )}
      {runId && <OutputDialog key={runId} id={runId} listed={runs.data?.find((run) => run.id === runId) ?? null} onClose={() => openRun(null)} />}
    </div>
  );
}

function Toolbar({ status, history, canRun, onRun }: { status: Status | undefined; history: History | undefined; canRun: boolean; onRun: (request: RunRequest) => void }) {
  const { query } = usePlace();
  const heads = history?.heads ?? [];
  const all = query.get("all") === "1";
  const pending = status?.pending.length ?? 0;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-3 py-2">
      <SearchBox label="Search revisions" className="w-64 max-sm:w-full" value={query.get("q") ?? ""} onChange={(text) => patchQuery({ q: text })} />
      <span className="text-xs text-muted max-lg:hidden">
        {history && `${plural(history.revisions.length, "revision")}, ${plural(heads.length, "head")}`}
      </span>
      <Button variant="ghost" className="max-sm:hidden" aria-pressed={all} onClick={() => patchQuery({ all: all ? null : "1" })}>
        {all ? <ChevronsDownUp className="size-3.5" aria-hidden /> : <ChevronsUpDown className="size-3.5" aria-hidden />}
        {all ? "Fold long runs" : "Unfold all"}
      </Button>
      <span className="flex-1" />
      <Rollback status={status} history={history} disabled={!canRun} onRun={onRun} />
      <Button variant="primary" disabled={!canRun || pending === 0} onClick={() => onRun(applyAll(heads.length))} title={heads.length > 1 ? "upgrade heads" : "upgrade head"}>
        Apply migrations
      </Button>
    </div>
  );
}

/** Everything that is pending, on every branch. */
function applyAll(heads: number): RunRequest {
  return { command: "upgrade", target: heads > 1 ? "heads" : "head" };
}

/** One step down; where the database has several heads, one asks which branch. */
function Rollback({ status, history, disabled, onRun }: { status: Status | undefined; history: History | undefined; disabled: boolean; onRun: (request: RunRequest) => void }) {
  const at = status?.database?.heads ?? [];
  if (at.length < 2) {
    return (
      <Button disabled={disabled || at.length === 0} onClick={() => onRun({ command: "downgrade", target: "-1" })} title="downgrade -1">
        Rollback
      </Button>
    );
  }
  const message = (id: string) => history?.revisions.find((revision) => revision.id === id)?.message.split("\n")[0] ?? "not in this project";
  return (
    <Menu trigger={<Button disabled={disabled}>Rollback</Button>}>
      <MenuLabel>The database has {at.length} heads. Roll back</MenuLabel>
      {at.map((id) => (
        <MenuItem key={id} onSelect={() => onRun({ command: "downgrade", target: `${id}@-1` })}>
          <code className="mr-2 text-muted">{id}</code>
          {message(id)}
        </MenuItem>
      ))}
    </Menu>
  );
}

function Browser({ history, canRun, onRun }: { history: History; canRun: boolean; onRun: (request: RunRequest) => void }) {
  const { query } = usePlace();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const words = query.get("q")?.trim() ?? "";
  const selected = query.get("rev");
  const all = query.get("all") === "1";
  const lines = useMemo(() => (words ? null : layOut(history, { open, all, selected })), [history, words, open, all, selected]);
  const items = useMemo(() => lines?.items ?? search(history, words), [lines, history, words]);
  const revision = useMemo(() => history.revisions.find((each) => each.id === selected) ?? null, [history, selected]);
  const select = useCallback((id: string) => patchQuery({ rev: id }), []);
  const unfold = useCallback((id: string) => setOpen((before) => new Set([...before, id])), []);
  const showSource = useCallback((id: string) => {
    patchQuery({ rev: id });
    setTimeout(() => document.getElementById("revision-source")?.scrollIntoView({ block: "start" }), 150);
  }, []);
  if (history.revisions.length === 0) {
    return (
      <Empty title="This project has no revisions yet">
        Make the first one with <code>alembic-rs revision -m "create users"</code>; it shows here by itself.
      </Empty>
    );
  }
  return (
    <div className="flex h-full min-h-0 max-lg:flex-col">
      <div className="min-h-0 min-w-0 flex-1">
        {items.length === 0 ? (
          <Empty title={`No revision matches “${words}”`} action={<Button onClick={() => patchQuery({ q: null })}>Clear search</Button>} />
        ) : (
          <RevisionList history={history} lines={lines} items={items} selected={selected} onSelect={select} onUnfold={unfold} canRun={canRun} onRun={onRun} onShowSource={showSource} />
        )}
      </div>
      {revision && (
        <div className="min-h-0 border-line max-lg:h-1/2 max-lg:border-t lg:w-[440px] lg:border-l xl:w-[480px]">
          <Detail key={revision.id} history={history} revision={revision} onSelect={select} onClose={() => patchQuery({ rev: null })} canRun={canRun} onRun={onRun} onShowSource={() => showSource(revision.id)} />
        </div>
      )}
    </div>
  );
}
