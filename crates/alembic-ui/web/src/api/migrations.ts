/** Server state of the Migrations screen: status, history, sources, runs. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, request, stream, type StreamOptions } from "./client";
import type { History, Plan, Status } from "./types";

export const keys = {
  status: ["status"] as const,
  graph: ["graph"] as const,
  runs: ["runs"] as const,
  revision: (id: string) => ["revision", id] as const,
};

/** Milliseconds between two looks at what may change outside of the page. */
const LOOK_EVERY = 2000;

/** Where the database stands, looked at again every two seconds. */
export function useStatus() {
  return useQuery({
    queryKey: keys.status,
    queryFn: ({ signal }) => request<Status>("/api/status", { signal }),
    refetchInterval: LOOK_EVERY,
    refetchIntervalInBackground: false,
  });
}

/** The history with lanes; asked for again when `fingerprint` changes. */
export function useGraph(fingerprint: string) {
  return useQuery({
    queryKey: [...keys.graph, fingerprint],
    queryFn: ({ signal }) => request<History>("/api/graph", { signal }),
    placeholderData: (before) => before,
    staleTime: 30_000,
  });
}

/** One revision with its source. */
export function useRevision(id: string) {
  return useQuery({
    queryKey: keys.revision(id),
    queryFn: ({ signal }) => request<{ source: string | null }>(`/api/revisions/${encodeURIComponent(id)}`, { signal }),
  });
}

export interface RunBody {
  command: "upgrade" | "downgrade" | "stamp";
  target: string;
  confirm?: string;
  backup?: boolean;
}

export interface Proposal {
  plan: Plan;
  confirm: string;
  argv: string[];
  python: string | null;
  database: string | null;
}

export interface Run {
  id: string;
  command: string;
  target: string;
  state: "running" | "succeeded" | "failed" | "cancelled";
}

/** Asks what a run would do. Nothing runs: the server answers with the plan and the confirmation that belongs to it. */
export async function propose(body: RunBody, signal?: AbortSignal): Promise<Proposal> {
  try {
    await request("/api/runs", { method: "POST", body, signal });
  } catch (error) {
    if (error instanceof ApiError && error.status === 409 && hasPlan(error.body)) return error.body;
    throw error;
  }
  throw new Error("the server started a run that was not confirmed");
}

function hasPlan(body: unknown): body is Proposal {
  return typeof body === "object" && body !== null && "plan" in body && "confirm" in body;
}

/** Starts a confirmed run. */
export function useStartRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: RunBody & { confirm: string }) => request<Run>("/api/runs", { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.runs }),
  });
}

/** Cancels a run: an interrupt first, an end by force after a grace period. */
export function useCancelRun() {
  return useMutation({ mutationFn: (id: string) => request<void>(`/api/runs/${encodeURIComponent(id)}`, { method: "DELETE" }) });
}

/** The runs that the server remembers, newest first. */
export function useRuns() {
  return useQuery({
    queryKey: keys.runs,
    queryFn: ({ signal }) => request<Run[]>("/api/runs", { signal }),
    refetchInterval: LOOK_EVERY,
    refetchIntervalInBackground: false,
  });
}

/** Follows the output of a run. */
export function followRun(id: string, options: StreamOptions): Promise<void> {
  return stream(`/api/runs/${encodeURIComponent(id)}/output`, options);
}
