/** Names for the types that are generated from the server's OpenAPI document. */

import type { components } from "./schema";

type Schemas = components["schemas"];

/** What an answer holds. The document calls a field optional when it may be null; the server always sends it. */
export type Answer<T> = T extends (infer U)[] ? Answer<U>[] : T extends object ? { [K in keyof T]-?: Answer<Exclude<T[K], undefined>> } : T;

export type Mark = Schemas["Mark"];
export type Edge = Answer<Schemas["HistoryEdge"]>;
export type Problem = Answer<Schemas["HistoryProblem"]>;

/** A revision of the drawn history, which always has a lane. */
export type Revision = Omit<Answer<Schemas["HistoryEntry"]>, "lane"> & { lane: number };
export type History = Omit<Answer<Schemas["History"]>, "revisions"> & { revisions: Revision[] };

export type State = Schemas["StatusState"];
export type Status = Answer<Schemas["Status"]>;

export type ProblemCard = Answer<Schemas["ProblemCard"]>;
export type Problems = Answer<Schemas["Problems"]>;
export type Changes = Answer<Schemas["Changes"]>;
export type RevisionDetail = Answer<Schemas["RevisionDetail"]>;
export type Environment = Answer<Schemas["Environment"]>;
export type Versions = Answer<Schemas["Versions"]>;

export type RunCommand = Schemas["RunCommand"];
export type RunRequest = Schemas["RunRequest"];
export type RunView = Answer<Schemas["RunView"]>;
export type Preview = Answer<Schemas["Preview"]>;
export type Unconfirmed = Answer<Schemas["Unconfirmed"]>;

export type Settings = Answer<Schemas["Settings"]>;
export type SettingsView = Answer<Schemas["SettingsView"]>;
