import { memo } from "react";
import { useStore, type EdgeProps } from "@xyflow/react";
import type { RelationEdge } from "./flow";
import { markPath, roundedPath, routeOf } from "./geometry";
import { FAR } from "./TableBox";

/** A foreign key with crow's feet; from afar without them. */
export const RelationLine = memo(function RelationLine({ data, sourceX, sourceY, targetX, targetY, selected }: EdgeProps<RelationEdge>) {
  // From afar a line is a pixel of the screen; steps, so that not every zoom draws all lines anew.
  const thickness = useStore(({ transform: [, , zoom] }) => (zoom < FAR ? Math.ceil(0.7 / zoom) : 1.25));
  const far = thickness > 1.25;
  if (!data) return null;
  const { relation, child, parent, dimmed } = data;
  // The handles are a pixel high, in the upper left corners.
  const points = routeOf(relation, child, parent, { x: Math.round(sourceX), y: Math.round(sourceY - 0.5) }, { x: Math.round(targetX), y: Math.round(targetY - 0.5) });
  const [first, second] = points;
  const [last, before] = [points[points.length - 1], points[points.length - 2]];
  const marks = !far && first && second && last && before ? markPath(relation.children, first, second) + markPath(relation.parents, last, before) : "";
  return (
    <path
      d={roundedPath(points) + marks}
      fill="none"
      stroke={selected ? "var(--accent)" : "var(--faint)"}
      strokeWidth={selected ? thickness * 1.6 : thickness}
      opacity={dimmed ? 0.15 : 1}
    />
  );
});
