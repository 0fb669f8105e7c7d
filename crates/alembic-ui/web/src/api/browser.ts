/** Names for the types of the data browser, which are generated from the server's OpenAPI document. */

import type { components } from "./schema";
import type { Answer } from "./types";

type Schemas = components["schemas"];

export type TableName = Schemas["TableName"];
export type TableKind = Schemas["TableKind"];
export type ForeignKey = Answer<Schemas["ForeignKey"]>;
export type CatalogueTable = Answer<Schemas["CatalogueTable"]>;
export type Catalogue = Answer<Schemas["Catalogue"]>;
export type Column = Answer<Schemas["Column"]>;
export type Table = Answer<Schemas["Table"]>;

/** null is NULL; an object is the beginning of a long value. */
export type Cell = Schemas["Cell"];
export type RowId = Answer<Schemas["RowId"]>;
export type Row = Answer<Schemas["Row"]>;
export type Page = Answer<Schemas["Page"]>;
export type Position = Schemas["Position"];
export type Comparison = Schemas["Comparison"];
export type Condition = Schemas["Filter"];
export type OrderBy = Schemas["OrderBy"];
export type PageRequest = Schemas["PageRequest"];
export type Count = Answer<Schemas["Count"]>;

export type Assignment = Schemas["Assignment"];
export type Edit = Schemas["Edit"];
export type EditOutcome = Answer<Schemas["EditOutcome"]>;

export type Notice = Answer<Schemas["Notice"]>;
export type StatementResult = Answer<Schemas["StatementResult"]>;
export type QueryOutcome = Answer<Schemas["QueryOutcome"]>;
export type QueryHistory = Answer<Schemas["QueryHistory"]>;
export type QueryRequest = Schemas["QueryRequest"];
export type ExplainRequest = Schemas["ExplainRequest"];
export type Explanation = Answer<Schemas["Explanation"]>;
export type ExportRequest = Schemas["ExportRequest"];

export type Activity = Answer<Schemas["Activity"]>;
export type SessionActivity = Answer<Schemas["SessionActivity"]>;
export type TableLock = Answer<Schemas["TableLock"]>;
export type SlowStatements = Answer<Schemas["SlowStatements"]>;
