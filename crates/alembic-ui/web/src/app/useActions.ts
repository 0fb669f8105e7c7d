import { useEnvironment, useStatus } from "@/api/migrations";
import { useChangeSettings, useSettings } from "@/api/settings";
import { explain } from "@/components/States";
import { toast } from "@/components/Toasts";
import { href, navigate } from "./router";
import type { Theme } from "./theme";

/** Something that the palette does. */
export interface Action {
  name: string;
  /** Further words by which it is found. */
  words: string;
  run: () => void;
}

const themes: { theme: Theme; name: string }[] = [
  { theme: "dark", name: "Dark theme" },
  { theme: "light", name: "Light theme" },
  { theme: "system", name: "Theme as the system" },
];

/** What can be done now. What changes the database is asked about on the Migrations screen first. */
export function useActions(onKeys: () => void): Action[] {
  const environment = useEnvironment().data;
  const status = useStatus().data;
  const view = useSettings().data;
  const change = useChangeSettings();
  const canRun = environment?.url != null && !environment.read_only;
  const ask = (command: "upgrade" | "downgrade") => () => navigate(href(["migrations"], { ask: command }));
  const actions: Action[] = [];
  if (canRun && (status?.pending.length ?? 0) > 0) actions.push({ name: "Apply migrations", words: "upgrade", run: ask("upgrade") });
  if (canRun && status?.database?.heads.length === 1) actions.push({ name: "Rollback", words: "downgrade", run: ask("downgrade") });
  for (const { theme, name } of themes) {
    if (view && view.settings.theme !== theme) actions.push({ name, words: "colours", run: () => void change.mutateAsync({ ...view.settings, theme }).catch((error: unknown) => toast(explain(error).message, "bad")) });
  }
  actions.push({ name: "Show keys", words: "help shortcuts", run: onKeys });
  return actions;
}
