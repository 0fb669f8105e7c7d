import { lazy, Suspense, type ReactNode } from "react";
import { X } from "lucide-react";
import type { History, Problem, Revision } from "@/api/types";
import { useRevision } from "@/api/migrations";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/Copy";
import { Failure, Skeleton } from "@/components/States";
import { GraphMarks, StateMarks } from "./marks";
import { RevisionMenu } from "./RevisionMenu";
import type { RunRequest } from "./run/request";

const Source = lazy(() => import("./Source"));

interface Props {
  history: History;
  revision: Revision;
  onSelect: (id: string) => void;
  onClose: () => void;
  canRun: boolean;
  onRun: (request: RunRequest) => void;
  onShowSource: () => void;
}

/** Everything about one revision, beside the list. */
export function Detail({ history, revision, onSelect, onClose, canRun, onRun, onShowSource }: Props) {
  const { id, message, docstring, path, line, create_date, down_revision, dependencies } = revision;
  const source = useRevision(id);
  const children = history.revisions.filter((each) => each.down_revision.includes(id)).map((each) => each.id);
  const problems = history.problems.filter((problem) => problem.revision === id || problem.path === path);
  const [title, ...body] = docstringText(docstring || message);
  return (
    <section aria-label="Revision" className="flex h-full min-h-0 flex-col bg-surface">
      <header className="flex items-start gap-2 border-b px-4 py-2.5">
        <div className="min-w-0 flex-1">
          <h2 className="text-base font-semibold break-words">{title || "no message"}</h2>
          <div className="mt-1 flex flex-wrap items-center gap-1.5">
            <code className="text-muted">{id}</code>
            <StateMarks revision={revision} />
            <GraphMarks revision={revision} />
          </div>
        </div>
        <RevisionMenu revision={revision} canRun={canRun} onRun={onRun} onShowSource={onShowSource} />
        <Button variant="ghost" icon aria-label="Close revision" onClick={onClose} className="h-6 w-6">
          <X className="size-4" aria-hidden />
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-auto">
        {problems.map((problem, index) => <ProblemLine key={index} problem={problem} />)}
        {body.length > 0 && <p className="border-b px-4 py-3 text-sm whitespace-pre-wrap">{body.join("\n").trim()}</p>}
        <dl className="grid grid-cols-[92px_minmax(0,1fr)] gap-x-3 gap-y-1.5 px-4 py-3 text-sm">
          <Fact name="Parents"><Links ids={down_revision} history={history} onSelect={onSelect} none="none: a base" /></Fact>
          <Fact name="Children"><Links ids={children} history={history} onSelect={onSelect} none="none: a head" /></Fact>
          {dependencies.length > 0 && <Fact name="Depends on"><Links ids={dependencies} history={history} onSelect={onSelect} none="" /></Fact>}
          {revision.labels.length > 0 && <Fact name="Labels">{revision.labels.join(", ")}</Fact>}
          {create_date && <Fact name="Created">{create_date}</Fact>}
          <Fact name="File">
            <span className="flex items-start gap-1">
              <code className="min-w-0 flex-1 pt-0.5 break-all text-muted">{path}{line ? `:${line}` : ""}</code>
              <CopyButton text={path} label="Copy path" />
            </span>
          </Fact>
        </dl>
        <div id="revision-source" className="border-t">
          {source.isPending && <Skeleton lines={6} label="Loading source" />}
          {source.isError && <Failure compact error={source.error} title="The source cannot be shown" />}
          {source.data && (
            <Suspense fallback={<Skeleton lines={6} label="Loading source" />}>
              <Source text={source.data.source ?? "# the file is gone by now\n"} />
            </Suspense>
          )}
        </div>
      </div>
    </section>
  );
}

/** The docstring without the lines that say the same as the facts below it. */
function docstringText(docstring: string): string[] {
  return docstring.split("\n").filter((line) => !/^(Revision ID|Revises|Create Date|Branch labels|Depends on):/i.test(line.trim()));
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Links({ ids, history, onSelect, none }: { ids: string[]; history: History; onSelect: (id: string) => void; none: string }) {
  if (ids.length === 0) return <span className="text-faint">{none}</span>;
  const messages = new Map(history.revisions.map((revision) => [revision.id, revision.message.split("\n")[0] ?? ""]));
  return (
    <span className="flex flex-col">
      {ids.map((id) =>
        messages.has(id) ? (
          <button key={id} type="button" onClick={() => onSelect(id)} className="flex min-w-0 items-baseline gap-2 text-left hover:underline">
            <code className="shrink-0 text-accent">{id}</code>
            <span className="truncate text-muted">{messages.get(id)}</span>
          </button>
        ) : (
          <code key={id} className="text-broken">{id} (not in this project)</code>
        ),
      )}
    </span>
  );
}

function ProblemLine({ problem }: { problem: Problem }) {
  return (
    <div role="alert" className="border-b border-l-2 border-l-broken bg-broken-soft px-4 py-2 text-sm">
      <p className="break-words whitespace-pre-wrap">{problem.message}</p>
      <p className="mt-0.5 font-mono text-xs break-all text-muted">
        {problem.code}
        {problem.path && `  ${problem.path}${problem.line ? `:${problem.line}` : ""}`}
      </p>
    </div>
  );
}
