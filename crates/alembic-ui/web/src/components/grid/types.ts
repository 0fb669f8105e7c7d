import type { ReactNode } from "react";

/** A column of a grid. */
export interface GridColumn {
  /** Unique within the grid; the column's name where names are unique. */
  key: string;
  name: string;
  /** PostgreSQL's name of the type. */
  type: string;
  /** Small marks after the name: `PK`, `FK`. */
  marks?: { text: string; title: string }[];
  comment?: string | null;
  /** Absent: rows can be put in its order. */
  unordered?: boolean;
}

/** What one cell holds. */
export interface GridCell {
  /** PostgreSQL's text form; null is SQL NULL. */
  text: string | null;
  /** The value is longer than what is here: the beginning of it. */
  cut?: boolean;
  /** A value that is staged and not saved. */
  staged?: "changed" | "added" | "default";
}

/** How a row as a whole is shown. */
export type RowTint = "added" | "deleted" | "changed" | null;

/** One row, by its index. */
export interface GridRow {
  id: string;
  tint: RowTint;
  cell: (column: number) => GridCell;
}

/** Where the cursor is. Row -1 is the header. */
export interface Position {
  row: number;
  column: number;
}

export type Direction = "asc" | "desc";

/** One column of an order. */
export interface SortKey {
  column: string;
  direction: Direction;
  /** Absent: PostgreSQL's own habit, last when ascending. */
  nulls?: "first" | "last" | undefined;
}

/** What a grid shows beside a cell's text. */
export type CellExtra = (position: Position) => ReactNode;
