import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { propose, useEnvironment, useStartRun } from "@/api/migrations";
import type { Preview } from "@/api/types";
import { explain, Failure, Skeleton } from "@/components/States";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/Copy";
import { Dialog } from "@/components/Dialog";
import { Checkbox } from "@/components/Field";
import { Badge } from "@/components/Badge";
import { TypedConfirm } from "@/components/TypedConfirm";
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
  const environment = useEnvironment().data;
  const preview = proposal.data?.preview;
  const name = environment?.database ?? "";
  const mustType = environment?.place === "remote";
  const nothing = preview?.plan.steps.length === 0;
  const ready = preview !== undefined && environment !== undefined && !proposal.isFetching && !nothing && (!mustType || typed === name);
  const run = () => {
    if (!ready || !proposal.data) return;
    const body = { ...request, confirm: proposal.data.confirm, ...(backup ? { backup: true } : {}) };
    start.mutate(body, { onSuccess: (started) => onStarted(started.id), onError: (error) => outdated(error) && void proposal.refetch() });
  };
  return (
    <Dialog
      wide
      title={titles[request.command]}
      description={preview ? summary(request, preview) : `${request.command} to ${request.target}`}
      onClose={onClose}
      footer={
        <>
          {preview?.can_back_up && request.command !== "stamp" && (
            <div className="mr-auto">
              <Checkbox label="Back up first" checked={backup} onChange={setBackup} />
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
      {preview && <Steps preview={preview} />}
      {preview && mustType && (
        <TypedConfirm host={environment?.host ?? ""} name={name} typed={typed} onChange={setTyped} onEnter={run} />
      )}
    </Dialog>
  );
}

function outdated(error: unknown): boolean {
  return explain(error).code === "confirmation-stale";
}

function summary(request: RunRequest, { plan }: Preview): string {
  const target = plan.to.length > 0 ? plan.to.join(", ") : "base, before the first revision";
  if (plan.steps.length === 0) return `nothing to do: the database is at ${target}`;
  const verb = { upgrade: "to apply", downgrade: "to roll back", stamp: "to write" }[request.command];
  return `${plural(plan.steps.length, request.command === "stamp" ? "row" : "revision")} ${verb}, then the database is at ${target}`;
}

function Steps({ preview }: { preview: Preview }) {
  const { plan, command_line, python, database, source } = preview;
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
        <dd className="font-mono text-xs leading-5 break-all">
          {database} <span className="text-faint">from {source}</span>
        </dd>
        {command_line && (
          <>
            <dt className="text-muted">Command</dt>
            <dd className="flex items-start gap-1">
              <code className="min-w-0 flex-1 leading-5 break-all">{command_line}</code>
              <CopyButton text={command_line} label="Copy command" />
            </dd>
          </>
        )}
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
