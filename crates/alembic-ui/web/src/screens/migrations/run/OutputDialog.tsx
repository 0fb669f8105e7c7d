import { useCancelRun, type Run } from "@/api/migrations";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/States";
import { cx } from "@/lib/cx";
import { OutputLog } from "./OutputLog";
import { useOutput } from "./useOutput";

interface Props {
  id: string;
  /** What the server's list says of this run, when it is there. */
  run: Run | null;
  onClose: () => void;
}

/** The output of a run, live; it can be left and come back to. */
export function OutputDialog({ id, run, onClose }: Props) {
  const { output, error } = useOutput(id);
  const cancel = useCancelRun();
  const { end, connection } = output;
  const running = end === null && !error;
  return (
    <Dialog
      wide
      dismissable={false}
      title={run ? `${run.command} ${run.target}` : "Migration run"}
      description={running ? (connection === "reconnecting" ? "connection lost, taking it up again…" : "running; closing this window does not stop it") : "finished"}
      onClose={onClose}
      footer={
        <>
          {end && (
            <p className={cx("mr-auto flex items-center gap-2 text-sm", end.outcome === "succeeded" ? "text-applied" : end.outcome === "failed" ? "text-broken" : "text-pending")}>
              <span aria-hidden>{end.outcome === "succeeded" ? "✓" : end.outcome === "failed" ? "✕" : "■"}</span>
              <span role="alert">{end.message}</span>
            </p>
          )}
          {running && (
            <Button variant="danger" disabled={cancel.isPending} onClick={() => cancel.mutate(id)}>
              {cancel.isSuccess ? "Cancel again" : "Cancel"}
            </Button>
          )}
          <Button variant={end ? "primary" : "default"} onClick={onClose}>
            {running ? "Leave running" : "Done"}
          </Button>
        </>
      }
    >
      {error ? <Failure error={error} title="The output cannot be shown" /> : null}
      {cancel.isError && <Failure error={cancel.error} title="The run was not cancelled" compact />}
      <OutputLog output={output} />
    </Dialog>
  );
}
