import type { Status } from "@/api/types";
import { explain } from "@/components/States";
import { cx } from "@/lib/cx";
import { bannerText, type BannerText } from "./bannerText";
import { href } from "./router";

const tones: Record<BannerText["tone"], string> = {
  neutral: "text-muted",
  accent: "text-accent",
  applied: "text-applied",
  current: "text-at",
  pending: "text-pending bg-pending-soft",
  broken: "text-broken bg-broken-soft",
};

/** Where the database stands, on every screen, with one way to the Migrations screen. */
export function Banner({ status, error, onMigrations }: { status: Status | undefined; error: unknown; onMigrations: boolean }) {
  const said = sentence(status, error);
  return (
    <div className={cx("flex min-h-8 shrink-0 items-center gap-2 border-b px-3 text-sm", tones[said.tone])}>
      <div role="status" aria-label={said.text} className="flex min-w-0 flex-1 items-baseline gap-2">
        <span aria-hidden className="shrink-0 text-xs">{said.glyph}</span>
        <span className="shrink-0 font-medium max-sm:shrink">{said.text}</span>
        {said.detail && <span className="min-w-0 truncate font-mono text-xs text-muted max-sm:hidden" title={said.detail}>{said.detail}</span>}
      </div>
      {!onMigrations && (
        <a href={href(["migrations"])} className="shrink-0 rounded-md px-2 text-sm text-text hover:bg-hover">
          Open Migrations
        </a>
      )}
    </div>
  );
}

function sentence(status: Status | undefined, error: unknown): BannerText {
  if (error) {
    const { message, help } = explain(error);
    return { tone: "broken", glyph: "×", text: message, detail: help };
  }
  return status ? bannerText(status) : { tone: "neutral", glyph: "…", text: "Looking at the database", detail: null };
}
