/** A diagram as React Flow wants it. */

import type { Edge, Node } from "@xyflow/react";
import type { Diagram, DiagramBox, DiagramRelation } from "@/api/models";
import { tableKey } from "../models/modelIndex";
import type { Positions } from "./positions";

export type TableNode = Node<{ box: DiagramBox; head: number; row: number; colour: number; dimmed: boolean }, "table">;
export type RelationEdge = Edge<{ relation: DiagramRelation; child: DiagramBox; parent: DiagramBox; dimmed: boolean }, "relation">;

/** How many colours there are for schemas (`--lane-N`). */
const COLOURS = 6;

/** The schemas that occur, the default one first, with their colours. */
export function schemasOf(diagram: Diagram): { name: string | null; colour: number }[] {
  const names = [...new Set(diagram.entities.map(({ schema }) => schema))];
  names.sort((a, b) => (a === null ? -1 : b === null ? 1 : a < b ? -1 : 1));
  return names.map((name, at) => ({ name, colour: at % COLOURS }));
}

/** The boxes, where they were moved to or where they were laid out. `lit` are those that a search found; null is all. */
export function nodesOf(diagram: Diagram, positions: Positions, lit: ReadonlySet<string> | null, selected: string | null): TableNode[] {
  const colours = new Map(schemasOf(diagram).map(({ name, colour }) => [name, colour]));
  return diagram.entities.map((box) => {
    const id = tableKey(box);
    return {
      id,
      type: "table",
      position: positions[id] ?? { x: box.x, y: box.y },
      width: box.width,
      height: box.height,
      selected: id === selected,
      data: { box, head: diagram.head, row: diagram.row, colour: colours.get(box.schema) ?? 0, dimmed: lit !== null && !lit.has(id) },
    };
  });
}

/** The lines. */
export function edgesOf(diagram: Diagram, lit: ReadonlySet<string> | null, selected: string | null): RelationEdge[] {
  return diagram.relations.flatMap((relation, at) => {
    const [child, parent] = [diagram.entities[relation.child], diagram.entities[relation.parent]];
    if (!child || !parent) return [];
    const [source, target] = [tableKey(child), tableKey(parent)];
    const touched = source === selected || target === selected;
    return [{ id: String(at), type: "relation" as const, source, target, selected: touched, zIndex: touched ? 1 : 0, data: { relation, child, parent, dimmed: lit !== null && !(lit.has(source) && lit.has(target)) } }];
  });
}

/** What a search finds: tables whose name or column has every word. Null where nothing is searched for. */
export function found(diagram: Diagram, text: string): ReadonlySet<string> | null {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const fits = (box: DiagramBox) => {
    const all = `${tableKey(box)} ${box.columns.map(({ name }) => name).join(" ")}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  return new Set(diagram.entities.filter(fits).map(tableKey));
}

const many: Record<DiagramRelation["children"], string> = { exactly_one: "exactly one", zero_or_one: "zero or one", zero_or_many: "zero or many" };

/** A relation as a sentence, seen from one of its tables. */
export function said(diagram: Diagram, relation: DiagramRelation, from: "child" | "parent"): { table: string; text: string } {
  const [child, parent] = [diagram.entities[relation.child], diagram.entities[relation.parent]];
  const table = tableKey((from === "child" ? parent : child) ?? { schema: null, name: "" });
  const columns = relation.columns.join(", ");
  return { table, text: from === "child" ? `${columns}, ${many[relation.parents]}` : `by ${columns}, ${many[relation.children]}` };
}
