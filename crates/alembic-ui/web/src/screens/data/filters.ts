/** Filters and order of a table, and how they stand in the address. */

import type { Comparison, Condition, OrderBy } from "@/api/browser";
import type { SortKey } from "@/components/grid/types";

export type Operator = "=" | "≠" | "<" | "≤" | ">" | "≥" | "contains" | "starts with" | "in" | "is null" | "is not null";

/** One condition on a column; `value` is absent for the operators that take none. */
export interface ColumnFilter {
  kind: "column";
  column: string;
  operator: Operator;
  value: string;
}

/** A condition in SQL. One that came with the address waits until a person says so. */
export interface SqlFilter {
  kind: "sql";
  sql: string;
}

export type Filter = ColumnFilter | SqlFilter;

/** Each operator's word in the address. */
const words: Record<Operator, string> = {
  "=": "eq",
  "≠": "ne",
  "<": "lt",
  "≤": "le",
  ">": "gt",
  "≥": "ge",
  contains: "contains",
  "starts with": "starts",
  in: "in",
  "is null": "null",
  "is not null": "notnull",
};

/** The operators in the order of the list. */
export const operators = Object.keys(words) as Operator[];

/** Whether an operator is followed by a value. */
export function takesValue(operator: Operator): boolean {
  return operator !== "is null" && operator !== "is not null";
}

/** `name:contains:rex`; colons of a column's name are encoded, those of the value stay. SQL is `sql::…`. */
export function writeFilter(filter: Filter): string {
  if (filter.kind === "sql") return `sql::${filter.sql}`;
  const column = filter.column.replace(/%/g, "%25").replace(/:/g, "%3A");
  const head = `${column}:${words[filter.operator]}`;
  return takesValue(filter.operator) ? `${head}:${filter.value}` : head;
}

/** Reads what `writeFilter` wrote; null for anything else. */
export function readFilter(text: string): Filter | null {
  if (text.startsWith("sql::")) return text.length > 5 ? { kind: "sql", sql: text.slice(5) } : null;
  const match = /^([^:]+):([a-z]+)(?::([\s\S]*))?$/.exec(text);
  if (!match) return null;
  const operator = operators.find((each) => words[each] === match[2]);
  if (!operator || takesValue(operator) !== (match[3] !== undefined)) return null;
  const column = match[1]!.replace(/%3A/g, ":").replace(/%25/g, "%");
  return { kind: "column", column, operator, value: match[3] ?? "" };
}

/** `name:desc:first`. */
export function writeSort({ column, direction, nulls }: SortKey): string {
  const head = `${column.replace(/%/g, "%25").replace(/:/g, "%3A")}:${direction}`;
  return nulls ? `${head}:${nulls}` : head;
}

/** Reads what `writeSort` wrote; null for anything else. */
export function readSort(text: string): SortKey | null {
  const match = /^([^:]+):(asc|desc)(?::(first|last))?$/.exec(text);
  if (!match) return null;
  const column = match[1]!.replace(/%3A/g, ":").replace(/%25/g, "%");
  return { column, direction: match[2] as SortKey["direction"], nulls: match[3] as SortKey["nulls"] };
}

/** What a click on a header makes of an order: ascending, descending, none; `add` keeps the other columns. */
export function nextSort(sort: SortKey[], column: string, add: boolean): SortKey[] {
  const before = sort.find((key) => key.column === column);
  const next: SortKey | null = !before ? { column, direction: "asc" } : before.direction === "asc" ? { ...before, direction: "desc" } : null;
  if (!add) return next ? [next] : [];
  if (!before) return [...sort, { column, direction: "asc" }];
  return sort.flatMap((key) => (key.column !== column ? [key] : next ? [next] : []));
}

/** The parts of an `in` list as typed: commas between, quotes around parts that hold one. */
export function splitList(text: string): string[] {
  const parts: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/gy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) break;
    parts.push(match[1] !== undefined ? match[1].replace(/""/g, '"') : (match[2] ?? "").trim());
  }
  return parts;
}

const comparisons: Partial<Record<Operator, Comparison>> = { "=": "equal", "≠": "not_equal", "<": "less", "≤": "less_or_equal", ">": "greater", "≥": "greater_or_equal" };

/** A filter as the server wants it. */
export function conditionOf(filter: Filter): Condition {
  if (filter.kind === "sql") return { kind: "raw", sql: filter.sql };
  const { column, operator, value } = filter;
  switch (operator) {
    case "contains":
      return { kind: "contains", column, text: value, ignore_case: true };
    case "starts with":
      return { kind: "starts_with", column, text: value, ignore_case: true };
    case "in":
      return { kind: "in", column, values: splitList(value) };
    case "is null":
      return { kind: "is_null", column };
    case "is not null":
      return { kind: "is_not_null", column };
    default:
      return { kind: "compare", column, operator: comparisons[operator] ?? "equal", value };
  }
}

/** A column of an order as the server wants it. */
export function orderOf({ column, direction, nulls }: SortKey): OrderBy {
  return { column, direction: direction === "asc" ? "ascending" : "descending", nulls: nulls ?? null };
}
