import { describe, expect, it } from "vitest";
import { countStaged, editsOf, nothingStaged, stage, type StagingAction, type StoredRow } from "./staging";

const table = { schema: "public", name: "pets" };
const row = (id: string, cells: Record<string, string | null>, version = "7"): StoredRow => ({ id, rowId: { key: [id], version }, cells });
const rex = row("1", { name: "Rex", note: null, age: "4" });
const after = (...actions: StagingAction[]) => actions.reduce(stage, nothingStaged);
const text = (value: string) => ({ kind: "value", text: value }) as const;

describe("stage", () => {
  it("keeps a change and forgets it when it is taken back", () => {
    const changed = after({ type: "edit", row: rex, column: "name", draft: text("Tom") });
    expect(changed.updates["1"]?.changes).toEqual({ name: { kind: "value", text: "Tom" } });
    expect(stage(changed, { type: "edit", row: rex, column: "name", draft: text("Rex") })).toEqual(nothingStaged);
  });

  it("tells NULL, the empty string and DEFAULT apart", () => {
    expect(after({ type: "edit", row: rex, column: "note", draft: { kind: "null" } })).toEqual(nothingStaged);
    expect(after({ type: "edit", row: rex, column: "note", draft: text("") }).updates["1"]?.changes).toEqual({ note: { kind: "value", text: "" } });
    expect(after({ type: "edit", row: rex, column: "note", draft: { kind: "default" } }).updates["1"]?.changes).toEqual({ note: { kind: "default" } });
  });

  it("deletes a row instead of changing it, and can keep it again", () => {
    const deleted = after({ type: "edit", row: rex, column: "name", draft: text("Tom") }, { type: "delete", rows: [rex] });
    expect(countStaged(deleted)).toEqual({ changed: 0, added: 0, deleted: 1, all: 1 });
    expect(stage(deleted, { type: "undelete", id: "1" })).toEqual(nothingStaged);
  });

  it("leaves a default out of a new row", () => {
    const added = after({ type: "insert", id: "new" }, { type: "editInsert", id: "new", column: "name", draft: text("Ada") }, { type: "editInsert", id: "new", column: "age", draft: text("2") }, { type: "editInsert", id: "new", column: "age", draft: { kind: "default" } });
    expect(added.inserts).toEqual([{ id: "new", values: { name: text("Ada") } }]);
    expect(stage(added, { type: "dropInsert", id: "new" })).toEqual(nothingStaged);
  });

  it("keeps the version that was first seen when a row is read again", () => {
    const newer = row("1", { ...rex.cells, age: "5" }, "8");
    const twice = after({ type: "edit", row: rex, column: "name", draft: text("Tom") }, { type: "edit", row: newer, column: "note", draft: text("x") });
    expect(twice.updates["1"]?.row.rowId.version).toBe("7");
  });

  it("puts my change over theirs after a conflict, and drops what is the same", () => {
    const theirs = row("1", { name: "Tom", note: null, age: "5" }, "8");
    const mine = after({ type: "edit", row: rex, column: "name", draft: text("Tom") }, { type: "edit", row: rex, column: "note", draft: text("x") }, { type: "rebase", id: "1", row: theirs });
    expect(mine.updates["1"]).toEqual({ row: theirs, changes: { note: text("x") } });
  });

  it("moves a delete to the new version of its row", () => {
    const theirs = row("1", rex.cells, "8");
    expect(after({ type: "delete", rows: [rex] }, { type: "rebase", id: "1", row: theirs }).deletes["1"]?.rowId.version).toBe("8");
  });
});

describe("editsOf", () => {
  it("deletes first, then changes, then adds, and says which row each edit is of", () => {
    const other = row("2", { name: "Ada" });
    const staging = after({ type: "insert", id: "new", values: { name: text("Kim") } }, { type: "edit", row: rex, column: "note", draft: { kind: "null" } }, { type: "edit", row: rex, column: "name", draft: { kind: "null" } }, { type: "delete", rows: [other] });
    expect(editsOf(table, staging)).toEqual({
      edits: [
        { kind: "delete", table, row: other.rowId },
        { kind: "update", table, row: rex.rowId, changes: [{ column: "name", value: { kind: "null" } }] },
        { kind: "insert", table, values: [{ column: "name", value: { kind: "text", text: "Kim" } }] },
      ],
      rows: ["2", "1", "new"],
    });
  });
});
