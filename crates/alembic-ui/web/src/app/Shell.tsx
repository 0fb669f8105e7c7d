import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { useFollowChanges, useStatus } from "@/api/migrations";
import { useSettings } from "@/api/settings";
import { Skeleton } from "@/components/States";
import { Boundary } from "./Boundary";
import { Banner } from "./Banner";
import { EnvironmentBar } from "./EnvironmentBar";
import { useKeys } from "./keys";
import { Rail } from "./Rail";
import { usePlace } from "./router";
import { screenOf } from "./screens";
import { applyTheme } from "./theme";

const loadPalette = () => import("./Palette");
const Palette = lazy(loadPalette);
const KeysHelp = lazy(() => import("./KeysHelp"));

/** The frame around every screen. */
export function Shell() {
  const { path } = usePlace();
  const screen = screenOf(path);
  const status = useStatus();
  const settings = useSettings();
  const [overlay, setOverlay] = useState<"palette" | "keys" | null>(null);
  const close = useCallback(() => setOverlay(null), []);
  useFollowChanges();
  useKeys(setOverlay);
  useEffect(() => applyTheme(settings.data?.settings.theme ?? "dark"), [settings.data?.settings.theme]);
  useEffect(() => {
    // Loaded while nothing else is, so that no key is lost between Ctrl+K and its first letter.
    const timer = setTimeout(() => void loadPalette(), 800);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    document.title = `${screen.name} · alembic-rs`;
  }, [screen.name]);
  return (
    <div className="flex h-full flex-col sm:flex-row">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-raised focus:p-2" onClick={(event) => { event.preventDefault(); document.getElementById("content")?.focus(); }}>
        Skip to content
      </a>
      <Rail current={screen.id} onKeys={() => setOverlay("keys")} />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <EnvironmentBar onPalette={() => setOverlay("palette")} />
        <Banner status={status.data} error={status.error} onMigrations={screen.id === "migrations"} />
        <main id="content" tabIndex={-1} aria-label={screen.name} className="min-h-0 flex-1 outline-none">
          <h1 className="sr-only">{screen.name}</h1>
          <Boundary key={screen.id}>
            <Suspense fallback={<Skeleton label={`Loading ${screen.name}`} />}>
              <screen.component />
            </Suspense>
          </Boundary>
        </main>
      </div>
      <Suspense fallback={null}>
        {overlay === "palette" && <Palette onClose={close} onKeys={() => setOverlay("keys")} />}
        {overlay === "keys" && <KeysHelp onClose={close} />}
      </Suspense>
    </div>
  );
}
