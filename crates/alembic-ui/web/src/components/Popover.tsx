import type { ReactNode } from "react";
import { Popover as Radix } from "radix-ui";

interface Props {
  trigger: ReactNode;
  label: string;
  children: ReactNode;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  align?: "start" | "end";
}

/** A small window that hangs on `trigger`. */
export function Popover({ trigger, label, children, open, onOpenChange, align = "start" }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content aria-label={label} align={align} sideOffset={4} collisionPadding={8} className="z-50 max-w-[calc(100vw-16px)] rounded-md border border-line-strong bg-raised outline-none">
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
