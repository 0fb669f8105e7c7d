import type { ButtonHTMLAttributes, Ref } from "react";
import { cx } from "@/lib/cx";

type Variant = "primary" | "default" | "ghost" | "danger";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: Variant;
  /** Square, for a lone icon: give an `aria-label` too. */
  icon?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

const looks: Record<Variant, string> = {
  primary: "bg-accent-fill text-on-accent border-transparent enabled:hover:bg-accent-fill-hover font-medium",
  default: "bg-raised border-line-strong text-text enabled:hover:bg-hover",
  ghost: "border-transparent text-muted enabled:hover:bg-hover enabled:hover:text-text",
  danger: "bg-danger-fill text-white border-transparent enabled:hover:bg-danger-fill-hover font-medium",
};

/** A button 28 px high. It never submits a form unless told so. */
export function Button({ variant = "default", icon = false, className, type = "button", ...rest }: Props) {
  return (
    <button
      type={type}
      className={cx(
        "inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-md border text-sm whitespace-nowrap transition-colors duration-100 select-none",
        "disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:opacity-50",
        icon ? "w-7" : "px-2.5",
        looks[variant],
        className,
      )}
      {...rest}
    />
  );
}
