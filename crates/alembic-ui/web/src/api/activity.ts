/** What the server is doing, asked again every two seconds while it is looked at. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Activity, SlowStatements } from "./browser";
import { request } from "./client";

const LOOK_EVERY = 2000;

const key = ["activity"] as const;

/** The sessions of the server, and the locks that are in someone's way. */
export function useActivity() {
  return useQuery({ queryKey: key, queryFn: ({ signal }) => request<Activity>("/api/activity", { signal }), refetchInterval: LOOK_EVERY });
}

/** The statements that took the most time since they were last counted. */
export function useSlowStatements() {
  return useQuery({ queryKey: ["slow-statements"], queryFn: ({ signal }) => request<SlowStatements>("/api/activity/statements", { signal }), refetchInterval: 10_000 });
}

/** Cancels what a session does, or ends the session. */
export function useStopSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ pid, how }: { pid: number; how: "cancel" | "terminate" }) => request<{ found: boolean }>(`/api/activity/${pid}/${how}`, { method: "POST", body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  });
}
