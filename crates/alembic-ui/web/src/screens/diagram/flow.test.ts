import { beforeEach, describe, expect, it } from "vitest";
import type { Diagram, DiagramBox, DiagramRelation } from "@/api/models";
import { edgesOf, found, nodesOf, said, schemasOf } from "./flow";
import { markPath, roundedPath, routeOf } from "./geometry";
import { readPositions, writePositions } from "./positions";

const box = (name: string, x: number, y: number, schema: string | null = null): DiagramBox => ({
  name, schema, x, y, width: 100, height: 80, comment: null, outside: false,
  columns: [{ name: "id", type: "INTEGER", primary_key: true, foreign_key: false, unique: false, nullable: false, default: null, comment: null }],
});
const relation: DiagramRelation = { name: null, child: 1, columns: ["owner_id"], parent: 0, referred_columns: ["id"], children: "zero_or_many", parents: "exactly_one", identifying: false, ondelete: null, onupdate: null, points: [[200, 50], [150, 50], [150, 30], [100, 30]] };
const diagram: Diagram = { version: 1, width: 300, height: 80, head: 32, row: 20, entities: [box("owners", 0, 0), box("pets", 200, 0, "shop")], relations: [relation] };
const [owners, pets] = diagram.entities as [DiagramBox, DiagramBox];

describe("lines", () => {
  it("run as they were laid out, also when everything moved alike", () => {
    expect(routeOf(relation, pets, owners, pets, owners)[0]).toEqual({ x: 200, y: 50 });
    expect(routeOf(relation, pets, owners, { x: 210, y: 10 }, { x: 10, y: 10 })[3]).toEqual({ x: 110, y: 40 });
  });

  it("find another way when a box was moved", () => {
    const right = routeOf(relation, pets, owners, { x: 500, y: 100 }, owners);
    expect(right).toEqual([{ x: 500, y: 150 }, { x: 300, y: 150 }, { x: 300, y: 30 }, { x: 100, y: 30 }]);
    const left = routeOf(relation, pets, owners, { x: -400, y: 0 }, owners);
    expect([left[0]?.x, left[3]?.x]).toEqual([-300, 0]);
    const above = routeOf(relation, pets, owners, { x: 10, y: -200 }, owners);
    expect([above[0]?.x, above[1]?.x, above[3]?.x]).toEqual([110, 136, 100]);
  });

  it("have round corners and marks on the side they come from", () => {
    expect(roundedPath([{ x: 0, y: 0 }, { x: 20, y: 0 }, { x: 20, y: 20 }])).toBe("M0 0L15 0Q20 0 20 5L20 20");
    expect(roundedPath([{ x: 0, y: 0 }])).toBe("");
    expect(markPath("exactly_one", { x: 0, y: 0 }, { x: 9, y: 0 })).toBe("M6 -4V4M10 -4V4");
    expect(markPath("zero_or_many", { x: 0, y: 0 }, { x: -9, y: 0 })).toMatch(/^M0 -5L-11 0L0 5/);
  });
});

describe("boxes", () => {
  it("stand where they were put", () => {
    const [first, second] = nodesOf(diagram, { owners: { x: 7, y: 8 } }, new Set(["owners"]), "shop.pets");
    expect(first).toMatchObject({ id: "owners", position: { x: 7, y: 8 }, selected: false, data: { dimmed: false, colour: 0 } });
    expect(second).toMatchObject({ id: "shop.pets", position: { x: 200, y: 0 }, selected: true, data: { dimmed: true, colour: 1 } });
    expect(edgesOf(diagram, null, "owners")[0]).toMatchObject({ source: "shop.pets", target: "owners", selected: true });
    expect(schemasOf(diagram).map(({ name }) => name)).toEqual([null, "shop"]);
  });

  it("are found by name and column", () => {
    expect(found(diagram, " ")).toBeNull();
    expect([...(found(diagram, "PETS id") ?? [])]).toEqual(["shop.pets"]);
    expect(found(diagram, "nothing")?.size).toBe(0);
  });

  it("are told in words", () => {
    expect(said(diagram, relation, "child")).toEqual({ table: "owners", text: "owner_id, exactly one" });
    expect(said(diagram, relation, "parent")).toEqual({ table: "shop.pets", text: "by owner_id, zero or many" });
  });
});

describe("positions", () => {
  beforeEach(() => localStorage.clear());

  it("are kept for each project", () => {
    writePositions("a.ini", { pets: { x: 1, y: 2 } });
    expect(readPositions("a.ini")).toEqual({ pets: { x: 1, y: 2 } });
    expect(readPositions("b.ini")).toEqual({});
    writePositions("a.ini", {});
    expect(localStorage.length).toBe(0);
  });

  it("that make no sense are left out", () => {
    localStorage.setItem("alembic-rs diagram a.ini", '{"pets": {"x": "1"}, "owners": {"x": 1, "y": null}}');
    expect(readPositions("a.ini")).toEqual({});
    localStorage.setItem("alembic-rs diagram a.ini", "nonsense");
    expect(readPositions("a.ini")).toEqual({});
  });
});
