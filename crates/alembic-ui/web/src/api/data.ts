/** Server state of the Data screen. Paths stand here and nowhere else. */

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Catalogue, CatalogueTable, Condition, Count, Edit, EditOutcome, Page, PageRequest, RowId, Table, TableName } from "./browser";
import { request } from "./client";

export const dataKeys = {
  catalogue: ["catalogue"] as const,
  table: (name: TableName) => ["table", name.schema, name.name] as const,
  rows: (name: TableName) => ["rows", name.schema, name.name] as const,
};

/** Everything that can be browsed. */
export function useCatalogue(enabled = true) {
  return useQuery({
    queryKey: dataKeys.catalogue,
    queryFn: ({ signal }) => request<Catalogue>("/api/data/catalogue", { signal }),
    staleTime: 10_000,
    enabled,
  });
}

/** All tables of all schemas. */
export function tablesOf(catalogue: Catalogue | undefined): CatalogueTable[] {
  return catalogue?.schemas.flatMap((schema) => schema.tables) ?? [];
}

/** Everything about one table. */
export function useTable(name: TableName) {
  return useQuery({
    queryKey: dataKeys.table(name),
    queryFn: ({ signal }) => request<Table>(`/api/data/tables/${encodeURIComponent(name.schema)}/${encodeURIComponent(name.name)}`, { signal }),
    staleTime: 10_000,
  });
}

/** One page; the one before stays in sight until it is there. */
export function useRows(page: PageRequest, enabled: boolean) {
  return useQuery({
    queryKey: [...dataKeys.rows(page.table), page],
    queryFn: ({ signal }) => request<Page>("/api/data/page", { method: "POST", body: page, signal }),
    placeholderData: keepPreviousData,
    enabled,
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
}

/** How many rows there are: up to a cap, without waiting long for more. */
export function useCount(table: TableName, filters: Condition[], enabled: boolean) {
  return useQuery({
    queryKey: [...dataKeys.rows(table), "count", filters],
    queryFn: ({ signal }) => request<Count>("/api/data/count", { method: "POST", body: { table, filters, kind: { kind: "capped", cap: 50_000 } }, signal }),
    enabled,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

/** Counts every row that fits, for so many milliseconds at most. */
export function useCountExactly() {
  return useMutation({
    mutationFn: ({ table, filters }: { table: TableName; filters: Condition[] }) =>
      request<Count>("/api/data/count", { method: "POST", body: { table, filters, kind: { kind: "exact" }, timeout_ms: 30_000 } }),
  });
}

/** The row that a key names, for a look. */
export function usePeek(table: TableName, columns: string[], values: string[]) {
  const key = columns.map((column, at) => ({ column, value: values[at] ?? "" }));
  return useQuery({
    queryKey: [...dataKeys.rows(table), "peek", key],
    queryFn: ({ signal }) => request<Page>("/api/data/peek", { method: "POST", body: { table, key }, signal }),
    staleTime: 10_000,
  });
}

/** One value in full; null is NULL. */
export async function fullValue(table: TableName, row: RowId, column: string): Promise<string | null> {
  const answer = await request<{ value: string | null }>("/api/data/cell", { method: "POST", body: { table, row, column } });
  return answer.value;
}

/** The SQL of edits, which is not run. */
export async function previewEdits(edits: Edit[], signal?: AbortSignal): Promise<string[]> {
  const preview = await request<{ statements: { edit: number; sql: string }[] }>("/api/data/edits/preview", { method: "POST", body: { edits }, signal });
  return preview.statements.map(({ sql }) => (sql.trimEnd().endsWith(";") ? sql : `${sql};`));
}

/** Runs edits in one transaction; on a conflict nothing is done. */
export function useSaveEdits(table: TableName) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (edits: Edit[]) => request<EditOutcome>("/api/data/edits", { method: "POST", body: { edits } }),
    onSuccess: (outcome) => (outcome.outcome === "applied" ? client.invalidateQueries({ queryKey: dataKeys.rows(table) }) : undefined),
  });
}
