import { memo } from "react";
import { cx } from "@/lib/cx";
import type { Item } from "./items";
import { laneX, lineY, visibleEdges, type DrawnEdge } from "./paths";

interface Props {
  edges: DrawnEdge[];
  items: Item[];
  first: number;
  last: number;
  width: number;
  height: number;
  lit: ReadonlySet<string> | null;
}

/** The lines and nodes of the lines in sight. Decoration: every fact of it is said in words beside it. */
export const GraphCanvas = memo(function GraphCanvas({ edges, items, first, last, width, height, lit }: Props) {
  const shown = visibleEdges(edges, first, last);
  return (
    <svg aria-hidden className="pointer-events-none absolute top-0 left-0 z-10 overflow-hidden" width={width} height={height}>
      {shown.map((edge) => {
        const on = !lit || (lit.has(edge.from) && lit.has(edge.to));
        return (
          <path
            key={`${edge.from} ${edge.to}`}
            d={edge.d}
            fill="none"
            stroke={`var(--lane-${edge.lane % 6})`}
            strokeWidth={lit && on ? 2 : 1.5}
            strokeDasharray={edge.dotted ? "1.5 3.5" : undefined}
            strokeLinecap="round"
            className={cx("transition-opacity duration-100", on ? "opacity-100" : "opacity-25")}
          />
        );
      })}
      {items.slice(first, last + 1).map((item, offset) => (
        <Node key={item.kind === "fold" ? `fold ${item.id}` : item.revision.id} item={item} line={first + offset} dim={!!lit && item.kind === "revision" && !lit.has(item.revision.id)} />
      ))}
    </svg>
  );
});

function Node({ item, line, dim }: { item: Item; line: number; dim: boolean }) {
  const y = lineY(line);
  if (item.kind === "fold") {
    const x = laneX(item.lane);
    return (
      <g fill="var(--bg)" stroke={`var(--lane-${item.lane % 6})`}>
        <rect x={x - 4} y={y - 7} width={8} height={14} stroke="none" />
        {[-4, 0, 4].map((shift) => <circle key={shift} cx={x} cy={y + shift} r={1} fill="var(--muted)" stroke="none" />)}
      </g>
    );
  }
  const { marks, state, lane } = item.revision;
  const x = laneX(lane);
  const opacity = dim ? 0.35 : 1;
  if (marks.includes("broken")) {
    return (
      <g opacity={opacity} stroke="var(--broken)" strokeWidth={2} strokeLinecap="round">
        <circle cx={x} cy={y} r={7} fill="var(--bg)" stroke="none" />
        <path d={`M${x - 3.5} ${y - 3.5}l7 7M${x + 3.5} ${y - 3.5}l-7 7`} />
      </g>
    );
  }
  if (marks.includes("current")) {
    return (
      <g opacity={opacity}>
        <circle cx={x} cy={y} r={6} fill="var(--bg)" stroke="var(--current)" strokeWidth={2} />
        <circle cx={x} cy={y} r={2.5} fill="var(--current)" />
      </g>
    );
  }
  if (state === "applied") return <circle opacity={opacity} cx={x} cy={y} r={4.5} fill="var(--applied)" stroke="var(--bg)" strokeWidth={1.5} />;
  const colour = state === "pending" ? "var(--pending)" : "var(--muted)";
  return <circle opacity={opacity} cx={x} cy={y} r={4} fill="var(--bg)" stroke={colour} strokeWidth={2} />;
}
