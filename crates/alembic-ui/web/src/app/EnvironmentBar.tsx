import { LockKeyhole, Search } from "lucide-react";
import { isGoingOn, useEnvironment, useRuns } from "@/api/migrations";
import { Badge } from "@/components/Badge";
import { Kbd } from "@/components/Kbd";
import { cx } from "@/lib/cx";
import { href, navigate } from "./router";

/** Where one is: which database, on which machine, of which project. Green for this machine, red for any other. */
export function EnvironmentBar({ onPalette }: { onPalette: () => void }) {
  const environment = useEnvironment().data;
  const running = useRuns().data?.find(isGoingOn);
  const remote = environment?.place === "remote";
  return (
    <header aria-label="Environment" className={cx("flex h-10 shrink-0 items-center gap-3 border-b bg-surface px-3 text-sm", remote && "border-b-broken")}>
      {environment && environment.place !== "none" && (
        <span className="flex min-w-0 items-center gap-2" title={`${environment.url}\nfrom ${environment.source}`}>
          <span aria-hidden className={cx("size-2 shrink-0 rounded-full", remote ? "bg-broken" : "bg-applied")} />
          <span className="truncate font-medium">{environment.database}</span>
          <Badge tone={remote ? "broken" : "applied"}>{remote ? environment.host : "local"}</Badge>
        </span>
      )}
      {environment?.place === "none" && <span className="text-muted">no database URL found</span>}
      {environment?.url && <code className="min-w-0 truncate text-muted max-lg:hidden">{environment.url}</code>}
      {environment?.url && !environment.proven && <Badge tone="pending" title={environment.why ?? undefined}>guessed URL</Badge>}
      {environment?.read_only && (
        <span className="flex shrink-0 items-center gap-1 text-xs text-muted">
          <LockKeyhole className="size-3.5" aria-hidden /> read-only
        </span>
      )}
      <span className="flex-1" />
      {running && (
        <button type="button" onClick={() => navigate(href(["migrations"], { run: running.id }))} className="flex shrink-0 items-center gap-2 rounded-md px-2 py-1 text-xs text-at hover:bg-hover">
          <span aria-hidden className="pulse-soft size-2 rounded-full bg-at" />
          {running.command} {running.target} is running
        </button>
      )}
      <button type="button" onClick={onPalette} title="Ctrl+K" className="flex h-7 shrink-0 items-center gap-2 rounded-md border border-line-strong bg-bg px-2 text-xs text-muted hover:border-faint">
        <Search className="size-3.5" aria-hidden />
        <span className="max-md:sr-only">Search everything</span>
        <span className="flex gap-1 max-md:hidden" aria-hidden>
          <Kbd>Ctrl</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
    </header>
  );
}
