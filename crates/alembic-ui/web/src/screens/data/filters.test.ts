import { describe, expect, it } from "vitest";
import { conditionOf, nextSort, operators, orderOf, readFilter, readSort, splitList, takesValue, writeFilter, writeSort, type Filter } from "./filters";
import { readAt, writeAt } from "./useTableQuery";

describe("filters in the address", () => {
  it("come back as they were, for every operator and any name or value", () => {
    for (const operator of operators) {
      for (const column of ["name", 'we"ird', "a:b", "100%", "x;drop table", "größe", "%3A"]) {
        const filter: Filter = { kind: "column", column, operator, value: takesValue(operator) ? "a:b & c=d %20 'q'" : "" };
        expect(readFilter(writeFilter(filter))).toEqual(filter);
      }
    }
  });

  it("hold SQL and empty values", () => {
    for (const filter of [{ kind: "sql", sql: "a::text = 'x:y'" }, { kind: "column", column: "name", operator: "=", value: "" }] satisfies Filter[]) {
      expect(readFilter(writeFilter(filter))).toEqual(filter);
    }
  });

  it("are passed over when they are no filters", () => {
    for (const text of ["", "name", "name:like:x", "name:null:x", "name:eq", "sql::"]) expect(readFilter(text)).toBeNull();
  });
});

describe("conditionOf", () => {
  it("says what the server understands", () => {
    expect(conditionOf({ kind: "column", column: "age", operator: "≥", value: "3" })).toEqual({ kind: "compare", column: "age", operator: "greater_or_equal", value: "3" });
    expect(conditionOf({ kind: "column", column: "name", operator: "in", value: 'a, "b, c",' })).toEqual({ kind: "in", column: "name", values: ["a", "b, c"] });
    expect(conditionOf({ kind: "column", column: "name", operator: "is null", value: "" })).toEqual({ kind: "is_null", column: "name" });
    expect(conditionOf({ kind: "sql", sql: "true" })).toEqual({ kind: "raw", sql: "true" });
  });
});

describe("splitList", () => {
  it("cuts at commas outside of quotes", () => {
    expect(splitList('1, 2,3')).toEqual(["1", "2", "3"]);
    expect(splitList('"a ""b""", c')).toEqual(['a "b"', "c"]);
    expect(splitList("")).toEqual([]);
  });
});

describe("order", () => {
  it("comes back from the address", () => {
    for (const key of [{ column: "a:b", direction: "desc", nulls: "first" }, { column: "n", direction: "asc", nulls: undefined }] as const) {
      expect(readSort(writeSort(key))).toEqual(key);
    }
    expect(readSort("name:up")).toBeNull();
    expect(orderOf({ column: "a", direction: "desc" })).toEqual({ column: "a", direction: "descending", nulls: null });
  });

  it("goes up, down, away; Shift adds a column", () => {
    const one = nextSort([], "a", false);
    expect(one).toEqual([{ column: "a", direction: "asc" }]);
    expect(nextSort(one, "a", false)).toEqual([{ column: "a", direction: "desc" }]);
    expect(nextSort([{ column: "a", direction: "desc" }], "a", false)).toEqual([]);
    expect(nextSort(one, "b", true).map(({ column }) => column)).toEqual(["a", "b"]);
    expect(nextSort(one, "b", false).map(({ column }) => column)).toEqual(["b"]);
  });
});

describe("pages in the address", () => {
  it("come back as they were", () => {
    for (const at of [{ at: "last" }, { at: "after", cursor: '{"o":"x:y"}' }, { at: "before", cursor: "1" }] as const) expect(readAt(writeAt(at))).toEqual(at);
    expect(writeAt({ at: "first" })).toBeNull();
    expect(readAt("after:")).toEqual({ at: "first" });
  });
});
