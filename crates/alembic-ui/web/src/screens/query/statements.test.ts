import { describe, expect, it } from "vitest";
import { fromBytes, statementAt, statements } from "./statements";

const texts = (sql: string) => statements(sql).map(({ start, end }) => sql.slice(start, end));

describe("statements", () => {
  it("cuts at semicolons alone", () => {
    expect(texts("select 1; select 2 ;\n\n ; select 3")).toEqual(["select 1", "select 2", "select 3"]);
  });

  it("sees through strings, names, dollar quotes and comments", () => {
    for (const sql of ["select ';'", 'select ";"', "select e'\\';'", "select $$ ; $$", "select $a$ ; $$ ; $a$", "select 1 -- ; no\n + 1", "select /* ; /* ; */ ; */ 1", "select a$b$c, 1", "select 'it''s;'"]) {
      expect(texts(sql)).toEqual([sql]);
    }
  });

  it("survives what is not closed", () => {
    for (const sql of ["select ';", "select $$ ;", "/* ;", 'select "']) expect(texts(sql)).toEqual([sql]);
  });
});

describe("statementAt", () => {
  const sql = "select 1;\n\nselect 2;\n";
  const at = (cursor: number) => {
    const found = statementAt(sql, cursor);
    return found && sql.slice(found.start, found.end);
  };
  it("is the one around the cursor, or the one before it", () => {
    expect([at(0), at(9), at(10), at(14), at(21)]).toEqual(["select 1", "select 1", "select 1", "select 2", "select 2"]);
    expect(statementAt("  ", 1)).toBeNull();
  });
});

describe("fromBytes", () => {
  it("counts characters, not bytes", () => {
    expect(fromBytes("äöü;x", 7)).toBe(4);
  });
});
