/** The documents of docs/history-json.md and docs/status-json.md, as the page uses them. */

export type Mark = "head" | "effective_head" | "base" | "branch_point" | "merge_point" | "current" | "broken";

export interface Revision {
  id: string;
  message: string;
  docstring: string;
  path: string;
  line: number | null;
  create_date: string | null;
  down_revision: string[];
  depends_on: string[];
  dependencies: string[];
  branch_labels: string[];
  labels: string[];
  marks: Mark[];
  state: "applied" | "pending" | null;
  lane: number;
}

export interface Edge {
  from: string;
  to: string;
  kind: "down" | "depends";
  path?: { row: number; lane: number }[];
}

export interface Problem {
  code: string;
  message: string;
  revision?: string | null;
  path?: string | null;
  line?: number | null;
}

export interface History {
  schema: number;
  revisions: Revision[];
  edges: Edge[];
  heads: string[];
  bases: string[];
  labels: Record<string, string>;
  database: { url: string; heads: string[]; unknown: string[] } | null;
  problems: Problem[];
}

export type State = "up-to-date" | "behind" | "ahead" | "diverged" | "unknown-revision" | "unstamped" | "no-database" | "unknown";

export interface Status {
  schema: number;
  state: State;
  reason: string | null;
  url: { url: string; source: string; proven: boolean; why: string | null; dialect: string; driver: string | null } | null;
  database: { server: string; version_table: string; stamped: boolean; heads: string[] } | null;
  project: { config: string; revisions: number; heads: { id: string; message: string; path: string }[] };
  pending: { id: string; message: string; path: string }[];
  missing: { id: string; found: unknown; similar: string[] }[];
  read_only?: boolean;
}

export interface Step {
  command: string;
  revision: string;
  message: string;
  path: string;
  from: string[];
  to: string[];
}

export interface Plan {
  schema: number;
  direction: "up" | "down";
  target: string;
  version_table: string;
  from: string[];
  to: string[];
  steps: Step[];
  warnings: string[];
}
