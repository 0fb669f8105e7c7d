import { Button } from "@/components/Button";
import { plural } from "@/lib/format";
import { countStaged, type Staging } from "./staging";

/** What is staged and what to do with it. Only there when there is something. */
export function StagingBar({ staging, saving, onReview, onSave, onDiscard }: { staging: Staging; saving: boolean; onReview: () => void; onSave: () => void; onDiscard: () => void }) {
  const { changed, added, deleted, all } = countStaged(staging);
  if (all === 0) return null;
  const parts = [changed && `${plural(changed, "row")} changed`, added && `${added} added`, deleted && `${deleted} to delete`].filter(Boolean).join(", ");
  return (
    <div role="group" aria-label="Unsaved changes" className="flex flex-wrap items-center gap-2 border-t border-l-2 border-l-pending bg-pending-soft px-3 py-1.5">
      <span className="text-sm text-pending">{parts}, not saved yet</span>
      <span className="flex-1" />
      <Button variant="ghost" onClick={onDiscard}>Discard</Button>
      <Button onClick={onReview}>Review changes</Button>
      <Button variant="primary" disabled={saving} onClick={onSave} title="Ctrl+S">Save changes</Button>
    </div>
  );
}
