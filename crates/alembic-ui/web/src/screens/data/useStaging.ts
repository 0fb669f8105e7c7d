import { useCallback, useEffect, useState } from "react";
import type { TableName } from "@/api/browser";
import { countStaged, nothingStaged, stage, type Staging, type StagingAction } from "./staging";

/** What is staged for each table, for as long as the page lives: going to another screen loses nothing. */
const kept = new Map<string, Staging>();

/** The staged edits of a table, and the way to change them. */
export function useStaging(table: TableName): [Staging, (action: StagingAction) => void] {
  const key = JSON.stringify([table.schema, table.name]);
  const [staging, setStaging] = useState(() => kept.get(key) ?? nothingStaged);
  const dispatch = useCallback(
    (action: StagingAction) => {
      const next = stage(kept.get(key) ?? nothingStaged, action);
      kept.set(key, next);
      setStaging(next);
    },
    [key],
  );
  const any = countStaged(staging).all > 0;
  useEffect(() => {
    if (!any) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [any]);
  return [staging, dispatch];
}
