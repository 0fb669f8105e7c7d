/** What a run has written so far, gathered from its stream. */

import type { SseEvent } from "@/api/sse";

/** One line of output. `at` is when the server read it. */
export interface OutputLine {
  at: Date | null;
  stream: "stdout" | "stderr" | "note";
  text: string;
}

/** How a run ended. */
export interface RunEnd {
  outcome: "succeeded" | "failed" | "cancelled";
  /** The sentence for people. */
  message: string;
}

export interface Output {
  lines: OutputLine[];
  end: RunEnd | null;
  connection: "connecting" | "open" | "reconnecting";
}

export const emptyOutput: Output = { lines: [], end: null, connection: "connecting" };

/** Adds one event of the stream to `output`. */
export function takeEvent(output: Output, event: SseEvent): Output {
  const facts = parse(event.data);
  if (event.event === "end") return { ...output, end: endOf(facts) };
  const line: OutputLine = {
    at: typeof facts["at"] === "string" ? new Date(facts["at"]) : null,
    stream: facts["stream"] === "stderr" ? "stderr" : facts["stream"] === "stdout" ? "stdout" : "note",
    text: String(facts["text"] ?? facts["line"] ?? ""),
  };
  return { ...output, lines: [...output.lines, line] };
}

function endOf(facts: Record<string, unknown>): RunEnd {
  const state = String(facts["state"] ?? facts["outcome"] ?? "");
  const outcome = state === "succeeded" || state === "cancelled" ? state : "failed";
  return { outcome, message: String(facts["message"] ?? facts["error"] ?? outcome) };
}

function parse(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : { text: data };
  } catch {
    return { text: data };
  }
}
