/** What the server keeps for this page, and what it knows of its own start. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "./client";
import { keys } from "./migrations";
import type { Settings, SettingsView, Versions } from "./types";

const key = ["settings"] as const;

/** The settings, loaded once. */
export function useSettings() {
  return useQuery({ queryKey: key, queryFn: ({ signal }) => request<SettingsView>("/api/settings", { signal }), staleTime: Infinity });
}

/** Puts settings in the place of those that hold: at once here, and back again when the server refuses. */
export function useChangeSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (settings: Settings) => request<SettingsView>("/api/settings", { method: "PUT", body: settings }),
    onMutate: (settings) => {
      const before = client.getQueryData<SettingsView>(key);
      if (before) client.setQueryData(key, { ...before, settings });
      return before;
    },
    onError: (_error, _settings, before) => client.setQueryData(key, before),
    onSuccess: (view) => {
      client.setQueryData(key, view);
      void client.invalidateQueries({ queryKey: keys.environment });
    },
  });
}

/** The versions of everything that takes part. */
export function useVersions() {
  return useQuery({ queryKey: ["versions"], queryFn: ({ signal }) => request<Versions>("/api/versions", { signal }), staleTime: 60_000 });
}
