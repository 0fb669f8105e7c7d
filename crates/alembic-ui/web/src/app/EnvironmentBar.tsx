import { LockKeyhole, Search } from "lucide-react";
import { useRuns } from "@/api/migrations";
import type { Status } from "@/api/types";
import { Badge } from "@/components/Badge";
import { Kbd } from "@/components/Kbd";
import { databasePlace } from "@/lib/database";
import { cx } from "@/lib/cx";
import { patchQuery } from "./router";

/** Where one is: which database, on which machine, of which project. Green for this machine, red for any other. */
export function EnvironmentBar({ status, onPalette }: { status: Status | undefined; onPalette: () => void }) {
  const url = status?.url ?? null;
  const place = url ? databasePlace(url.url) : null;
  const running = useRuns().data?.find((run) => run.state === "running");
  return (
    <header
      aria-label="Environment"
      className={cx("flex h-10 shrink-0 items-center gap-3 border-b bg-surface px-3 text-sm", place && !place.local && "border-b-broken")}
    >
      {place && (
        <span className="flex min-w-0 items-center gap-2" title={url ? `${url.url}\nfrom ${url.source}` : undefined}>
          <span aria-hidden className={cx("size-2 shrink-0 rounded-full", place.local ? "bg-applied" : "bg-broken")} />
          <span className="truncate font-medium">{place.name}</span>
          <Badge tone={place.local ? "applied" : "broken"}>{place.local ? "local" : place.host}</Badge>
        </span>
      )}
      {status && !place && <span className="text-muted">no database URL found</span>}
      {url && <code className="min-w-0 truncate text-muted max-lg:hidden">{url.url}</code>}
      {url && !url.proven && <Badge tone="pending" title={url.why ?? undefined}>guessed URL</Badge>}
      {status?.read_only && (
        <span className="flex shrink-0 items-center gap-1 text-xs text-muted">
          <LockKeyhole className="size-3.5" aria-hidden /> read-only
        </span>
      )}
      <span className="flex-1" />
      {running && (
        <button type="button" onClick={() => patchQuery({ run: running.id })} className="flex shrink-0 items-center gap-2 rounded-md px-2 text-xs text-at hover:bg-hover">
          <span aria-hidden className="pulse-soft size-2 rounded-full bg-at" />
          {running.command} {running.target} is running
        </button>
      )}
      <button type="button" onClick={onPalette} aria-label="Search everything" className="flex h-7 shrink-0 items-center gap-2 rounded-md border border-line-strong bg-bg px-2 text-xs text-muted hover:border-faint">
        <Search className="size-3.5" aria-hidden />
        <span className="max-md:hidden">Search everything</span>
        <span className="flex gap-1 max-md:hidden" aria-hidden>
          <Kbd>Ctrl</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
    </header>
  );
}
