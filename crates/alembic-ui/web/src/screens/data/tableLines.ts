/** The lines of the list of tables: groups with what is in them. */

import type { CatalogueTable, TableName } from "@/api/browser";
import { databaseName, hidesTables, modelTableOf, moduleOf, tableKey, type ModelIndex } from "../models/modelIndex";

export type Grouping = "schema" | "module";

export type Line =
  | { kind: "group"; id: string; name: string; count: number }
  | { kind: "relation"; relation: CatalogueTable; modelless: boolean }
  | { kind: "model"; key: string; name: TableName };

/** The groups that are no schema's and no module's. */
export const WITHOUT_MODEL = "no model";
export const WITHOUT_TABLE = "not in the database";

interface Group {
  id: string;
  name: string;
  lines: Line[];
}

/**
 * The relations that fit `text`, by schema or by the module of their models, and the models' tables that the database
 * does not have. Without an index, or where tables of the models may be unknown, nothing is said to be without a model.
 */
export function linesOf(relations: CatalogueTable[], index: ModelIndex | null, grouping: Grouping, text: string, closed: ReadonlySet<string>): Line[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ schema, name }: TableName) => words.every((word) => `${schema}.${name}`.toLowerCase().includes(word));
  const certain = index !== null && !hidesTables(index);
  const groups = new Map<string, Group>();
  const put = (name: string, line: Line) => {
    const group = groups.get(name) ?? { id: `${grouping} ${name}`, name, lines: [] };
    group.lines.push(line);
    groups.set(name, group);
  };
  for (const relation of relations.filter(({ name }) => fits(name))) {
    const isTable = relation.kind === "table" || relation.kind === "partitioned_table";
    const modelless = certain && isTable && modelTableOf(index, relation.name) === null;
    put(groupOf(relation.name, index, grouping), { kind: "relation", relation, modelless });
  }
  const all = [...groups.values()].sort((a, b) => last(a) - last(b) || a.name.localeCompare(b.name));
  const missing = index === null ? [] : missingOf(relations, index).filter(({ name }) => fits(name));
  if (missing.length > 0) all.push({ id: WITHOUT_TABLE, name: WITHOUT_TABLE, lines: missing.map((each): Line => ({ kind: "model", ...each })) });
  return all.flatMap(({ id, name, lines }): Line[] => {
    const head: Line = { kind: "group", id, name, count: lines.length };
    return closed.has(id) && !text ? [head] : [head, ...lines];
  });
}

function groupOf(table: TableName, index: ModelIndex | null, grouping: Grouping): string {
  if (grouping === "schema" || index === null) return table.schema;
  return moduleOf(index, table) ?? (modelTableOf(index, table) === null ? WITHOUT_MODEL : "tables without a class");
}

/** `public` comes first, what has no model last. */
function last({ name }: Group): number {
  return name === "public" ? -1 : name === WITHOUT_MODEL ? 1 : 0;
}

/** The tables that the models define and the database does not have. */
function missingOf(relations: CatalogueTable[], index: ModelIndex): { key: string; name: TableName }[] {
  const present = new Set(relations.map(({ name }) => JSON.stringify([name.schema, name.name])));
  return index.schema.tables
    .filter((table) => !table.unknown?.includes("schema"))
    .map((table) => ({ key: tableKey(table), name: databaseName(table) }))
    .filter(({ name }) => !present.has(JSON.stringify([name.schema, name.name])));
}
