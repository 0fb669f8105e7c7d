import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { propose, useStartRun, type Proposal } from "@/api/migrations";
import { explain, Failure, Skeleton } from "@/components/States";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/Copy";
import { Dialog } from "@/components/Dialog";
import { Checkbox, Input } from "@/components/Field";
import { Badge } from "@/components/Badge";
import { databasePlace } from "@/lib/database";
import { plural } from "@/lib/format";
import { fileName } from "../graph/items";
import type { RunRequest } from "./request";

interface Props {
  request: RunRequest;
  onStarted: (runId: string) => void;
  onClose: () => void;
}

const titles = { upgrade: "Apply migrations", downgrade: "Roll back migrations", stamp: "Stamp the database" };

/** Shows what a run would do and starts it when it is confirmed. */
export function RunDialog({ request, onStarted, onClose }: Props) {
  const proposal = useQuery({
    queryKey: ["proposal", request.command, request.target],
    queryFn: ({ signal }) => propose(request, signal),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const start = useStartRun();
  const [backup, setBackup] = useState(false);
  const [typed, setTyped] = useState("");
  const place = proposal.data?.database ? databasePlace(proposal.data.database) : null;
  const mustType = place !== null && !place.local;
  const nothing = proposal.data?.plan.steps.length === 0;
  const ready = proposal.data !== undefined && !proposal.isFetching && !nothing && (!mustType || typed === place?.name);
  const run = () => {
    if (!ready || !proposal.data) return;
    const body = { ...request, confirm: proposal.data.confirm, ...(backup ? { backup: true } : {}) };
    start.mutate(body, { onSuccess: (started) => onStarted(started.id), onError: (error) => outdated(error) && void proposal.refetch() });
  };
  return (
    <Dialog
      wide
      title={titles[request.command]}
      description={proposal.data ? summary(request, proposal.data) : `${request.command} to ${request.target}`}
      onClose={onClose}
      footer={
        <>
          {request.command !== "stamp" && proposal.data && place && place.host !== undefined && (
            <div className="mr-auto">
              <Checkbox label="Back up first (pg_dump)" checked={backup} onChange={setBackup} disabled={!proposal.data.database?.startsWith("postgres")} />
            </div>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button variant={mustType || request.command !== "upgrade" ? "danger" : "primary"} disabled={!ready || start.isPending} onClick={run}>
            Run
          </Button>
        </>
      }
    >
      {proposal.isPending && <Skeleton lines={5} label="Working out the steps" />}
      {proposal.isError && <Failure error={proposal.error} title="This cannot run" />}
      {start.isError && <Failure error={start.error} title={outdated(start.error) ? "Something changed since this was shown; look again, then Run" : "The run did not start"} />}
      {proposal.data && <Steps proposal={proposal.data} />}
      {proposal.data && mustType && (
        <label className="block border-t border-l-2 border-l-broken px-4 py-3 text-sm">
          <span>
            <b className="font-semibold text-broken">{place.host}</b> is not this machine. Type the name of the database, <code className="font-semibold">{place.name}</code>, to run this there.
          </span>
          <Input aria-label="Name of the database" mono className="mt-2 w-64" value={typed} onChange={(event) => setTyped(event.target.value)} onKeyDown={(event) => event.key === "Enter" && run()} />
        </label>
      )}
    </Dialog>
  );
}

function outdated(error: unknown): boolean {
  return explain(error).code?.includes("confirm") ?? false;
}

function summary(request: RunRequest, { plan }: Proposal): string {
  const target = plan.to.length > 0 ? plan.to.join(", ") : "base, before the first revision";
  if (plan.steps.length === 0) return `nothing to do: the database is at ${target}`;
  const verb = { upgrade: "to apply", downgrade: "to roll back", stamp: "to write" }[request.command];
  return `${plural(plan.steps.length, request.command === "stamp" ? "row" : "revision")} ${verb}, then the database is at ${target}`;
}

function Steps({ proposal }: { proposal: Proposal }) {
  const { plan, argv, python, database } = proposal;
  return (
    <>
      {plan.warnings.map((warning) => <p key={warning} className="border-b border-l-2 border-l-pending bg-pending-soft px-4 py-2 text-sm">{warning}</p>)}
      <ol aria-label="Steps" className="max-h-72 overflow-auto py-1">
        {plan.steps.map((step, index) => (
          <li key={`${index} ${step.revision}`} className="flex items-baseline gap-3 px-4 py-1 text-sm">
            <span className="w-6 shrink-0 text-right text-xs text-faint">{index + 1}</span>
            <Badge tone={plan.direction === "up" ? "pending" : "neutral"}>{step.command}</Badge>
            <code className="shrink-0 text-muted">{step.revision}</code>
            <span className="min-w-0 flex-1 truncate" title={step.message}>{step.message.split("\n")[0]}</span>
            <span className="max-w-[38%] truncate font-mono text-xs text-faint max-md:hidden" title={step.path}>{fileName(step.path)}</span>
          </li>
        ))}
      </ol>
      <dl className="grid grid-cols-[84px_minmax(0,1fr)] items-start gap-x-3 gap-y-1 border-t px-4 py-3 text-sm">
        <dt className="text-muted">Database</dt>
        <dd className="font-mono text-xs leading-5 break-all">{database ?? "not known"}</dd>
        <dt className="text-muted">Command</dt>
        <dd className="flex items-start gap-1">
          <code className="min-w-0 flex-1 leading-5 break-all">{argv.join(" ")}</code>
          {argv.length > 0 && <CopyButton text={argv.join(" ")} label="Copy command" />}
        </dd>
        {python && (
          <>
            <dt className="text-muted">Python</dt>
            <dd className="font-mono text-xs leading-5 break-all">{python}</dd>
          </>
        )}
      </dl>
    </>
  );
}
