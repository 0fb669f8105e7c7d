/** SQL that people write: run it, explain it. A request that is aborted is cancelled on the server. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ExplainRequest, Explanation, QueryHistory, QueryOutcome, QueryRequest } from "./browser";
import { request } from "./client";

const historyKey = ["query-history"] as const;

/** Runs the statements of a request in order, up to the first that fails. `id` names the run, so that it can be cancelled. */
export function runQuery(id: string, query: QueryRequest, signal: AbortSignal): Promise<QueryOutcome> {
  return request<QueryOutcome>("/api/queries", { method: "POST", body: { id, query }, signal });
}

/** Tells the server to stop a run; its own answer then says that it was cancelled. */
export function cancelQuery(id: string): Promise<void> {
  return request<void>(`/api/queries/${encodeURIComponent(id)}`, { method: "DELETE" });
}

/** The plan of one statement. */
export function explainQuery(body: ExplainRequest, signal: AbortSignal): Promise<Explanation> {
  return request<Explanation>("/api/queries/explain", { method: "POST", body, signal });
}

/** The statements that were run on this database, by this page or an earlier one. Read anew each time it is looked at. */
export function useQueryHistory(enabled: boolean) {
  return useQuery({ queryKey: historyKey, queryFn: ({ signal }) => request<QueryHistory>("/api/history", { signal }), enabled, staleTime: 0 });
}

/** Has the server forget the statements of every database. */
export function useForgetHistory() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request<void>("/api/history", { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: historyKey }),
  });
}
