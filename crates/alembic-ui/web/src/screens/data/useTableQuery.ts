import { useMemo } from "react";
import { patchQuery, usePlace } from "@/app/router";
import type { SortKey } from "@/components/grid/types";
import { readFilter, readSort, writeFilter, writeSort, type Filter } from "./filters";
import type { Position } from "@/api/browser";

/** What of a table is shown, as the address says it, and the ways to change that. */
export interface TableQuery {
  filters: Filter[];
  sort: SortKey[];
  at: Position;
  hidden: ReadonlySet<string>;
  setFilters: (filters: Filter[]) => void;
  setSort: (sort: SortKey[]) => void;
  goTo: (at: Position) => void;
  setHidden: (hidden: ReadonlySet<string>) => void;
}

/** Reads filters (`f`), order (`s`), page (`at`) and hidden columns (`hide`) from the address. */
export function useTableQuery(): TableQuery {
  const { query } = usePlace();
  const text = query.toString();
  return useMemo(() => {
    const read = new URLSearchParams(text);
    return {
      filters: read.getAll("f").map(readFilter).filter((filter) => filter !== null),
      sort: read.getAll("s").map(readSort).filter((key) => key !== null),
      at: readAt(read.get("at")),
      hidden: new Set(read.getAll("hide")),
      setFilters: (filters) => patchQuery({ f: filters.map(writeFilter), at: null }, { replace: false }),
      setSort: (sort) => patchQuery({ s: sort.map(writeSort), at: null }),
      goTo: (at) => patchQuery({ at: writeAt(at) }),
      setHidden: (hidden) => patchQuery({ hide: [...hidden] }),
    };
  }, [text]);
}

/** `last`, `after:CURSOR`, `before:CURSOR`; anything else is the first page. */
export function readAt(text: string | null): Position {
  if (text === "last") return { at: "last" };
  const match = /^(after|before):([\s\S]+)$/.exec(text ?? "");
  return match ? { at: match[1] as "after" | "before", cursor: match[2]! } : { at: "first" };
}

/** The inverse of `readAt`; null for the first page. */
export function writeAt(position: Position): string | null {
  if ("cursor" in position) return `${position.at}:${position.cursor}`;
  return position.at === "last" ? "last" : null;
}
