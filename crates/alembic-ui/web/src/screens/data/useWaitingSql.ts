import { useCallback, useMemo, useState } from "react";
import type { Filter } from "./filters";

/** SQL conditions that a person has written or agreed to since this page was loaded. */
const agreed = new Set<string>();

/** Says that a person has seen this condition. */
export function agreeTo(sql: string): void {
  agreed.add(sql);
}

/** The SQL conditions that came with the address and wait for a click. */
export function useWaitingSql(filters: Filter[]): { waiting: ReadonlySet<string>; allow: (sql: string) => void } {
  const [turn, setTurn] = useState(0);
  const waiting = useMemo(() => new Set(filters.flatMap((filter) => (filter.kind === "sql" && !agreed.has(filter.sql) ? [filter.sql] : []))), [filters, turn]);
  const allow = useCallback((sql: string) => {
    agreeTo(sql);
    setTurn((before) => before + 1);
  }, []);
  return { waiting, allow };
}
