import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

/** What a colour means here; each stands beside a word or a shape, never alone. */
export type Tone = "neutral" | "accent" | "applied" | "current" | "pending" | "broken";

const tones: Record<Tone, string> = {
  neutral: "text-muted border-line-strong",
  accent: "text-accent bg-accent-soft border-transparent",
  applied: "text-applied bg-applied-soft border-transparent",
  current: "text-at bg-at-soft border-transparent",
  pending: "text-pending bg-pending-soft border-transparent",
  broken: "text-broken bg-broken-soft border-transparent",
};

/** A word in a coloured field. */
export function Badge({ tone = "neutral", mono = false, children, title }: { tone?: Tone; mono?: boolean; children: ReactNode; title?: string | undefined }) {
  return (
    <span
      title={title}
      className={cx(
        "inline-flex h-[18px] shrink-0 items-center rounded-sm border px-1.5 text-[11px] leading-none whitespace-nowrap",
        mono && "font-mono",
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}
