import { useEffect, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { followRun, keys } from "@/api/migrations";
import { emptyOutput, takeEvent, type Output } from "./output";

/** Follows the output of run `id` from its first line; reconnects by itself. */
export function useOutput(id: string | null): { output: Output; error: unknown } {
  const [output, setOutput] = useState<Output>(emptyOutput);
  const [error, setError] = useState<unknown>(null);
  const client = useQueryClient();
  useEffect(() => {
    if (!id) return;
    setOutput(emptyOutput);
    setError(null);
    const stop = new AbortController();
    followRun(id, {
      signal: stop.signal,
      onEvent: (event) => {
        setOutput((before) => takeEvent(before, event));
        if (event.event === "end") void Promise.all([keys.status, keys.graph, keys.runs].map((queryKey) => client.invalidateQueries({ queryKey })));
      },
      onState: (connection) => setOutput((before) => ({ ...before, connection })),
    }).catch((reason: unknown) => setError(reason));
    return () => stop.abort();
  }, [id, client]);
  return { output, error };
}
