import { memo } from "react";
import { Handle, Position, useStore, type NodeProps } from "@xyflow/react";
import type { DiagramBox } from "@/api/models";
import { cx } from "@/lib/cx";
import { tableKey } from "../models/modelIndex";
import type { TableNode } from "./flow";

/** Below this zoom nobody can read a column. */
export const FAR = 0.4;

/** Lines are drawn from boxes' corners by ourselves; React Flow only has to know that they hang together. */
const corner = { left: 0, top: 0, width: 1, height: 1, minWidth: 0, minHeight: 0, transform: "none", border: 0, opacity: 0 };

/** A table; from afar its name alone. */
export const TableBox = memo(function TableBox({ data, selected }: NodeProps<TableNode>) {
  const { box, head, row, colour, dimmed } = data;
  const far = useStore(({ transform }) => transform[2] < FAR);
  return (
    <div
      title={box.comment ?? undefined}
      className={cx("h-full w-full overflow-hidden rounded-md border bg-surface", selected ? "border-accent outline-2 outline-accent" : "border-line-strong", box.outside && "border-dashed", dimmed && "opacity-25")}
      style={{ borderTop: `4px solid var(--lane-${colour})`, background: far ? `color-mix(in srgb, var(--lane-${colour}) 30%, var(--surface))` : undefined }}
    >
      <Handle type="source" position={Position.Left} isConnectable={false} style={corner} />
      {far ? (
        <p className="flex h-full items-center justify-center p-1 text-center leading-none font-semibold break-all" style={{ fontSize: farSize(box) }}>{tableKey(box)}</p>
      ) : (
        <Columns box={box} head={head - 4} row={row} />
      )}
    </div>
  );
});

/** As large as fits: names are read from afar. */
function farSize({ width, height, schema, name }: DiagramBox): number {
  const length = tableKey({ schema, name }).length;
  return Math.max(13, Math.min((width / length) * 1.5, height * 0.6, 120));
}

function Columns({ box, head, row }: { box: DiagramBox; head: number; row: number }) {
  return (
    <>
      <p className="truncate px-2.5 text-sm font-semibold" style={{ lineHeight: `${head - 1}px` }}>{tableKey(box)}</p>
      {box.columns.map(({ name, type, primary_key, foreign_key, unique, nullable }, at) => (
        <div key={name} className={cx("flex items-center gap-2 px-2.5 font-mono text-xs", at === 0 && "border-t")} style={{ height: row }}>
          <span className="w-7 shrink-0 font-sans text-[9px] text-faint">{[primary_key && "PK", foreign_key && "FK", unique && !primary_key && "UQ"].filter(Boolean).join(" ")}</span>
          <span className={cx("min-w-0 flex-1 truncate", primary_key && "font-semibold")}>{name}</span>
          <span className="truncate text-muted">{type ?? "?"}{nullable && <span className="text-faint"> null</span>}</span>
        </div>
      ))}
    </>
  );
}
