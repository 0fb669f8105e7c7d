import { describe, expect, it } from "vitest";
import { exportText, quoteIdentifier } from "./exportText";

const columns = [{ name: "id", type: "bigint" }, { name: 'na"me', type: "text" }, { name: "ok", type: "boolean" }, { name: "price", type: "numeric(10,2)" }, { name: "facts", type: "jsonb" }];
const rows = [["9007199254740993", "it's, \"x\"\n", "t", "1.10", '{"a": 1}'], ["2", null, "f", null, null], ["3", "", "t", "NaN", "null"]];

describe("exportText", () => {
  it("writes CSV with NULL and the empty string apart", () => {
    expect(exportText("csv", "pets", columns, rows)).toBe('id,"na""me",ok,price,facts\r\n9007199254740993,"it\'s, ""x""\n",t,1.10,"{""a"": 1}"\r\n2,,f,,\r\n3,"",t,NaN,null');
  });

  it("writes JSON that keeps every digit", () => {
    const text = exportText("json", "pets", columns, rows);
    expect(text).toContain('"id": 9007199254740993');
    expect(text).toContain('"price": 1.10');
    expect(text).toContain('"price": "NaN"');
    expect(JSON.parse(text)[0].facts).toEqual({ a: 1 });
  });

  it("writes INSERTs that quote names and values", () => {
    expect(exportText("sql", "pets", columns, rows).split("\n").at(-1)).toBe(`INSERT INTO pets (id, "na""me", ok, price, facts) VALUES ('3', '', 't', 'NaN', 'null');`);
    expect(exportText("sql", "t", [{ name: "a", type: "text" }], [["o'x\\y"]])).toBe("INSERT INTO t (a) VALUES (E'o''x\\\\y');");
  });

  it("writes Python", () => {
    const text = exportText("python", "pets", columns, rows);
    expect(text).toContain('"id": 9007199254740993');
    expect(text).toContain('"price": Decimal("1.10")');
    expect(text).toContain('"ok": True');
    expect(text).toContain('"na\\"me": None');
  });
});

describe("quoteIdentifier", () => {
  it("quotes what PostgreSQL would not take bare", () => {
    expect(["pets", "Pets", 'we"ird', "x;drop table", "1a"].map(quoteIdentifier)).toEqual(["pets", '"Pets"', '"we""ird"', '"x;drop table"', '"1a"']);
  });
});
