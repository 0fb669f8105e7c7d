import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { History } from "@/api/types";
import { GraphCanvas } from "./graph/GraphCanvas";
import type { Item, Lines } from "./graph/items";
import { ancestry, drawEdges, LANE, LEFT, ROW } from "./graph/paths";
import { FoldRow, RevisionRow } from "./RevisionRow";
import type { RunRequest } from "./run/request";

interface Props {
  history: History;
  /** Null while a search is on: then there are no lines to draw. */
  lines: Lines | null;
  items: Item[];
  selected: string | null;
  onSelect: (id: string) => void;
  onUnfold: (id: string) => void;
  canRun: boolean;
  onRun: (request: RunRequest) => void;
  onShowSource: (id: string) => void;
}

/** Lanes beyond this many are cut, so that the words keep their place. */
const MOST_LANES = 14;

const keyOf = (item: Item) => (item.kind === "fold" ? `fold-${item.id}` : item.revision.id);

/** The history, newest first: a virtual list with the graph under it. Arrow keys walk, Enter opens. */
export function RevisionList({ history, lines, items, selected, onSelect, onUnfold, canRun, onRun, onShowSource }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const edges = useMemo(() => (lines ? drawEdges(history.edges, lines.lineOfRow) : []), [history, lines]);
  const lit = useMemo(() => (hovered && lines ? ancestry(history.edges, hovered) : null), [history, hovered, lines]);
  const graphWidth = useMemo(() => widthOf(history, items, lines !== null), [history, items, lines]);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    getItemKey: (index) => keyOf(items[index]!),
  });
  const shown = virtual.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown[shown.length - 1]?.index ?? 0;

  useEffect(() => {
    const line = items.findIndex((item) => item.kind === "revision" && item.revision.id === selected);
    if (line >= 0) setActive(line);
    if (line >= 0) virtual.scrollToIndex(line, { align: "auto" });
    // Only a new selection moves the list.
  }, [selected]);

  const focusLine = useCallback(
    (line: number) => {
      const to = Math.max(0, Math.min(items.length - 1, line));
      setActive(to);
      virtual.scrollToIndex(to, { align: "auto" });
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-line="${to}"]`)?.focus({ preventScroll: true }));
    },
    [items.length, virtual],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset["line"] === undefined) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 1);
    const moves: Record<string, number> = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: items.length - 1 };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      focusLine(to);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const item = items[active];
      if (item?.kind === "revision") onSelect(item.revision.id);
      else if (item) onUnfold(item.id);
    }
  };

  return (
    <div ref={scroller} className="@container h-full overflow-auto" onKeyDown={onKeyDown} onPointerLeave={() => setHovered(null)}>
      <div role="list" aria-label="Revision history" className="relative" style={{ height: virtual.getTotalSize() }}>
        <GraphCanvas edges={edges} items={items} first={first} last={last} width={graphWidth} height={virtual.getTotalSize()} lit={lit} />
        {shown.map(({ index, start, key }) => {
          const item = items[index]!;
          const place = { line: index, start, indent: graphWidth, size: items.length, active: index === Math.min(active, items.length - 1), onFocus: setActive };
          return item.kind === "fold" ? (
            <FoldRow key={key} {...place} fold={item} onUnfold={onUnfold} />
          ) : (
            <RevisionRow
              key={key}
              {...place}
              revision={item.revision}
              selected={item.revision.id === selected}
              canRun={canRun}
              onSelect={onSelect}
              onHover={setHovered}
              onRun={onRun}
              onShowSource={onShowSource}
            />
          );
        })}
      </div>
    </div>
  );
}

function widthOf(history: History, items: Item[], drawn: boolean): number {
  if (!drawn) return LEFT * 2;
  let most = 0;
  for (const item of items) most = Math.max(most, item.kind === "fold" ? item.lane : item.revision.lane);
  for (const edge of history.edges) for (const point of edge.path ?? []) most = Math.max(most, point.lane);
  return LEFT * 2 + Math.min(most, MOST_LANES) * LANE;
}
