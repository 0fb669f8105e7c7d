/**
 * What the list of revisions shows, line by line: revisions, and folds that stand for long linear runs.
 */

import type { History, Revision } from "@/api/types";

/** A line with one revision. `row` is its place in the document. */
export interface RevisionItem {
  kind: "revision";
  row: number;
  revision: Revision;
}

/** A line that stands for the revisions in rows `first` to `last`, which follow each other without a branch. */
export interface FoldItem {
  kind: "fold";
  first: number;
  last: number;
  lane: number;
  /** Names the fold however the list changes above it: the id of its oldest revision. */
  id: string;
}

export type Item = RevisionItem | FoldItem;

/** The lines, and for each row of the document the line it is on. */
export interface Lines {
  items: Item[];
  lineOfRow: Int32Array;
}

/** A run is folded when it hides at least this many revisions; one stays open at each end. */
export const FOLD_AT_LEAST = 10;

interface Options {
  /** Ids of folds that are open. */
  open: ReadonlySet<string>;
  /** Show every revision. */
  all: boolean;
  /** A revision that must be seen. */
  selected: string | null;
}

/** Lays out `history`, whose revisions stand newest first. */
export function layOut(history: History, { open, all, selected }: Options): Lines {
  const { revisions } = history;
  const items: Item[] = [];
  const lineOfRow = new Int32Array(revisions.length);
  const dull = all ? null : dullRows(history);
  let row = 0;
  while (row < revisions.length) {
    const end = dull ? runEnd(history, dull, row) : row;
    const fold = end - row + 1 >= FOLD_AT_LEAST ? foldOf(history, row, end) : null;
    const hides = fold && !open.has(fold.id) && !inside(history, fold, selected);
    if (hides) {
      for (let each = row; each <= end; each += 1) lineOfRow[each] = items.length;
      items.push(fold);
    } else {
      for (let each = row; each <= end; each += 1) {
        lineOfRow[each] = items.length;
        items.push({ kind: "revision", row: each, revision: revisions[each]! });
      }
    }
    row = end + 1;
  }
  return { items, lineOfRow };
}

function foldOf({ revisions }: History, first: number, last: number): FoldItem {
  return { kind: "fold", first, last, lane: revisions[first]!.lane, id: revisions[last]!.id };
}

function inside({ revisions }: History, fold: FoldItem, selected: string | null): boolean {
  if (!selected) return false;
  for (let row = fold.first; row <= fold.last; row += 1) if (revisions[row]!.id === selected) return true;
  return false;
}

/** Rows that nothing is said about: no mark, no label of their own, no dependency, not pending; and neither is the row above. */
function dullRows({ revisions, edges }: History): Uint8Array {
  const told = new Set<string>();
  for (const edge of edges) {
    if (edge.kind === "depends") {
      told.add(edge.from);
      told.add(edge.to);
    }
  }
  const dull = new Uint8Array(revisions.length);
  revisions.forEach((revision, row) => {
    const plain = revision.marks.length === 0 && revision.branch_labels.length === 0 && revision.state !== "pending";
    dull[row] = plain && !told.has(revision.id) ? 1 : 0;
  });
  return dull;
}

function runEnd({ revisions }: History, dull: Uint8Array, start: number): number {
  let end = start;
  const follows = (row: number) => {
    const above = revisions[row - 1]!;
    const here = revisions[row]!;
    return dull[row] && above.lane === here.lane && above.down_revision.length === 1 && above.down_revision[0] === here.id;
  };
  if (!dull[start]) return start;
  while (end + 1 < revisions.length && follows(end + 1)) end += 1;
  return end;
}

/** The revisions whose id, message, file name or label holds every word of `query`. */
export function search(history: History, query: string): RevisionItem[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found: RevisionItem[] = [];
  history.revisions.forEach((revision, row) => {
    const text = [revision.id, revision.message, fileName(revision.path), ...revision.labels].join("\n").toLowerCase();
    if (words.every((word) => text.includes(word))) found.push({ kind: "revision", row, revision });
  });
  return found;
}

/** The last part of a path, on either kind of system. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path;
}
