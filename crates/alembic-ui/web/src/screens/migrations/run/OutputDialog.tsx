import { useCancelRun } from "@/api/migrations";
import type { RunView } from "@/api/types";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/Copy";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/States";
import { cx } from "@/lib/cx";
import { endSentence } from "./output";
import { OutputLog } from "./OutputLog";
import { useOutput } from "./useOutput";

interface Props {
  id: string;
  /** What the server's list says of this run, when it is there. */
  listed: RunView | null;
  onClose: () => void;
}

/** The output of a run, live; it can be left and come back to. */
export function OutputDialog({ id, listed, onClose }: Props) {
  const { output, error } = useOutput(id);
  const cancel = useCancelRun();
  const run = output.run ?? listed;
  const isRunning = !output.isOver && !error;
  return (
    <Dialog
      wide
      dismissable={false}
      title={run ? `${run.command} ${run.target}` : "Migration run"}
      description={isRunning ? liveSentence(run, output.connection) : run?.command_line ?? "finished"}
      onClose={onClose}
      footer={
        <>
          {output.isOver && run && <End run={run} />}
          {isRunning && (
            <Button variant="danger" disabled={cancel.isPending || run?.state === "cancelling"} onClick={() => cancel.mutate(id)}>
              Cancel
            </Button>
          )}
          <Button variant={isRunning ? "default" : "primary"} onClick={onClose}>
            {isRunning ? "Leave it running" : "Done"}
          </Button>
        </>
      }
    >
      {error ? <Failure error={error} title="The output cannot be shown" /> : null}
      {cancel.isError && <Failure error={cancel.error} title="The run was not cancelled" compact />}
      <OutputLog output={output} />
      {run?.backup && (
        <p className="flex items-center gap-2 border-t px-4 py-1.5 text-sm">
          <span className="text-muted">Backup</span>
          <code className="min-w-0 flex-1 break-all">{run.backup}</code>
          <CopyButton text={run.backup} label="Copy path of the backup" />
        </p>
      )}
      {output.isOver && run?.error && (
        <div className="border-t px-4 py-2 text-sm">
          <p className="whitespace-pre-wrap">{run.error.message}</p>
          {run.error.help && <p className="text-muted">help: {run.error.help}</p>}
        </div>
      )}
    </Dialog>
  );
}

function liveSentence(run: RunView | null, connection: string): string {
  if (connection === "reconnecting") return "connection lost, taking it up again…";
  if (run?.state === "cancelling") return "asked to end; it is killed when it does not";
  return "running; leaving this window does not stop it";
}

const ends: Record<string, { glyph: string; look: string }> = {
  succeeded: { glyph: "✓", look: "text-applied" },
  cancelled: { glyph: "■", look: "text-pending" },
  failed: { glyph: "✕", look: "text-broken" },
};

function End({ run }: { run: RunView }) {
  const { glyph, look } = ends[run.state] ?? { glyph: "", look: "" };
  return (
    <p role="alert" className={cx("mr-auto flex items-center gap-2 text-sm", look)}>
      <span aria-hidden>{glyph}</span>
      <span>{endSentence(run)}</span>
    </p>
  );
}
