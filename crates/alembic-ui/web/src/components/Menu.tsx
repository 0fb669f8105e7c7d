import type { ReactNode } from "react";
import { DropdownMenu as Radix } from "radix-ui";
import { cx } from "@/lib/cx";

/** A menu that hangs on `trigger`, which must be one button. */
export function Menu({ trigger, children, align = "end", onOpenChange }: { trigger: ReactNode; children: ReactNode; align?: "start" | "end"; onOpenChange?: (open: boolean) => void }) {
  return (
    <Radix.Root modal={false} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content align={align} sideOffset={4} collisionPadding={8} className="z-50 max-h-[var(--radix-dropdown-menu-content-available-height)] min-w-44 overflow-auto rounded-md border border-line-strong bg-raised p-1">
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const item =
  "flex h-7 items-center gap-2 rounded-sm px-2 text-sm outline-none select-none data-[highlighted]:bg-hover data-[disabled]:opacity-45 data-[disabled]:cursor-not-allowed";

/** One choice of a menu. */
export function MenuItem({ onSelect, disabled, danger, hint, children }: { onSelect: () => void; disabled?: boolean; danger?: boolean; hint?: string; children: ReactNode }) {
  return (
    <Radix.Item disabled={disabled} onSelect={onSelect} className={cx(item, danger && "text-broken")}>
      <span className="flex-1">{children}</span>
      {hint && <span className="text-xs text-faint" aria-hidden>{hint}</span>}
    </Radix.Item>
  );
}

/** A choice that is on or off; the menu stays open. */
export function MenuCheck({ checked, onChange, children }: { checked: boolean; onChange: (checked: boolean) => void; children: ReactNode }) {
  return (
    <Radix.CheckboxItem checked={checked} onCheckedChange={onChange} onSelect={(event) => event.preventDefault()} className={item}>
      <span className="w-3.5 text-accent" aria-hidden>{checked ? "✓" : ""}</span>
      <span className="flex-1 truncate">{children}</span>
    </Radix.CheckboxItem>
  );
}

/** A line between groups of choices. */
export function MenuLine() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** The name of a group of choices. */
export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 py-1 text-xs text-faint">{children}</Radix.Label>;
}
