/** What a run has written so far, gathered from its stream. */

import type { SseEvent } from "@/api/sse";
import type { RunView } from "@/api/types";
import { duration } from "@/lib/format";

/** One line of output. `at` is when the server read it. */
export interface OutputLine {
  at: Date | null;
  stream: "stdout" | "stderr" | "note";
  text: string;
}

export interface Output {
  lines: OutputLine[];
  /** The run as the stream last told it. */
  run: RunView | null;
  isOver: boolean;
  connection: "connecting" | "open" | "reconnecting";
}

export const emptyOutput: Output = { lines: [], run: null, isOver: false, connection: "connecting" };

/** Adds one event of the stream: a `line`, a `state`, a `gap` of lines that the server let go, or the `end`. */
export function takeEvent(output: Output, { event, data }: SseEvent): Output {
  const facts = JSON.parse(data) as unknown;
  switch (event) {
    case "line": {
      const { stream, time_ms, text } = facts as { stream: OutputLine["stream"]; time_ms: number; text: string };
      return { ...output, lines: [...output.lines, { at: new Date(time_ms), stream, text }] };
    }
    case "gap": {
      const { missed } = facts as { missed: number };
      return { ...output, lines: [...output.lines, { at: null, stream: "note", text: `… ${missed} events are no longer kept` }] };
    }
    case "state":
      return { ...output, run: facts as RunView };
    case "end":
      return { ...output, run: facts as RunView, isOver: true };
    default:
      return output;
  }
}

/** How a run ended, in a sentence. */
export function endSentence(run: RunView): string {
  const took = run.ended_ms === null ? "" : ` after ${duration(run.ended_ms - run.started_ms)}`;
  switch (run.state) {
    case "succeeded":
      return `finished${took}${run.to ? `, database at ${run.to.join(", ") || "base"}` : ""}`;
    case "cancelled":
      return `cancelled${took}${run.to ? `, database at ${run.to.join(", ") || "base"}` : ""}`;
    case "failed":
      return `failed${took}${run.exit_code === null ? "" : ` with exit code ${run.exit_code}`}`;
    default:
      return run.state;
  }
}
