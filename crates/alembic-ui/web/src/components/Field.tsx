import type { InputHTMLAttributes, Ref, SelectHTMLAttributes } from "react";
import { Search } from "lucide-react";
import { cx } from "@/lib/cx";

const frame =
  "h-7 rounded-md border border-line-strong bg-bg text-sm text-text transition-colors duration-100 hover:border-faint disabled:opacity-50";

/** A text field 28 px high. */
export function Input({ className, mono = false, ...rest }: InputHTMLAttributes<HTMLInputElement> & { mono?: boolean; ref?: Ref<HTMLInputElement> }) {
  return <input spellCheck={false} autoComplete="off" className={cx(frame, "min-w-0 px-2", mono && "font-mono text-xs", className)} {...rest} />;
}

/** The browser's own list of choices, in our frame. */
export function Select({ className, ...rest }: SelectHTMLAttributes<HTMLSelectElement> & { ref?: Ref<HTMLSelectElement> }) {
  return <select className={cx(frame, "max-w-full min-w-0 px-1.5", className)} {...rest} />;
}

/** A search box named by `label`; Escape empties it. */
export function SearchBox({
  label,
  value,
  onChange,
  className,
  ...rest
}: { label: string; value: string; onChange: (value: string) => void; className?: string } & Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value">) {
  return (
    <div className={cx("relative min-w-0", className)}>
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-faint" />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        className="w-full pl-7"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value) {
            event.stopPropagation();
            onChange("");
          }
        }}
        {...rest}
      />
    </div>
  );
}

/** A check box with its words. */
export function Checkbox({ label, checked, onChange, disabled }: { label: string; checked: boolean; onChange: (checked: boolean) => void; disabled?: boolean }) {
  return (
    <label className={cx("flex items-center gap-2 text-sm select-none", disabled && "opacity-50")}>
      <input type="checkbox" className="size-3.5 accent-[var(--accent-fill)]" checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
