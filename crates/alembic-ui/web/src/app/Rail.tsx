import { Keyboard } from "lucide-react";
import { cx } from "@/lib/cx";
import { href } from "./router";
import { screens } from "./screens";

/** The screens: at the left, or along the bottom of a narrow window. */
export function Rail({ current, onKeys }: { current: string; onKeys: () => void }) {
  return (
    <nav
      aria-label="Screens"
      className="order-last flex shrink-0 border-line bg-surface max-sm:border-t sm:order-first sm:w-12 sm:flex-col sm:border-r sm:px-1.5 sm:py-2 xl:w-44 xl:px-2"
    >
      <div className="hidden h-8 items-center gap-2 px-2 sm:mb-2 sm:flex" aria-hidden>
        <svg viewBox="0 0 16 16" className="size-4 shrink-0" fill="none" strokeWidth="1.6">
          <path d="M5 3v10M5 8c0-2.5 6-1 6-5" stroke="var(--accent)" />
          <circle cx="5" cy="12.5" r="2" fill="var(--applied)" />
          <circle cx="5" cy="3.5" r="2" fill="var(--surface)" stroke="var(--accent)" />
          <circle cx="11" cy="3.5" r="2" fill="var(--surface)" stroke="var(--pending)" />
        </svg>
        <span className="hidden font-semibold xl:inline">alembic-rs</span>
      </div>
      {screens.map(({ id, name, key, icon: Icon }) => (
        <a
          key={id}
          href={href([id])}
          aria-current={current === id ? "page" : undefined}
          aria-label={name}
          title={`${name} (g ${key})`}
          className={cx(
            "flex h-11 flex-1 items-center justify-center gap-2.5 rounded-md text-sm sm:h-8 sm:flex-none xl:justify-start xl:px-2",
            id === "settings" && "sm:mt-auto",
            current === id ? "bg-hover font-medium text-text" : "text-muted hover:bg-hover hover:text-text",
          )}
        >
          <Icon className="size-4 shrink-0" aria-hidden />
          <span className="hidden xl:inline">{name}</span>
        </a>
      ))}
      <button type="button" onClick={onKeys} aria-label="Keys" title="Keys (?)" className="hidden h-8 items-center justify-center gap-2.5 rounded-md text-sm text-muted hover:bg-hover hover:text-text sm:flex xl:justify-start xl:px-2">
        <Keyboard className="size-4 shrink-0" aria-hidden />
        <span className="hidden xl:inline">Keys</span>
      </button>
    </nav>
  );
}
