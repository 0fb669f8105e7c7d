import { useCallback, useEffect, useRef, useState } from "react";
import type { QueryOutcome } from "@/api/browser";
import { cancelQuery, explainQuery, runQuery } from "@/api/query";

/** What the last run of the editor gave. `offset` is where its SQL began in the editor. */
export type Outcome =
  | { kind: "none" }
  | { kind: "running"; since: number }
  | { kind: "cancelled" }
  | { kind: "results"; sql: string; offset: number; outcome: QueryOutcome }
  | { kind: "plan"; plan: string; elapsed: number }
  | { kind: "failed"; error: unknown };

/** One line of what was run since the page was loaded. */
export interface Ran {
  sql: string;
  at: Date;
}

const MOST_REMEMBERED = 100;

/** Kept in memory alone: what a browser stores would belong to the next program on this port too. */
let remembered: Ran[] = [];

/** Runs SQL, one piece at a time, and cancels it. */
export function useRunner() {
  const [outcome, setOutcome] = useState<Outcome>({ kind: "none" });
  const [history, setHistory] = useState(remembered);
  const stop = useRef<AbortController | null>(null);
  const going = useRef<string | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const start = useCallback(async (work: (signal: AbortSignal) => Promise<Outcome>) => {
    stop.current?.abort();
    const mine = new AbortController();
    stop.current = mine;
    setOutcome({ kind: "running", since: Date.now() });
    try {
      const next = await work(mine.signal);
      if (stop.current === mine) setOutcome(next);
    } catch (error) {
      if (stop.current === mine) setOutcome(mine.signal.aborted ? { kind: "cancelled" } : { kind: "failed", error });
    }
  }, []);

  const named = useCallback(async <T>(work: (id: string) => Promise<T>): Promise<T> => {
    const id = crypto.randomUUID();
    going.current = id;
    try {
      return await work(id);
    } finally {
      if (going.current === id) going.current = null;
    }
  }, []);

  const run = useCallback(
    (sql: string, offset: number, rowLimit: number) => {
      if (sql.trim() === "") return;
      remembered = [{ sql, at: new Date() }, ...remembered.filter((each) => each.sql !== sql)].slice(0, MOST_REMEMBERED);
      setHistory(remembered);
      void start(async (signal) => ({ kind: "results", sql, offset, outcome: await named((id) => runQuery(id, { sql, row_limit: rowLimit }, signal)) }));
    },
    [start, named],
  );
  const explain = useCallback(
    (sql: string, analyze: boolean) => {
      if (sql.trim() === "") return;
      void start(async (signal) => {
        const { plan, elapsed_ms } = await explainQuery({ sql, analyze, format: "text" }, signal);
        return { kind: "plan", plan, elapsed: elapsed_ms };
      });
    },
    [start],
  );
  /** The server is told first; giving up the request alone would do it too, a moment later. */
  const cancel = useCallback(() => {
    const giveUp = () => stop.current?.abort();
    if (going.current) void cancelQuery(going.current).catch(() => undefined).finally(giveUp);
    else giveUp();
  }, []);
  return { outcome, history, run, explain, cancel };
}
