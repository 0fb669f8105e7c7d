/** What the server keeps for this page, and what it knows of its own start. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "./client";

export interface Settings {
  theme: "dark" | "light" | "system";
  page_rows: number;
  read_only: boolean;
  time_display: "stored" | "local";
}

const key = ["settings"] as const;

/** The settings, loaded once. */
export function useSettings() {
  return useQuery({ queryKey: key, queryFn: ({ signal }) => request<Settings>("/api/settings", { signal }), staleTime: Infinity });
}

/** Changes some settings. */
export function useChangeSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: Partial<Settings>) => request<Settings>("/api/settings", { method: "PATCH", body: patch }),
    onSuccess: (settings) => client.setQueryData(key, settings),
  });
}
