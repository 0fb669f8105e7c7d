import { describe, expect, it } from "vitest";
import { href, parsePlace } from "./router";

describe("places", () => {
  it("come back as they were, whatever names they hold", () => {
    for (const name of ["pets", 'we"ird', "a/b?c#d", "<img src=x>", "größe", "100%"]) {
      expect(parsePlace(href(["data", "public", name])).path).toEqual(["data", "public", name]);
      expect(parsePlace(href(["query"], { sql: name })).query.get("sql")).toBe(name);
    }
  });

  it("leave out what is empty", () => {
    expect(href(["migrations"], { q: "", rev: null, f: ["a", ""] })).toBe("#/migrations?f=a");
  });

  it("survive a fragment that is broken", () => {
    expect(parsePlace("#/data/%E0%A4%A")).toMatchObject({ path: ["data", "%E0%A4%A"] });
    expect(parsePlace("#code=abc").path).toEqual([]);
  });
});
