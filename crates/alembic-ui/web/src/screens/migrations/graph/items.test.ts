import { describe, expect, it } from "vitest";
import type { History, Revision } from "@/api/types";
import { FOLD_AT_LEAST, layOut, search } from "./items";

function revision(id: string, parents: string[], more: Partial<Revision> = {}): Revision {
  return { id, message: `message of ${id}`, docstring: "", path: `versions/${id}_file.py`, line: 1, create_date: null, down_revision: parents, depends_on: [], dependencies: [], branch_labels: [], labels: [], marks: [], state: "applied", lane: 0, ...more };
}

function line(length: number, more: (at: number) => Partial<Revision> = () => ({})): History {
  const revisions = Array.from({ length }, (_, at) => revision(`r${length - at}`, at === length - 1 ? [] : [`r${length - at - 1}`], more(at)));
  const edges = revisions.flatMap(({ id, down_revision }) => down_revision.map((to) => ({ from: id, to, kind: "down" as const, path: [] })));
  return { schema: 1, order: "newest-first", revisions, edges, heads: ["r1"], bases: [], labels: {}, database: null, problems: [] };
}

const closed = { open: new Set<string>(), all: false, selected: null };

describe("layOut", () => {
  it("folds a long straight run into one line", () => {
    const { items, lineOfRow } = layOut(line(30), closed);
    expect(items).toEqual([{ kind: "fold", first: 0, last: 29, lane: 0, id: "r1" }]);
    expect([...lineOfRow]).toEqual(Array.from({ length: 30 }, () => 0));
  });

  it("leaves short runs as they are", () => {
    expect(layOut(line(FOLD_AT_LEAST - 1), closed).items).toHaveLength(FOLD_AT_LEAST - 1);
  });

  it("never hides what is pending, marked or labelled", () => {
    const history = line(40, (at) => (at === 20 ? { marks: ["current"] } : at < 3 ? { state: "pending" } : {}));
    const { items } = layOut(history, closed);
    expect(items.map((item) => (item.kind === "fold" ? [item.first, item.last] : item.row))).toEqual([0, 1, 2, [3, 19], 20, [21, 39]]);
  });

  it("opens a fold that was asked for, that holds the selection, or all", () => {
    expect(layOut(line(30), { ...closed, open: new Set(["r1"]) }).items).toHaveLength(30);
    expect(layOut(line(30), { ...closed, selected: "r7" }).items).toHaveLength(30);
    expect(layOut(line(30), { ...closed, all: true }).items).toHaveLength(30);
  });

  it("lays out 5,000 revisions in a few milliseconds", () => {
    const history = line(5000);
    const start = performance.now();
    layOut(history, closed);
    expect(performance.now() - start).toBeLessThan(100);
  });
});

describe("search", () => {
  it("looks at id, message, file name and label, for every word", () => {
    const history = line(5, (at) => (at === 2 ? { labels: ["billing"] } : {}));
    expect(search(history, "billing").map(({ row }) => row)).toEqual([2]);
    expect(search(history, "r4 MESSAGE").map(({ row }) => row)).toEqual([1]);
    expect(search(history, "r5_file.py").map(({ row }) => row)).toEqual([0]);
    expect(search(history, "nothing")).toEqual([]);
  });
});
