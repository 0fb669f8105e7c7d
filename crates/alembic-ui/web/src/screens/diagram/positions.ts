/** Where a person has moved boxes to, kept in this browser for each project. */

import type { Point } from "./geometry";

export type Positions = Record<string, Point>;

const keyOf = (project: string) => `alembic-rs diagram ${project}`;

/** What was kept; nothing where that cannot be read. */
export function readPositions(project: string): Positions {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(project)) ?? "{}");
    if (typeof kept !== "object" || kept === null) return {};
    return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, Point] => isPoint(entry[1])));
  } catch {
    return {};
  }
}

/** Keeps positions; a browser that refuses loses them with the page. */
export function writePositions(project: string, positions: Positions): void {
  try {
    if (Object.keys(positions).length === 0) localStorage.removeItem(keyOf(project));
    else localStorage.setItem(keyOf(project), JSON.stringify(positions));
  } catch {
    // A full or forbidden storage.
  }
}

function isPoint(value: unknown): value is Point {
  if (typeof value !== "object" || value === null) return false;
  const { x, y } = value as Record<string, unknown>;
  return Number.isFinite(x) && Number.isFinite(y);
}
