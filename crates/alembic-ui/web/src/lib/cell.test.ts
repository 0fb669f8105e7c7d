import { describe, expect, it } from "vitest";
import { cellText, familyOf, localTime, pretty, refusal } from "./cell";

describe("familyOf", () => {
  it("goes by the type's name", () => {
    const families = { "numeric(10,2)": "number", bigint: "number", "character varying(40)": "text", "text[]": "array", jsonb: "json", boolean: "boolean", bytea: "bytea", "timestamp with time zone": "time", pet_sex: "other", "interval": "time" };
    for (const [type, family] of Object.entries(families)) expect([type, familyOf(type)]).toEqual([type, family]);
  });
});

describe("cellText", () => {
  it("shows line ends, bytes and booleans in a line", () => {
    expect(cellText("a\r\nb\nc", "text")).toBe("a↵b↵c");
    expect(cellText("\\x00ff10", "bytea")).toBe("\\x00ff10  3 B");
    expect(cellText("t", "boolean")).toBe("true");
    expect(cellText("x".repeat(500), "text")).toHaveLength(301);
  });

  it("never takes a number through a number", () => {
    expect(cellText("12345678901234567890.10", "numeric")).toBe("12345678901234567890.10");
  });
});

describe("localTime", () => {
  it("moves a moment into the zone of the browser and keeps its digits", () => {
    const moment = new Date("2026-09-03T13:05:22Z");
    const text = localTime("2026-09-03 13:05:22.914630+00", "timestamp with time zone");
    expect(text.endsWith(":22.914630")).toBe(true);
    expect(text.startsWith(String(moment.getFullYear()))).toBe(true);
  });

  it("leaves alone what has no zone, or is far from now", () => {
    expect(localTime("2026-09-03 13:05:22", "timestamp without time zone")).toBe("2026-09-03 13:05:22");
    expect(localTime("infinity", "timestamp with time zone")).toBe("infinity");
  });
});

describe("refusal", () => {
  it("lets through what PostgreSQL takes", () => {
    for (const [text, type] of [["-1.5e3", "numeric"], ["NaN", "numeric"], ["9223372036854775807", "bigint"], ['{"a":1}', "jsonb"], ["{a,b}", "text[]"], ["\\x00ff", "bytea"], ["anything", "text"]]) {
      expect([text, refusal(text!, type!)]).toEqual([text, null]);
    }
  });

  it("says what is wrong", () => {
    expect(refusal("1.5", "integer")).toBe("a whole number is wanted");
    expect(refusal("40000", "smallint")).toBe("`40000` is out of range for type smallint");
    expect(refusal("9223372036854775808", "bigint")).toContain("out of range");
    expect(refusal("{", "jsonb")).toContain("this is no JSON");
    expect(refusal("a,b", "text[]")).toContain("{a,b}");
    expect(refusal("\\x0", "bytea")).toContain("pairs");
  });
});

describe("pretty", () => {
  it("spreads JSON without touching a digit or a string", () => {
    expect(pretty('{"a":12345678901234567890.10,"b":["x, {y}",{}],"c":"\\"q\\""}', "jsonb")).toBe('{\n  "a": 12345678901234567890.10,\n  "b": [\n    "x, {y}",\n    {}\n  ],\n  "c": "\\"q\\""\n}');
  });

  it("leaves broken JSON and other types alone", () => {
    expect(pretty("{", "jsonb")).toBe("{");
    expect(pretty('{"a":1}', "text")).toBe('{"a":1}');
  });
});
