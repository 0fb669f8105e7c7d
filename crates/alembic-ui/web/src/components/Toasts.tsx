import { useSyncExternalStore } from "react";
import { X } from "lucide-react";
import { Button } from "./Button";

interface Toast {
  id: number;
  text: string;
  tone: "plain" | "bad";
}

let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function change(to: Toast[]): void {
  toasts = to;
  listeners.forEach((listener) => listener());
}

/** Says something that needs no answer, for six seconds. */
export function toast(text: string, tone: Toast["tone"] = "plain"): void {
  const id = next++;
  change([...toasts.slice(-3), { id, text, tone }]);
  setTimeout(() => dismiss(id), 6000);
}

function dismiss(id: number): void {
  change(toasts.filter((each) => each.id !== id));
}

/** Where toasts stand; once in the page. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div aria-live="polite" className="pointer-events-none fixed right-3 bottom-3 z-[60] flex flex-col items-end gap-2">
      {shown.map(({ id, text, tone }) => (
        <div key={id} className="pointer-events-auto flex max-w-[min(420px,90vw)] items-start gap-2 rounded-md border border-line-strong bg-raised py-1.5 pr-1 pl-3 text-sm">
          <span className={tone === "bad" ? "py-1 text-broken" : "py-1"}>{text}</span>
          <Button variant="ghost" icon aria-label="Dismiss" onClick={() => dismiss(id)}>
            <X className="size-3.5" aria-hidden />
          </Button>
        </div>
      ))}
    </div>
  );
}
