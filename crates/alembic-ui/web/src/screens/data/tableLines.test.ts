import { describe, expect, it } from "vitest";
import type { CatalogueTable } from "@/api/browser";
import type { ModelSchema, ModelTable } from "@/api/models";
import { indexOf } from "../models/modelIndex";
import { linesOf, type Grouping } from "./tableLines";

const relation = (name: string, kind: CatalogueTable["kind"] = "table", schema = "public") => ({ name: { schema, name }, kind, row_estimate: null, comment: null }) as CatalogueTable;
const table = (name: string): ModelTable => ({ name, schema: null, comment: null, columns: [], primary_key: null, foreign_keys: [], unique_constraints: [], check_constraints: [], exclude_constraints: [], indexes: [] });
const models = (affects: string[] = []): ModelSchema => ({
  version: 1,
  tables: [table("pets"), table("pet_tags"), table("tags")],
  classes: [{ name: "Pet", module: "shop.pets", table: "pets", relationships: [] }],
  enums: [],
  problems: affects.length > 0 ? [{ path: "a.py", line: 1, message: "", affects }] : [],
});
const relations = [relation("pets"), relation("pet_tags"), relation("alembic_version"), relation("some_view", "view")];
const shown = (grouping: Grouping, schema: ModelSchema | null, text = "", closed: string[] = []) =>
  linesOf(relations, schema && indexOf(schema), grouping, text, new Set(closed)).map((line) =>
    line.kind === "group" ? `[${line.name} ${line.count}]` : line.kind === "model" ? `model ${line.key}` : `${line.relation.name.name}${line.modelless ? " without a model" : ""}`,
  );

describe("the list of tables", () => {
  it("marks tables without a model, and names models without a table", () => {
    expect(shown("schema", models())).toEqual(["[public 4]", "pets", "pet_tags", "alembic_version without a model", "some_view", "[not in the database 1]", "model tags"]);
  });

  it("claims nothing where tables of the models may be unknown, or there are no models", () => {
    expect(shown("schema", models(["*"]))).toContain("alembic_version");
    expect(shown("module", null)).toEqual(["[public 4]", "pets", "pet_tags", "alembic_version", "some_view"]);
  });

  it("groups by module", () => {
    expect(shown("module", models())).toEqual([
      "[shop.pets 1]", "pets", "[tables without a class 1]", "pet_tags", "[no model 2]", "alembic_version without a model", "some_view", "[not in the database 1]", "model tags",
    ]);
  });

  it("searches, and folds groups while nothing is searched for", () => {
    expect(shown("schema", models(), "", ["schema public"])).toEqual(["[public 4]", "[not in the database 1]", "model tags"]);
    expect(shown("schema", models(), "tag", ["schema public"])).toEqual(["[public 1]", "pet_tags", "[not in the database 1]", "model tags"]);
  });
});
