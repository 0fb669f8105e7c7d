import { describe, expect, it } from "vitest";
import type { ModelClass, ModelForeignKey, ModelProblem, ModelSchema, ModelTable } from "@/api/models";
import { byModule, hidesTables, indexOf, modelTableOf, moduleOf, problemsOf, relationshipsAlong } from "./modelIndex";

const key = (columns: string[], table: string): ModelForeignKey => ({ name: null, columns, referred_schema: null, referred_table: table, referred_columns: ["id"], ondelete: null, onupdate: null, deferrable: null, initially: null });
const table = (name: string, foreign_keys: ModelForeignKey[] = [], schema: string | null = null): ModelTable => ({ name, schema, comment: null, columns: [], primary_key: null, foreign_keys, unique_constraints: [], check_constraints: [], exclude_constraints: [], indexes: [] });
const mapped = (name: string, of: string, relationships: [string, string][] = [], module = "app.models"): ModelClass => ({
  name,
  module,
  table: of,
  relationships: relationships.map(([attribute, target]) => ({ name: attribute, target: `app.models.${target}`, direction: "many_to_one", uselist: false, secondary: null, back_populates: null })),
});
const problem = (...affects: string[]): ModelProblem => ({ path: "app.py", line: 1, message: "not known", affects });
const schema = (tables: ModelTable[], classes: ModelClass[], problems: ModelProblem[] = []): ModelSchema => ({ version: 1, tables, classes, enums: [], problems });

describe("the models by what one asks them for", () => {
  const index = indexOf(
    schema(
      [table("owners"), table("pets", [key(["owner_id"], "owners")]), table("transfers", [key(["from_id"], "owners"), key(["to_id"], "owners")]), table("pet_tags"), table("bills", [], "billing")],
      [mapped("Owner", "owners"), mapped("Pet", "pets", [["owner", "Owner"]]), mapped("Transfer", "transfers", [["source", "Owner"], ["target", "Owner"]]), mapped("Bill", "billing.bills", [], "billing.models")],
      [problem("column:pets.name"), problem("table:pets_of_others"), problem("class:app.models.Pet")],
    ),
  );

  it("finds the table of the database in the models, and its module", () => {
    expect(modelTableOf(index, { schema: "public", name: "pets" })).toBe("pets");
    expect(modelTableOf(index, { schema: "other", name: "pets" })).toBeNull();
    expect(modelTableOf(index, { schema: "billing", name: "bills" })).toBe("billing.bills");
    expect(moduleOf(index, { schema: "billing", name: "bills" })).toBe("billing.models");
    expect(moduleOf(index, { schema: "public", name: "alembic_version" })).toBeNull();
  });

  it("keeps tables without a class apart", () => {
    expect(index.bare.map(({ name }) => name)).toEqual(["pet_tags"]);
    expect(byModule(index.schema.classes).map(([module, classes]) => [module, classes.length])).toEqual([["app.models", 3], ["billing.models", 1]]);
  });

  it("names the relationship along a foreign key only where there is no doubt", () => {
    const owners = { schema: "public", name: "owners" };
    expect(relationshipsAlong(index, { schema: "public", name: "pets" }, owners)).toEqual(["Pet.owner"]);
    expect(relationshipsAlong(index, { schema: "public", name: "transfers" }, owners)).toEqual([]);
    expect(relationshipsAlong(index, owners, { schema: "public", name: "pets" })).toEqual([]);
  });

  it("gives a table its own problems and no others", () => {
    const pets = index.classesOf.get("pets") ?? [];
    expect(problemsOf(index, "pets", pets).map(({ affects }) => affects[0])).toEqual(["column:pets.name", "class:app.models.Pet"]);
    expect(hidesTables(index)).toBe(false);
    expect(hidesTables(indexOf(schema([], [], [problem("*")])))).toBe(true);
  });
});
