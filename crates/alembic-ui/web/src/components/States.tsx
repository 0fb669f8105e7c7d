import type { ReactNode } from "react";
import { CircleAlert } from "lucide-react";
import { cx } from "@/lib/cx";
import { ApiError, OfflineError } from "@/api/client";

/** What stands where nothing is: a sentence, and the next command or button. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex h-full min-h-40 flex-col items-center justify-center gap-2 p-6 text-center">
      <p className="text-sm font-medium text-text">{title}</p>
      {children && <div className="max-w-[52ch] text-sm text-muted">{children}</div>}
      {action && <div className="mt-1 flex gap-2">{action}</div>}
    </div>
  );
}

/** A failure: what happened, its code, the way out. */
export function Failure({ error, title, action, compact = false }: { error: unknown; title?: string; action?: ReactNode; compact?: boolean }) {
  const { message, code, help } = explain(error);
  return (
    <div role="alert" className={cx("flex items-start gap-2.5 text-sm", compact ? "px-3 py-2" : "p-4", "border-l-2 border-l-broken bg-broken-soft")}>
      <CircleAlert className="mt-0.5 size-4 shrink-0 text-broken" aria-hidden />
      <div className="min-w-0 flex-1">
        {title && <p className="font-medium">{title}</p>}
        <p className="break-words whitespace-pre-wrap">{message}</p>
        {help && <p className="mt-1 break-words whitespace-pre-wrap text-muted">help: {help}</p>}
        {code && <p className="mt-1 font-mono text-xs text-muted">{code}</p>}
        {action && <div className="mt-2">{action}</div>}
      </div>
    </div>
  );
}

/** The parts of any error that a person can use. */
export function explain(error: unknown): { message: string; code: string | null; help: string | null } {
  if (error instanceof ApiError) return { message: error.message, code: error.code, help: error.help };
  if (error instanceof OfflineError) return { message: error.message, code: null, help: error.help };
  return { message: error instanceof Error ? error.message : String(error), code: null, help: null };
}

/** Bars in the place of lines that are still to come. */
export function Skeleton({ lines = 8, label }: { lines?: number; label: string }) {
  return (
    <div aria-busy="true" aria-label={label} role="group" className="flex flex-col">
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className="flex h-8 items-center gap-3 border-b px-3" aria-hidden>
          <span className="pulse-soft h-2.5 w-3 rounded-sm bg-hover" />
          <span className="pulse-soft h-2.5 w-24 rounded-sm bg-hover" />
          <span className="pulse-soft h-2.5 rounded-sm bg-hover" style={{ width: `${24 + ((line * 37) % 40)}%` }} />
        </div>
      ))}
    </div>
  );
}
