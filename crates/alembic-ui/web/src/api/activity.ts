/** What the server is doing, asked again every two seconds while it is looked at. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SessionActivity, SlowStatements, TableLock } from "./browser";
import { request } from "./client";

const LOOK_EVERY = 2000;

const key = ["activity"] as const;

/** The sessions of this database server. */
export function useSessions() {
  return useQuery({ queryKey: [...key, "sessions"], queryFn: ({ signal }) => request<SessionActivity[]>("/api/activity/sessions", { signal }), refetchInterval: LOOK_EVERY });
}

/** Locks on tables, held or waited for. */
export function useLocks() {
  return useQuery({ queryKey: [...key, "locks"], queryFn: ({ signal }) => request<TableLock[]>("/api/activity/locks", { signal }), refetchInterval: LOOK_EVERY });
}

/** The statements that took the most time since they were last counted. */
export function useSlowStatements() {
  return useQuery({ queryKey: [...key, "slow"], queryFn: ({ signal }) => request<SlowStatements>("/api/activity/slow", { signal }), refetchInterval: 10_000 });
}

/** Cancels what a session does, or ends the session. */
export function useStopSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ pid, how }: { pid: number; how: "cancel" | "terminate" }) => request<unknown>(`/api/activity/sessions/${pid}/${how}`, { method: "POST", body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  });
}
