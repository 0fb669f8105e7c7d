/** Widths of columns and the moves of the cursor. */

import { familyOf } from "@/lib/cell";
import type { GridColumn, Position } from "./types";

/** Pixels. */
export const ROW_HEIGHT = 28;
export const HEADER_HEIGHT = 44;
export const GUTTER = 60;
export const NARROWEST = 56;
export const WIDEST = 1200;

/** A first width for a column, by its type and name. */
export function startWidth({ name, type, marks }: GridColumn): number {
  const byType: Record<string, number> = { number: 96, boolean: 84, time: 176, json: 220, array: 180, bytea: 200, text: 180, other: 140 };
  const base = type === "uuid" ? 288 : type === "date" ? 104 : (byType[familyOf(type)] ?? 140);
  const arrow = marks?.some(({ text }) => text === "FK") ? 24 : 0;
  return Math.max(base + arrow, Math.min(280, name.length * 7.4 + 40 + (marks?.length ?? 0) * 26));
}

/** Where a key takes the cursor; null when the key is none of the grid's. */
export function moved(key: string, ctrl: boolean, at: Position, rows: number, columns: number, page: number): Position | null {
  const clamp = (row: number, column: number): Position => ({ row: Math.max(0, Math.min(rows - 1, row)), column: Math.max(0, Math.min(columns - 1, column)) });
  switch (key) {
    case "ArrowUp":
      return clamp(ctrl ? 0 : at.row - 1, at.column);
    case "ArrowDown":
      return clamp(ctrl ? rows - 1 : at.row + 1, at.column);
    case "ArrowLeft":
      return clamp(at.row, ctrl ? 0 : at.column - 1);
    case "ArrowRight":
      return clamp(at.row, ctrl ? columns - 1 : at.column + 1);
    case "Home":
      return clamp(ctrl ? 0 : at.row, 0);
    case "End":
      return clamp(ctrl ? rows - 1 : at.row, columns - 1);
    case "PageUp":
      return clamp(at.row - page, at.column);
    case "PageDown":
      return clamp(at.row + page, at.column);
    default:
      return null;
  }
}
