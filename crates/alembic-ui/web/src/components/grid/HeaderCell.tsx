import { useRef, type PointerEvent } from "react";
import { ArrowDown, ArrowUp } from "lucide-react";
import { cx } from "@/lib/cx";
import { NARROWEST, WIDEST } from "./layout";
import type { GridColumn, SortKey } from "./types";

interface Props {
  column: GridColumn;
  index: number;
  left: number;
  width: number;
  sort: SortKey[];
  onSort?: (column: string, add: boolean) => void;
  onResize: (width: number) => void;
}

/** The head of a column: name, type, marks, order, and the edge that changes its width. */
export function HeaderCell({ column, index, left, width, sort, onSort, onResize }: Props) {
  const place = sort.findIndex((key) => key.column === column.key);
  const order = sort[place];
  const ariaSort = order ? (order.direction === "asc" ? "ascending" : "descending") : undefined;
  const face = (
    <>
      <span className="flex items-center gap-1.5">
        <span className="truncate font-medium text-text">{column.name}</span>
        {column.marks?.map(({ text, title }) => <abbr key={text} title={title} className="rounded-sm border border-line-strong px-1 text-[10px] leading-[14px] text-muted no-underline">{text}</abbr>)}
        {order && (
          <span className="ml-auto flex items-center text-xs text-accent">
            {order.direction === "asc" ? <ArrowUp className="size-3.5" aria-hidden /> : <ArrowDown className="size-3.5" aria-hidden />}
            {sort.length > 1 && place + 1}
            {order.nulls && <span className="ml-1 text-[10px]">NULL {order.nulls}</span>}
          </span>
        )}
      </span>
      <span className="block truncate font-mono text-[11px] leading-4 text-faint">{column.type}</span>
    </>
  );
  return (
    <div role="columnheader" aria-colindex={index + 1} aria-sort={ariaSort} className="absolute top-0 flex h-full border-r" style={{ left, width }} title={column.comment ?? undefined}>
      {onSort && !column.unordered ? (
        <button type="button" tabIndex={-1} className={cx("min-w-0 flex-1 px-2 text-left hover:bg-hover")} onClick={(event) => onSort(column.key, event.shiftKey)} title="click: sort by this; Shift+click: sort by this too">
          {face}
        </button>
      ) : (
        <div className="min-w-0 flex-1 px-2 pt-1">{face}</div>
      )}
      <ResizeEdge width={width} onResize={onResize} />
    </div>
  );
}

function ResizeEdge({ width, onResize }: { width: number; onResize: (width: number) => void }) {
  const from = useRef<{ x: number; width: number } | null>(null);
  const onPointerMove = (event: PointerEvent) => {
    if (!from.current) return;
    onResize(Math.max(NARROWEST, Math.min(WIDEST, from.current.width + event.clientX - from.current.x)));
  };
  return (
    <div
      aria-hidden
      className="absolute top-0 -right-1 z-10 h-full w-2 cursor-col-resize hover:bg-accent/40"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, width };
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        from.current = null;
      }}
    />
  );
}
