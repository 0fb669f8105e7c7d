/** SQL that people write: run it, explain it. A request that is aborted is cancelled on the server. */

import type { ExplainRequest, Explanation, QueryOutcome, QueryRequest } from "./browser";
import { request } from "./client";

/** Runs the statements of a request in order, up to the first that fails. */
export function runQuery(body: QueryRequest, signal: AbortSignal): Promise<QueryOutcome> {
  return request<QueryOutcome>("/api/query", { method: "POST", body, signal });
}

/** The plan of one statement. */
export function explainQuery(body: ExplainRequest, signal: AbortSignal): Promise<Explanation> {
  return request<Explanation>("/api/query/explain", { method: "POST", body, signal });
}
