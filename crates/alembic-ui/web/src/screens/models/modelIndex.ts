/** The models' document by what one asks it for. */

import type { TableName } from "@/api/browser";
import type { ModelClass, ModelProblem, ModelSchema, ModelTable } from "@/api/models";

/** PostgreSQL's schema for what names none. */
const DEFAULT_SCHEMA = "public";

/** `name` or `schema.name`, as the document names tables. */
export function tableKey({ schema, name }: { schema: string | null; name: string }): string {
  return schema === null ? name : `${schema}.${name}`;
}

/** `module.Class`, as the document names classes. */
export function classKey({ module, name }: { module: string; name: string }): string {
  return `${module}.${name}`;
}

/** The document, ready to be asked. */
export interface ModelIndex {
  schema: ModelSchema;
  tables: Map<string, ModelTable>;
  classes: Map<string, ModelClass>;
  /** The classes of each table. */
  classesOf: Map<string, ModelClass[]>;
  /** The tables that no class is mapped to, such as those between two others. */
  bare: ModelTable[];
}

export function indexOf(schema: ModelSchema): ModelIndex {
  const classesOf = new Map<string, ModelClass[]>();
  for (const each of schema.classes) {
    if (each.table === null) continue;
    const list = classesOf.get(each.table);
    if (list) list.push(each);
    else classesOf.set(each.table, [each]);
  }
  return {
    schema,
    tables: new Map(schema.tables.map((table) => [tableKey(table), table])),
    classes: new Map(schema.classes.map((each) => [classKey(each), each])),
    classesOf,
    bare: schema.tables.filter((table) => !classesOf.has(tableKey(table))),
  };
}

/** The classes by module, both in their order. */
export function byModule(classes: ModelClass[]): [string, ModelClass[]][] {
  const modules = new Map<string, ModelClass[]>();
  for (const each of classes) {
    const list = modules.get(each.module);
    if (list) list.push(each);
    else modules.set(each.module, [each]);
  }
  return [...modules];
}

/** What is not known of a table and its classes; problems of everything at the end. */
export function problemsOf(index: ModelIndex, table: string | null, classes: ModelClass[]): ModelProblem[] {
  const names = new Set(classes.map((each) => `class:${classKey(each)}`));
  if (table !== null) names.add(`table:${table}`);
  const touches = (affected: string) => names.has(affected) || (table !== null && affected.startsWith(`column:${table}.`));
  return index.schema.problems.filter(({ affects }) => affects.some(touches));
}

/** The model's name of a table of the database; null where no model defines it. */
export function modelTableOf(index: ModelIndex, { schema, name }: TableName): string | null {
  const full = `${schema}.${name}`;
  if (index.tables.has(full)) return full;
  return schema === DEFAULT_SCHEMA && index.tables.has(name) ? name : null;
}

/** A table of the models, as the database names it. */
export function databaseName({ schema, name }: { schema: string | null; name: string }): TableName {
  return { schema: schema ?? DEFAULT_SCHEMA, name };
}

/** The module that a table of the database comes from: that of its first class; null without one. */
export function moduleOf(index: ModelIndex, table: TableName): string | null {
  const own = modelTableOf(index, table);
  return own === null ? null : (index.classesOf.get(own)?.[0]?.module ?? null);
}

/** What no database object can be called without doubt: problems that may hide whole tables. */
export function hidesTables(index: ModelIndex): boolean {
  return index.schema.problems.some(({ affects }) => affects.includes("*"));
}

/**
 * The relationships that go along a foreign key of `table` to `target`, as `Class.attribute`.
 *
 * None where the table has another foreign key to the same target: the document does not say which is meant.
 */
export function relationshipsAlong(index: ModelIndex, table: TableName, target: TableName): string[] {
  const own = modelTableOf(index, table);
  const other = modelTableOf(index, target);
  const keys = own === null || other === null ? [] : (index.tables.get(own)?.foreign_keys ?? []);
  const leads = keys.filter(({ referred_schema, referred_table }) => referred_table !== null && tableKey({ schema: referred_schema, name: referred_table }) === other);
  if (own === null || leads.length !== 1) return [];
  return (index.classesOf.get(own) ?? []).flatMap((each) =>
    (each.relationships ?? [])
      .filter(({ direction, target: name }) => direction === "many_to_one" && index.classes.get(name)?.table === other)
      .map(({ name }) => `${each.name}.${name}`),
  );
}
