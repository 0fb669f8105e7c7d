import { describe, expect, it } from "vitest";
import { href, navigate, parsePlace, patchQuery } from "./router";

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

  it("are known at once to everybody, with or without a step to go back to", () => {
    for (const replace of [true, false]) {
      const seen: string[] = [];
      const listener = () => seen.push(window.location.hash);
      window.addEventListener("hashchange", listener);
      navigate(href(["data", "public", `pets ${replace}`]), { replace });
      patchQuery({ f: ["a:eq:1", "b:eq:2"] }, { replace });
      window.removeEventListener("hashchange", listener);
      expect(seen).toEqual([`#/data/public/pets%20${replace}`, `#/data/public/pets%20${replace}?f=a%3Aeq%3A1&f=b%3Aeq%3A2`]);
    }
  });
});
