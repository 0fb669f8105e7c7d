import { memo } from "react";
import { Maximize2 } from "lucide-react";
import type { VirtualItem } from "@tanstack/react-virtual";
import { cx } from "@/lib/cx";
import { cellText, familyOf } from "@/lib/cell";
import type { GridProps } from "./Grid";
import { GUTTER, ROW_HEIGHT } from "./layout";
import type { GridCell, GridColumn, GridRow, Position } from "./types";

interface Props extends GridProps {
  base: string;
  row: GridRow;
  index: number;
  top: number;
  visible: VirtualItem[];
  total: number;
  /** The column of the cursor, when it is in this row. */
  active: number | null;
  onCursor: (position: Position) => void;
}

const tints = { added: "bg-applied-soft", deleted: "bg-broken-soft line-through decoration-broken", changed: "" };

/** A row with its gutter: number, check box, and the way into the drawer. */
export function GridBodyRow({ base, row, index, top, visible, total, active, columns, time, firstNumber, selected, onSelect, onOpenRow, onEdit, onCursor, onCellMenu, extra }: Props) {
  const number = firstNumber === undefined ? index + 1 : firstNumber + index;
  const on = selected?.has(row.id) ?? false;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected ? on : undefined}
      className={cx("group/row absolute left-0 flex border-b border-line/60 hover:bg-hover/60", row.tint && tints[row.tint], on && "bg-accent-soft")}
      style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT, width: total + GUTTER }}
    >
      <div role="rowheader" className={cx("sticky left-0 z-10 flex shrink-0 items-center gap-1 border-r bg-surface px-1.5 text-[11px] text-faint")} style={{ width: GUTTER }}>
        {onSelect && <input type="checkbox" tabIndex={-1} className="size-3 accent-[var(--accent-fill)]" aria-label={`Select row ${number}`} checked={on} onChange={(event) => onSelect(row.id, event.target.checked)} />}
        <span className={cx("flex-1 truncate text-right tabular-nums", onOpenRow && "group-hover/row:hidden")}>{row.tint === "added" ? "new" : number}</span>
        {onOpenRow && (
          <button type="button" tabIndex={-1} aria-label={`Open row ${number}`} title="Open row (Shift+Enter)" className="ml-auto hidden size-5 items-center justify-center rounded-sm hover:bg-hover hover:text-text group-hover/row:flex" onClick={() => onOpenRow(index)}>
            <Maximize2 className="size-3" aria-hidden />
          </button>
        )}
      </div>
      {visible.map(({ index: column, start, size }) => (
        <div
          key={columns[column]!.key}
          id={`${base}-${index}-${column}`}
          role="gridcell"
          aria-colindex={column + 1}
          className={cx(
            "absolute top-0 flex h-full items-center border-r border-line/60",
            active === column && "z-[5] outline outline-1 -outline-offset-1 outline-line-strong group-focus/grid:outline-2 group-focus/grid:outline-accent",
          )}
          style={{ left: GUTTER + start, width: size }}
          onPointerDown={() => onCursor({ row: index, column })}
          onDoubleClick={() => onEdit?.({ row: index, column })}
          onContextMenu={(event) => {
            if (!onCellMenu) return;
            event.preventDefault();
            onCursor({ row: index, column });
            onCellMenu({ row: index, column }, { x: event.clientX, y: event.clientY });
          }}
        >
          <CellFace cell={row.cell(column)} column={columns[column]!} time={time} />
          {extra?.({ row: index, column })}
        </div>
      ))}
    </div>
  );
}

/** The text of a cell in the manner of its type. */
const CellFace = memo(
  function CellFace({ cell, column, time }: { cell: GridCell; column: GridColumn; time: "stored" | "local" }) {
    const family = familyOf(column.type);
    const staged = cell.staged !== undefined && "bg-pending-soft h-full content-center";
    const frame = cx("min-w-0 flex-1 truncate px-2 font-mono text-xs", staged);
    if (cell.staged === "default") return <span className={cx(frame, "text-faint italic")}>DEFAULT</span>;
    if (cell.text === null) return <span className={cx(frame, "text-faint italic")}>NULL</span>;
    if (cell.text === "") return <span className={cx(frame, "text-faint")} aria-label="empty string">''</span>;
    return <span className={cx(frame, family === "number" && "text-right", family === "boolean" && cell.text.startsWith("f") && "text-muted")}>{cellText(cell.text, column.type, time)}</span>;
  },
  (before, after) => before.cell.text === after.cell.text && before.cell.staged === after.cell.staged && before.column === after.column && before.time === after.time,
);
