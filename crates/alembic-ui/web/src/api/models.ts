/** Server state of the Models and Diagram screens. Paths stand here and nowhere else. */

import { useQuery } from "@tanstack/react-query";
import { download, request } from "./client";
import type { components } from "./schema";
import type { Answer } from "./types";

type Schemas = components["schemas"];

/** What an object of the document does not know is named in `unknown`, which is there only then. */
type Doubtful<T> = Omit<Answer<T>, "unknown"> & { unknown?: string[] };

export type ModelColumn = Doubtful<Schemas["ModelColumn"]>;
export type ModelForeignKey = Answer<Schemas["ModelForeignKey"]>;
export type ModelTable = Omit<Doubtful<Schemas["ModelTable"]>, "columns"> & { columns: ModelColumn[] };
export type ModelClass = Doubtful<Schemas["ModelClass"]>;
export type ModelRelationship = Answer<Schemas["ModelRelationship"]>;
export type ModelProblem = Answer<Schemas["ModelProblem"]>;
export type ModelSchema = Omit<Answer<Schemas["ModelSchema"]>, "tables" | "classes"> & { tables: ModelTable[]; classes: ModelClass[] };

export type Diagram = Answer<Schemas["Diagram"]>;
export type DiagramBox = Answer<Schemas["DiagramBox"]>;
export type DiagramRelation = Answer<Schemas["DiagramRelation"]>;
export type Cardinality = Schemas["Cardinality"];
export type DiagramFormat = "svg" | "mermaid" | "dot" | "dbml";

export const modelKeys = {
  models: ["models"] as const,
  diagram: ["diagram"] as const,
};

/** What the models define. */
export function useModels(enabled = true) {
  return useQuery({
    queryKey: modelKeys.models,
    queryFn: ({ signal }) => request<ModelSchema>("/api/models", { signal }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    enabled,
  });
}

/** Which part of the diagram; empty is all of it. */
export interface DiagramPart {
  focus: string | null;
  depth: number;
  schema: string | null;
}

function partPath(path: string, { focus, depth, schema }: DiagramPart): string {
  const query = new URLSearchParams();
  if (focus) {
    query.set("focus", focus);
    query.set("depth", String(depth));
  }
  if (schema) query.set("schema", schema);
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** The diagram with the places of its boxes and lines. */
export function useDiagram(part: DiagramPart) {
  return useQuery({
    queryKey: [...modelKeys.diagram, part],
    queryFn: ({ signal }) => request<Diagram>(partPath("/api/diagram", part), { signal }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

/** Has the browser save the diagram for another program. */
export function saveDiagram(format: DiagramFormat, part: DiagramPart): void {
  download(partPath(`/api/diagram/${format}`, part));
}
