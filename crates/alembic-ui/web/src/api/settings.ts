/** What the server keeps for this page, and what it knows of its own start. */

import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "./client";
import { keys } from "./migrations";
import type { Settings, SettingsView, Versions } from "./types";

const key = ["settings"] as const;

/** The settings, loaded once. */
export function useSettings() {
  return useQuery({ queryKey: key, queryFn: ({ signal }) => request<SettingsView>("/api/settings", { signal }), staleTime: Infinity });
}

/**
 * The settings as controls show them, the way to change some of them, and why the last change was refused.
 *
 * What one has chosen counts within the event that chose it: a check box that waits for a cache or a server jumps back
 * until then. When the server refuses, what held before is shown again.
 */
export function useChosenSettings(view: SettingsView): { settings: Settings; put: (patch: Partial<Settings>) => void; error: Error | null } {
  const change = useChangeSettings();
  const [chosen, choose] = useState<Settings | null>(null);
  const settings = chosen ?? view.settings;
  const put = (patch: Partial<Settings>) => {
    const wanted = { ...settings, ...patch };
    choose(wanted);
    // Called for the last change alone: one that is still on its way stays shown.
    change.mutate(wanted, { onSettled: () => choose(null) });
  };
  return { settings, put, error: change.error };
}

/** Puts settings in the place of those that hold, one change after the other: for the whole page at once, and back again when the server refuses. */
function useChangeSettings() {
  const client = useQueryClient();
  return useMutation({
    scope: { id: "settings" },
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
