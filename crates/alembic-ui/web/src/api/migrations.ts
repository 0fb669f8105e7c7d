/** Server state of the Migrations screen: status, history, sources, runs. */

import { useEffect, useRef } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, request, stream, type StreamOptions } from "./client";
import { modelKeys } from "./models";
import type { Changes, Environment, History, Problems, RevisionDetail, RunRequest, RunView, Status, Unconfirmed } from "./types";

export const keys = {
  status: ["status"] as const,
  environment: ["environment"] as const,
  problems: ["problems"] as const,
  graph: ["graph"] as const,
  runs: ["runs"] as const,
  revision: ["revision"] as const,
};

/** Milliseconds between two looks at what may change outside of the page. */
const LOOK_EVERY = 1500;

/** Everything that may look different once the scripts, the database or a run has changed. */
const changing = [keys.status, keys.environment, keys.problems, keys.graph, keys.runs, keys.revision, modelKeys.models, modelKeys.diagram];

/** Asks again and again whether anything has changed, and then has everything asked for anew. Once in the page. */
export function useFollowChanges(): void {
  const client = useQueryClient();
  const before = useRef<string | null>(null);
  const { data, isError } = useQuery({
    queryKey: ["changes"],
    queryFn: ({ signal }) => request<Changes>("/api/changes", { signal }),
    refetchInterval: LOOK_EVERY,
    refetchIntervalInBackground: true,
    retry: false,
  });
  const mark = isError ? "gone" : data ? JSON.stringify(data) : null;
  useEffect(() => {
    if (mark === null) return;
    if (before.current !== null && before.current !== mark) changing.forEach((queryKey) => void client.invalidateQueries({ queryKey }));
    before.current = mark;
  }, [mark, client]);
}

/** Where the database stands. */
export function useStatus() {
  return useQuery({ queryKey: keys.status, queryFn: ({ signal }) => request<Status>("/api/status", { signal }) });
}

/** The project and its database. */
export function useEnvironment() {
  return useQuery({ queryKey: keys.environment, queryFn: ({ signal }) => request<Environment>("/api/environment", { signal }) });
}

/** What is wrong with scripts and configuration. */
export function useProblems() {
  return useQuery({ queryKey: keys.problems, queryFn: ({ signal }) => request<Problems>("/api/problems", { signal }) });
}

/** The history with its lanes. */
export function useGraph() {
  return useQuery({ queryKey: keys.graph, queryFn: ({ signal }) => request<History>("/api/graph", { signal }), staleTime: 60_000 });
}

/** One revision with its source. */
export function useRevision(id: string) {
  return useQuery({
    queryKey: [...keys.revision, id],
    queryFn: ({ signal }) => request<RevisionDetail>(`/api/revisions/${encodeURIComponent(id)}`, { signal }),
  });
}

/** Asks what a run would do. Nothing runs: the server answers 409 with the plan and its confirmation. */
export async function propose(body: RunRequest, signal?: AbortSignal): Promise<Unconfirmed> {
  try {
    await request("/api/runs", { method: "POST", body, signal });
  } catch (error) {
    if (error instanceof ApiError && error.status === 409 && isUnconfirmed(error.body)) return error.body;
    throw error;
  }
  throw new Error("the server started a run that was not confirmed");
}

function isUnconfirmed(body: unknown): body is Unconfirmed {
  return typeof body === "object" && body !== null && "preview" in body && "confirm" in body;
}

/** Starts a confirmed run. */
export function useStartRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: RunRequest & { confirm: string }) => request<RunView>("/api/runs", { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.runs }),
  });
}

/** Cancels a run: an interrupt first, an end by force after a grace period. */
export function useCancelRun() {
  return useMutation({ mutationFn: (id: string) => request<RunView>(`/api/runs/${encodeURIComponent(id)}`, { method: "DELETE" }) });
}

/** The runs that the server remembers, newest first. */
export function useRuns() {
  return useQuery({ queryKey: keys.runs, queryFn: ({ signal }) => request<RunView[]>("/api/runs", { signal }) });
}

/** Whether a run has not ended. */
export function isGoingOn({ state }: RunView): boolean {
  return state === "starting" || state === "running" || state === "cancelling";
}

/** Follows the output of a run. */
export function followRun(id: string, options: StreamOptions): Promise<void> {
  return stream(`/api/runs/${encodeURIComponent(id)}/output`, options);
}
