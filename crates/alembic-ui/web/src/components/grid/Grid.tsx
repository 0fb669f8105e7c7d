import { useCallback, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { cx } from "@/lib/cx";
import { GridBodyRow } from "./GridBodyRow";
import { HeaderCell } from "./HeaderCell";
import { GUTTER, HEADER_HEIGHT, moved, ROW_HEIGHT, startWidth } from "./layout";
import type { CellExtra, GridColumn, GridRow, Position, SortKey } from "./types";

export interface GridProps {
  /** The accessible name. */
  label: string;
  columns: GridColumn[];
  rows: GridRow[];
  /** The number of the first row within the whole, when it is known. */
  firstNumber?: number | undefined;
  time: "stored" | "local";
  sort?: SortKey[];
  /** A header was chosen; `add` keeps the columns that are sorted by already. */
  onSort?: (column: string, add: boolean) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (id: string, on: boolean) => void;
  onOpenRow?: (row: number) => void;
  /** Called by Enter or a double click; the cell's editor is what `editor` then gives. */
  onEdit?: (position: Position) => void;
  editing?: Position | null;
  editor?: ReactNode;
  onCopy?: (position: Position) => void;
  onCellMenu?: (position: Position, at: { x: number; y: number }) => void;
  onKey?: (event: KeyboardEvent, position: Position) => void;
  extra?: CellExtra;
  busy?: boolean;
}

/** A virtual grid: only what is in sight is in the page. The cursor moves by keys; the grid itself keeps the focus. */
export function Grid(props: GridProps) {
  const { label, columns, rows, sort = [], onSort, editing, editor, busy } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<Position>({ row: 0, column: 0 });
  const [widths, setWidths] = useState<Record<string, number>>({});
  const base = useId();
  const widthOf = useCallback((index: number) => widths[columns[index]!.key] ?? startWidth(columns[index]!), [columns, widths]);
  const vertical = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_HEIGHT, overscan: 4, scrollPaddingStart: HEADER_HEIGHT, paddingStart: 0 });
  const horizontal = useVirtualizer({ horizontal: true, count: columns.length, getScrollElement: () => scroller.current, estimateSize: widthOf, overscan: 2, scrollPaddingStart: GUTTER });
  useEffect(() => horizontal.measure(), [horizontal, widthOf]);
  const at = useMemo(() => ({ row: Math.min(cursor.row, Math.max(0, rows.length - 1)), column: Math.min(cursor.column, Math.max(0, columns.length - 1)) }), [cursor, rows.length, columns.length]);

  const go = useCallback(
    (to: Position) => {
      setCursor(to);
      vertical.scrollToIndex(to.row, { align: "auto" });
      horizontal.scrollToIndex(to.column, { align: "auto" });
    },
    [vertical, horizontal],
  );
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !editing) scroller.current?.focus({ preventScroll: true });
    wasEditing.current = editing != null;
  }, [editing]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current || rows.length === 0) return;
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - HEADER_HEIGHT) / ROW_HEIGHT) - 1);
    const to = moved(event.key, event.ctrlKey || event.metaKey, at, rows.length, columns.length, page);
    if (to) {
      event.preventDefault();
      go(to);
      return;
    }
    gridKey(event, props, at);
  };

  const visible = horizontal.getVirtualItems();
  const total = horizontal.getTotalSize();
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-busy={busy || undefined}
      aria-multiselectable={props.selected ? true : undefined}
      aria-activedescendant={rows.length > 0 ? `${base}-${at.row}-${at.column}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className={cx("group/grid relative h-full overflow-auto transition-opacity duration-100 focus-visible:outline-none", busy && "opacity-60")}
    >
      <div role="row" aria-rowindex={1} className="sticky top-0 z-20 flex border-b border-line-strong bg-surface" style={{ width: total + GUTTER, height: HEADER_HEIGHT }}>
        <div role="columnheader" aria-label="Row" className="sticky left-0 z-10 shrink-0 border-r bg-surface" style={{ width: GUTTER }} />
        {visible.map(({ index, start, size }) => (
          <HeaderCell
            key={columns[index]!.key}
            column={columns[index]!}
            index={index}
            left={GUTTER + start}
            width={size}
            sort={sort}
            {...(onSort ? { onSort } : {})}
            onResize={(width) => setWidths((before) => ({ ...before, [columns[index]!.key]: width }))}
          />
        ))}
      </div>
      <div role="rowgroup" className="relative" style={{ height: vertical.getTotalSize(), width: total + GUTTER }}>
        {vertical.getVirtualItems().map(({ index, start }) => (
          <GridBodyRow key={rows[index]!.id} {...props} base={base} row={rows[index]!} index={index} top={start} visible={visible} total={total} active={index === at.row ? at.column : null} onCursor={setCursor} />
        ))}
        {editing && editor && (
          <div className="absolute z-30 w-max" style={{ top: editing.row * ROW_HEIGHT - 1, left: GUTTER + (horizontal.measurementsCache[editing.column]?.start ?? 0) - 1, minWidth: widthOf(editing.column) + 1 }}>
            {editor}
          </div>
        )}
      </div>
    </div>
  );
}

function gridKey(event: KeyboardEvent, { onEdit, onCopy, onSelect, selected, rows, onKey, onOpenRow }: GridProps, at: Position): void {
  const ctrl = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && event.shiftKey && onOpenRow) {
    event.preventDefault();
    onOpenRow(at.row);
  } else if ((event.key === "Enter" || event.key === "F2") && onEdit) {
    event.preventDefault();
    onEdit(at);
  } else if (event.key === "Enter" && onOpenRow) {
    event.preventDefault();
    onOpenRow(at.row);
  } else if (ctrl && event.key.toLowerCase() === "c" && onCopy && !window.getSelection()?.toString()) {
    event.preventDefault();
    onCopy(at);
  } else if (event.key === " " && onSelect) {
    event.preventDefault();
    const id = rows[at.row]!.id;
    onSelect(id, !selected?.has(id));
  } else {
    onKey?.(event, at);
  }
}
