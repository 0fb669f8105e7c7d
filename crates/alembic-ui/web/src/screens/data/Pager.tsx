import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from "lucide-react";
import type { Page, Position } from "@/api/browser";
import { Button } from "@/components/Button";

/** The four ways through a table. None of them waits for a count. */
export function Pager({ page, at, onGo }: { page: Page | undefined; at: Position; onGo: (at: Position) => void }) {
  const { next = null, previous = null } = page ?? {};
  const go = (label: string, Icon: typeof ChevronFirst, to: Position | null) => (
    <Button variant="ghost" icon aria-label={label} title={label} disabled={!to} onClick={() => to && onGo(to)}>
      <Icon className="size-4" aria-hidden />
    </Button>
  );
  return (
    <div role="group" aria-label="Pages" className="flex items-center">
      {go("First page", ChevronFirst, previous !== null || at.at !== "first" ? { at: "first" } : null)}
      {go("Previous page", ChevronLeft, previous !== null ? { at: "before", cursor: previous } : null)}
      {go("Next page", ChevronRight, next !== null ? { at: "after", cursor: next } : null)}
      {go("Last page", ChevronLast, next !== null ? { at: "last" } : null)}
    </div>
  );
}
