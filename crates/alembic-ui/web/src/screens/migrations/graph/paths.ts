/** Lines of the drawn graph: from the server's lanes to SVG paths. */

import type { Edge } from "@/api/types";

/** Pixels: the height of a line, the width of a lane, and where lane 0 stands. */
export const ROW = 32;
export const LANE = 14;
export const LEFT = 16;

/** The middle of a lane. */
export const laneX = (lane: number): number => LEFT + lane * LANE;

/** The middle of a line. */
export const lineY = (line: number): number => line * ROW + ROW / 2;

/** An edge as it is drawn; `top` and `bottom` are the lines that it touches. */
export interface DrawnEdge {
  from: string;
  to: string;
  dotted: boolean;
  lane: number;
  top: number;
  bottom: number;
  d: string;
}

/**
 * Draws `edges` over lines. Between two points a line stays in the lane of the first and changes lanes
 * just above the row of the second. An edge inside one fold has no line.
 */
export function drawEdges(edges: readonly Edge[], lineOfRow: Int32Array): DrawnEdge[] {
  const drawn: DrawnEdge[] = [];
  for (const edge of edges) {
    const points = onLines(edge, lineOfRow);
    if (points.length < 2) continue;
    drawn.push({
      from: edge.from,
      to: edge.to,
      dotted: edge.kind === "depends",
      lane: Math.max(...points.map((point) => point.lane)),
      top: points[0]!.line,
      bottom: points[points.length - 1]!.line,
      d: pathData(points),
    });
  }
  return drawn;
}

interface Point {
  line: number;
  lane: number;
}

function onLines(edge: Edge, lineOfRow: Int32Array): Point[] {
  const points: Point[] = [];
  for (const { row, lane } of edge.path ?? []) {
    const line = row < lineOfRow.length ? lineOfRow[row]! : lineOfRow.length;
    const last = points[points.length - 1];
    if (last && last.line === line && points.length > 1) last.lane = lane;
    else if (!last || last.line !== line) points.push({ line, lane });
  }
  return points;
}

/** The `d` of a polyline through `points`, with soft changes of lane. */
export function pathData(points: readonly Point[]): string {
  const [first, ...others] = points;
  if (!first) return "";
  let lane = first.lane;
  let d = `M${laneX(lane)} ${lineY(first.line)}`;
  for (const point of others) {
    const x = laneX(point.lane);
    const y = lineY(point.line);
    if (point.lane === lane) {
      d += `V${y}`;
    } else {
      const turn = y - ROW;
      d += `V${turn}C${laneX(lane)} ${turn + ROW * 0.6} ${x} ${turn + ROW * 0.4} ${x} ${y}`;
      lane = point.lane;
    }
  }
  return d;
}

/** Edges that are seen between two lines. */
export function visibleEdges(edges: readonly DrawnEdge[], first: number, last: number): DrawnEdge[] {
  return edges.filter((edge) => edge.top <= last && edge.bottom >= first);
}

/** `id` and all that it follows or depends on. */
export function ancestry(edges: readonly Edge[], id: string): Set<string> {
  const below = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const list = below.get(from);
    if (list) list.push(to);
    else below.set(from, [to]);
  }
  const reached = new Set([id]);
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const parent of below.get(next) ?? []) {
      if (!reached.has(parent)) {
        reached.add(parent);
        open.push(parent);
      }
    }
  }
  return reached;
}
