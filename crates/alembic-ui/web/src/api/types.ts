/** The documents of the API, as the page uses them. */

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

/** Something of the project's history that is odd, in a sound set of scripts. */
export interface Problem {
  code: string;
  message: string;
  revision?: string | null;
  path?: string | null;
  line?: number | null;
}

/** A report of the command line in parts. */
export interface ProblemCard {
  message: string;
  help: string | null;
  path: string | null;
  line: number | null;
  excerpt: { first_line: number; text: string } | null;
  labels: { text: string | null; line: number; column: number; length: number }[];
  report: string;
}

export interface Problems {
  errors: ProblemCard[];
  warnings: string[];
}

/** Changes when anything changes. */
export interface Changes {
  project: string;
  database: string;
  run: string | null;
  running: boolean;
}

export interface RevisionLink {
  id: string;
  message: string;
}

export interface RevisionDetail {
  id: string;
  source: string | null;
  children: RevisionLink[];
  parents: RevisionLink[];
  dependencies: RevisionLink[];
  dependents: RevisionLink[];
}

export interface Environment {
  place: "local" | "remote" | "none";
  host: string | null;
  database: string | null;
  url: string | null;
  source: string | null;
  proven: boolean;
  why: string | null;
  reason: string | null;
  dialect: string | null;
  candidates: { place: string; outcome: string; chosen: boolean }[];
  browsable: boolean;
  read_only: boolean;
  config: string;
  folder: string;
}

export interface Versions {
  alembic_rs: string;
  alembic: string | null;
  python: string | null;
  python_reason: string | null;
  server: string | null;
}

export type RunCommand = "upgrade" | "downgrade" | "stamp";

export type RunState = "starting" | "running" | "cancelling" | "succeeded" | "failed" | "cancelled";

export interface RunView {
  id: string;
  command: RunCommand;
  target: string;
  state: RunState;
  command_line: string | null;
  database: string;
  steps: number;
  from: string[];
  to: string[] | null;
  started_ms: number;
  ended_ms: number | null;
  exit_code: number | null;
  backup: string | null;
  error: { code: string; message: string; help: string | null } | null;
}

export interface Preview {
  plan: Plan;
  command: RunCommand;
  command_line: string | null;
  python: string | null;
  database: string;
  source: string;
  can_back_up: boolean;
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
