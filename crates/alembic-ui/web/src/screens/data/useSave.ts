import { useCallback, useState } from "react";
import type { EditOutcome, Table } from "@/api/browser";
import { useSaveEdits } from "@/api/data";
import { toast } from "@/components/Toasts";
import { plural } from "@/lib/format";
import type { Conflict } from "./ConflictDialog";
import { storedRow } from "./model";
import { countStaged, editsOf, type Staging, type StagingAction } from "./staging";

/** Saving what is staged, and what comes of it: saved, refused, or in conflict with somebody else. */
export function useSave(table: Table, staging: Staging, dispatch: (action: StagingAction) => void) {
  const mutation = useSaveEdits(table.name);
  const [conflicts, setConflicts] = useState<Conflict[]>([]);
  const { mutate } = mutation;
  const save = useCallback(() => {
    const { edits, rows } = editsOf(table.name, staging);
    if (edits.length === 0) return;
    mutate(edits, {
      onSuccess: (outcome) => {
        if (outcome.outcome === "applied") {
          dispatch({ type: "clear" });
          toast(`saved ${plural(countStaged(staging).all, "row")}`);
        } else {
          setConflicts(conflictsOf(outcome, rows, staging));
        }
      },
    });
  }, [table.name, staging, mutate, dispatch]);
  const settle = useCallback(
    (conflict: Conflict, action: StagingAction) => {
      dispatch(action);
      setConflicts((before) => before.filter((each) => each !== conflict));
    },
    [dispatch],
  );
  return { save, isSaving: mutation.isPending, error: mutation.error, reset: mutation.reset, conflicts, setConflicts, settle };
}

function conflictsOf(outcome: EditOutcome, rows: string[], staging: Staging): Conflict[] {
  if (outcome.outcome !== "conflict") return [];
  return outcome.conflicts.flatMap(({ edit, theirs }): Conflict[] => {
    const id = rows[edit] ?? "";
    const update = staging.updates[id];
    const row = update?.row ?? staging.deletes[id];
    if (!row) return [];
    const now = theirs?.id && theirs.cells ? storedRow(theirs.columns.map((name) => ({ name })), theirs.id, theirs.cells) : null;
    return [{ row, changes: update?.changes ?? null, theirs: now }];
  });
}
