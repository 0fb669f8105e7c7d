import { describe, expect, it } from "vitest";
import type { Edge } from "@/api/types";
import { ancestry, drawEdges, pathData, visibleEdges } from "./paths";

const edge = (from: string, to: string, path: [number, number][], kind: Edge["kind"] = "down"): Edge => ({ from, to, kind, path: path.map(([row, lane]) => ({ row, lane })) });
const rows = (...lines: number[]) => Int32Array.from(lines);

describe("pathData", () => {
  it("is a straight line within a lane", () => {
    expect(pathData([{ line: 0, lane: 0 }, { line: 3, lane: 0 }])).toBe("M16 16V112");
  });

  it("stays in its lane and changes just above the row", () => {
    expect(pathData([{ line: 0, lane: 1 }, { line: 2, lane: 0 }])).toBe("M30 16V48C30 67.2 16 60.8 16 80");
  });

  it("is empty without points", () => {
    expect(pathData([])).toBe("");
  });
});

describe("drawEdges", () => {
  it("knows which lines an edge touches, and dots dependencies", () => {
    const [drawn] = drawEdges([edge("b", "a", [[0, 0], [1, 1], [4, 0]], "depends")], rows(0, 1, 2, 3, 4));
    expect(drawn).toMatchObject({ top: 0, bottom: 4, lane: 1, dotted: true });
  });

  it("draws nothing for an edge inside a fold, and ends others at the fold", () => {
    const folded = rows(0, 1, 1, 1, 2);
    expect(drawEdges([edge("c", "b", [[2, 0], [3, 0]])], folded)).toEqual([]);
    expect(drawEdges([edge("d", "c", [[0, 0], [1, 0]])], folded)[0]).toMatchObject({ top: 0, bottom: 1 });
    expect(drawEdges([edge("b", "a", [[3, 0], [4, 0]])], folded)[0]).toMatchObject({ top: 1, bottom: 2 });
  });

  it("leaves out an edge without a line", () => {
    expect(drawEdges([edge("b", "a", [[1, 0]])], rows(0, 1))).toEqual([]);
  });
});

describe("visibleEdges", () => {
  it("keeps what crosses the window", () => {
    const drawn = drawEdges([edge("c", "a", [[0, 1], [9, 0]]), edge("b", "a", [[0, 0], [1, 0]])], rows(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    expect(visibleEdges(drawn, 4, 6).map(({ from }) => from)).toEqual(["c"]);
  });
});

describe("ancestry", () => {
  it("follows parents and dependencies, and ends on a ring", () => {
    const edges = [edge("d", "c", []), edge("c", "a", []), edge("d", "b", [], "depends"), edge("a", "d", []), edge("x", "a", [])];
    expect([...ancestry(edges, "d")].sort()).toEqual(["a", "b", "c", "d"]);
  });
});
