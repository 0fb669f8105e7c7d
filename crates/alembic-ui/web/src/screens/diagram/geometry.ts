/** Lines of the diagram as SVG paths: the route that the server laid out, or a plain one for boxes that were moved. */

import type { Cardinality, DiagramBox, DiagramRelation } from "@/api/models";

export interface Point {
  x: number;
  y: number;
}

const CORNER = 5;
/** From a box to the first bend, as far as a crow's foot needs. */
const STUB = 26;

/** A polyline with its corners rounded. */
export function roundedPath(points: Point[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (!first || !last) return "";
  let path = `M${first.x} ${first.y}`;
  let before = first;
  rest.forEach((corner, at) => {
    const after = rest[at + 1] ?? last;
    const radius = Math.min(CORNER, distance(before, corner) / 2, distance(corner, after) / 2);
    const [from, to] = [towards(corner, before, radius), towards(corner, after, radius)];
    path += `L${from.x} ${from.y}Q${corner.x} ${corner.y} ${to.x} ${to.y}`;
    before = corner;
  });
  return `${path}L${last.x} ${last.y}`;
}

const distance = (a: Point, b: Point) => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
const towards = (from: Point, to: Point, by: number): Point => ({ x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by });

/** The mark at the end of a line: a crow's foot, a circle, bars. */
export function markPath(cardinality: Cardinality, end: Point, next: Point): string {
  const away = next.x < end.x ? -1 : 1;
  const { x, y } = end;
  const at = (by: number) => x + away * by;
  const bar = (by: number) => `M${at(by)} ${y - 4}V${y + 4}`;
  const circle = (by: number) => `M${at(by) - 3.5} ${y}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0`;
  switch (cardinality) {
    case "zero_or_many":
      return `M${x} ${y - 5}L${at(11)} ${y}L${x} ${y + 5}${circle(15)}`;
    case "zero_or_one":
      return `${bar(6)}${circle(12)}`;
    case "exactly_one":
      return `${bar(6)}${bar(10)}`;
  }
}

/** The corners of a relation's line from child to parent, where these boxes now stand. */
export function routeOf(relation: DiagramRelation, child: DiagramBox, parent: DiagramBox, childAt: Point, parentAt: Point): Point[] {
  const points = relation.points.map(([x = 0, y = 0]) => ({ x, y }));
  const [first, last] = [points[0], points[points.length - 1]];
  if (!first || !last) return [];
  const [by, to] = [moved(child, childAt), moved(parent, parentAt)];
  if (by.x === to.x && by.y === to.y) return points.map(({ x, y }) => ({ x: x + by.x, y: y + by.y }));
  const [from, end] = [first.y - child.y + childAt.y, last.y - parent.y + parentAt.y];
  return plainRoute({ ...childAt, width: child.width }, from, { ...parentAt, width: parent.width }, end);
}

const moved = (box: Point, at: Point): Point => ({ x: at.x - box.x, y: at.y - box.y });

interface Side extends Point {
  width: number;
}

/** Out of the nearer side of each box, with one vertical run between them. */
function plainRoute(child: Side, from: number, parent: Side, to: number): Point[] {
  const [childRight, parentRight] = [child.x + child.width, parent.x + parent.width];
  if (child.x - parentRight >= 2 * STUB) return bent(child.x, from, (child.x + parentRight) / 2, parentRight, to);
  if (parent.x - childRight >= 2 * STUB) return bent(childRight, from, (childRight + parent.x) / 2, parent.x, to);
  return bent(childRight, from, Math.max(childRight, parentRight) + STUB, parentRight, to);
}

const bent = (start: number, from: number, middle: number, end: number, to: number): Point[] => [
  { x: start, y: from },
  { x: middle, y: from },
  { x: middle, y: to },
  { x: end, y: to },
];
