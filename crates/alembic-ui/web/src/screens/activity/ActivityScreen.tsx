import { useState } from "react";
import type { SessionActivity, TableLock } from "@/api/browser";
import { useActivity, useSlowStatements, useStopSession } from "@/api/activity";
import { useEnvironment } from "@/api/migrations";
import { patchQuery, usePlace } from "@/app/router";
import { Badge, type Tone } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Checkbox } from "@/components/Field";
import { NoBrowser } from "@/components/NoBrowser";
import { Empty, Failure, Skeleton } from "@/components/States";
import { count, duration, plural } from "@/lib/format";
import { fullName } from "../data/model";
import { Cell, Table } from "./Table";

const views = ["connections", "locks", "slow queries"] as const;

/** Who is connected, what they do and wait for. */
export default function ActivityScreen() {
  const environment = useEnvironment();
  const { query } = usePlace();
  const view = views.find((each) => each === query.get("view")) ?? "connections";
  if (environment.isPending) return <Skeleton label="Loading activity" />;
  if (environment.data && !environment.data.browsable) return <NoBrowser environment={environment.data} what="Connections" />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div role="tablist" aria-label="Activity" className="flex shrink-0 gap-1 border-b px-3">
        {views.map((each) => (
          <button key={each} type="button" role="tab" aria-selected={view === each} onClick={() => patchQuery({ view: each === "connections" ? null : each })} className={`border-b-2 px-2 py-2 text-sm first-letter:uppercase ${view === each ? "border-b-accent text-text" : "border-b-transparent text-muted hover:text-text"}`}>
            {each}
          </button>
        ))}
      </div>
      <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label={view}>
        {view === "connections" && <Connections readOnly={environment.data?.read_only ?? true} />}
        {view === "locks" && <Locks />}
        {view === "slow queries" && <Slow />}
      </div>
    </div>
  );
}

const seconds = (value: number | null) => (value === null ? "" : duration(value * 1000));

function stateTone({ state, blocked_by }: SessionActivity): Tone {
  if (blocked_by.length > 0) return "broken";
  if (state === "active") return "applied";
  return state?.startsWith("idle in transaction") ? "pending" : "neutral";
}

function Connections({ readOnly }: { readOnly: boolean }) {
  const activity = useActivity();
  const [all, setAll] = useState(false);
  const [asked, setAsked] = useState<{ session: SessionActivity; how: "cancel" | "terminate" } | null>(null);
  if (activity.isPending) return <Skeleton label="Loading connections" />;
  if (activity.isError && !activity.data) return <Failure error={activity.error} title="The connections cannot be read" />;
  const shown = activity.data.sessions.filter((session) => all || (!session.is_own && session.backend_type === "client backend"));
  return (
    <>
      <div className="flex items-center gap-3 px-3 py-2">
        <span className="text-xs text-muted">{plural(shown.length, "connection")}, read every 2 s</span>
        <span className="flex-1" />
        <Checkbox label="Own connections and background processes" checked={all} onChange={setAll} />
      </div>
      {shown.length === 0 ? (
        <Empty title="Nobody else is connected" />
      ) : (
        <Table label="Connections" columns={["Process", "User", "Application", "State", "Waits for", "Query", "Since", "Transaction", ""]}>
          {shown.map((session) => (
            <tr key={session.pid} className="border-b align-top hover:bg-hover/60">
              <Cell mono>{session.pid}</Cell>
              <Cell>{session.user}</Cell>
              <Cell><span className="whitespace-nowrap">{session.application_name || session.backend_type}</span>{session.client_address && <span className="block text-xs text-faint">{session.client_address}</span>}</Cell>
              <Cell>
                <Badge tone={stateTone(session)}>{session.blocked_by.length > 0 ? "blocked" : (session.state ?? "unknown")}</Badge>
                {session.blocked_by.length > 0 && <span className="mt-0.5 block text-xs text-broken">by {session.blocked_by.join(", ")}</span>}
              </Cell>
              <Cell>{session.wait_event_type && <span className="text-xs">{session.wait_event_type}: {session.wait_event}</span>}</Cell>
              <Cell wide mono><span className="line-clamp-3 break-all whitespace-pre-wrap" title={session.query ?? undefined}>{session.query}</span></Cell>
              <Cell number>{seconds(session.query_seconds)}</Cell>
              <Cell number>{seconds(session.transaction_seconds)}</Cell>
              <Cell>
                {!readOnly && session.backend_type === "client backend" && (
                  <span className="flex gap-1">
                    <Button variant="ghost" className="h-6 px-1.5 text-xs" aria-label={`Cancel query of ${session.pid}`} disabled={session.state !== "active"} onClick={() => setAsked({ session, how: "cancel" })}>Cancel query</Button>
                    <Button variant="ghost" className="h-6 px-1.5 text-xs text-broken" aria-label={`Terminate ${session.pid}`} onClick={() => setAsked({ session, how: "terminate" })}>Terminate</Button>
                  </span>
                )}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
      {asked && <StopDialog {...asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function StopDialog({ session, how, onClose }: { session: SessionActivity; how: "cancel" | "terminate"; onClose: () => void }) {
  const stop = useStopSession();
  const title = how === "cancel" ? `Cancel the query of process ${session.pid}?` : `Terminate process ${session.pid}?`;
  return (
    <Dialog
      title={title}
      description={how === "cancel" ? "Its statement ends with an error; the connection stays." : "Its connection ends and what it has not committed is rolled back."}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button variant="danger" disabled={stop.isPending} onClick={() => stop.mutate({ pid: session.pid, how }, { onSuccess: onClose })}>{how === "cancel" ? "Cancel query" : "Terminate"}</Button>
        </>
      }
    >
      {stop.isError && <Failure error={stop.error} compact />}
      <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-1 px-4 py-3 text-sm">
        <dt className="text-muted">User</dt>
        <dd>{session.user}</dd>
        <dt className="text-muted">Application</dt>
        <dd>{session.application_name || "unnamed"}</dd>
        <dt className="text-muted">Query</dt>
        <dd className="font-mono text-xs leading-5 break-all whitespace-pre-wrap">{session.query}</dd>
      </dl>
    </Dialog>
  );
}

function Locks() {
  const activity = useActivity();
  if (activity.isPending) return <Skeleton label="Loading locks" />;
  if (activity.isError && !activity.data) return <Failure error={activity.error} title="The locks cannot be read" />;
  const { locks } = activity.data;
  if (locks.length === 0) return <Empty title="No table is locked">While a migration runs, the tables that it holds are listed here.</Empty>;
  const waitingFirst = [...locks].sort((a: TableLock, b: TableLock) => Number(a.is_granted) - Number(b.is_granted));
  return (
    <Table label="Locks" columns={["Process", "Table", "Mode", "State"]}>
      {waitingFirst.map((lock, at) => (
        <tr key={at} className="border-b hover:bg-hover/60">
          <Cell mono>{lock.pid}</Cell>
          <Cell>{fullName(lock.table)}</Cell>
          <Cell mono>{lock.mode}</Cell>
          <Cell><Badge tone={lock.is_granted ? "neutral" : "broken"}>{lock.is_granted ? "held" : "waited for"}</Badge></Cell>
        </tr>
      ))}
    </Table>
  );
}

function Slow() {
  const slow = useSlowStatements();
  if (slow.isPending) return <Skeleton label="Loading slow queries" />;
  if (slow.isError && !slow.data) return <Failure error={slow.error} title="The statistics cannot be read" />;
  if (slow.data.kind === "unavailable") return <Empty title={slow.data.reason}><span className="whitespace-pre-wrap">{slow.data.help}</span></Empty>;
  if (slow.data.statements.length === 0) return <Empty title="pg_stat_statements has counted nothing yet" />;
  return (
    <Table label="Slow queries" columns={["Total", "Mean", "Calls", "Rows", "From cache", "Query"]} numbers={5}>
      {slow.data.statements.map((statement, at) => (
        <tr key={at} className="border-b align-top hover:bg-hover/60">
          <Cell number>{duration(statement.total_ms)}</Cell>
          <Cell number>{duration(statement.mean_ms)}</Cell>
          <Cell number>{count(statement.calls)}</Cell>
          <Cell number>{count(statement.rows)}</Cell>
          <Cell number>{statement.cache_hit_ratio === null ? "" : `${(statement.cache_hit_ratio * 100).toFixed(1)} %`}</Cell>
          <Cell wide mono><span className="line-clamp-4 break-all whitespace-pre-wrap" title={statement.query}>{statement.query}</span></Cell>
        </tr>
      ))}
    </Table>
  );
}
