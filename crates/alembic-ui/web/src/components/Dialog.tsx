import type { ReactNode } from "react";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { cx } from "@/lib/cx";
import { Button } from "./Button";

interface Props {
  title: string;
  description?: ReactNode;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
  /** Off while closing would lose something. */
  dismissable?: boolean;
}

/** A modal window: title, scrolling body, buttons below. */
export function Dialog({ title, description, onClose, children, footer, wide = false, dismissable = true }: Props) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onPointerDownOutside={(event) => !dismissable && event.preventDefault()}
          className={cx(
            "fixed top-1/2 left-1/2 z-50 flex max-h-[min(86vh,860px)] w-[calc(100vw-24px)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-md border border-line-strong bg-surface outline-none",
            wide ? "max-w-[860px]" : "max-w-[560px]",
          )}
        >
          <header className="flex items-start gap-3 border-b px-4 py-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description && <Radix.Description className="mt-0.5 text-sm text-muted">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <Button variant="ghost" icon aria-label="Close">
                <X className="size-4" aria-hidden />
              </Button>
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-auto">{children}</div>
          {footer && <footer className="flex flex-wrap items-center justify-end gap-2 border-t px-4 py-3">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
