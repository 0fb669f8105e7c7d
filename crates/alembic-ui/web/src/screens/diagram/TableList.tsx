import { useEffect, useRef } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Crosshair } from "lucide-react";
import type { Diagram, DiagramBox } from "@/api/models";
import { Button } from "@/components/Button";
import { Empty } from "@/components/States";
import { cx } from "@/lib/cx";
import { plural } from "@/lib/format";
import { tableKey } from "../models/modelIndex";
import { said } from "./flow";

const LINE = 28;

interface Props {
  diagram: Diagram;
  lit: ReadonlySet<string> | null;
  selected: string | null;
  colours: Map<string | null, number>;
  onSelect: (table: string | null) => void;
  onFocus: (table: string) => void;
}

/** The same tables as a list, for the keyboard and for those who do not see the drawing. */
export function TableList({ diagram, lit, selected, colours, onSelect, onFocus }: Props) {
  const shown = diagram.entities.filter((box) => lit === null || lit.has(tableKey(box)));
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => LINE, overscan: 10 });
  const at = shown.findIndex((box) => tableKey(box) === selected);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [at, virtual]);
  const open = diagram.entities.find((box) => tableKey(box) === selected);
  return (
    <>
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto py-1">
        {shown.length === 0 && <Empty title={lit ? "No table has that name" : "No tables"} />}
        <ul aria-label="Tables" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const box = shown[index]!;
            const id = tableKey(box);
            return (
              <li key={id} className="absolute inset-x-1 top-0" style={{ transform: `translateY(${start}px)`, height: LINE }}>
                <button
                  type="button"
                  aria-pressed={id === selected}
                  onClick={() => onSelect(id === selected ? null : id)}
                  onDoubleClick={() => onFocus(id)}
                  className={cx("flex h-full w-full items-center gap-2 rounded-md px-2 text-left text-sm", id === selected ? "bg-hover text-text" : "text-muted hover:bg-hover hover:text-text")}
                >
                  <span aria-hidden className="size-2 shrink-0 rounded-sm" style={{ background: `var(--lane-${colours.get(box.schema) ?? 0})` }} />
                  <span className="min-w-0 flex-1 truncate">{id}</span>
                  <span aria-hidden className="text-xs text-faint">{box.columns.length}</span>
                  <span className="sr-only">{plural(box.columns.length, "column")}</span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      {open && <Neighbours diagram={diagram} box={open} onSelect={onSelect} onFocus={onFocus} />}
    </>
  );
}

/** What a table refers to and what refers to it. */
function Neighbours({ diagram, box, onSelect, onFocus }: { diagram: Diagram; box: DiagramBox; onSelect: (table: string) => void; onFocus: (table: string) => void }) {
  const id = tableKey(box);
  const place = diagram.entities.indexOf(box);
  const to = diagram.relations.filter(({ child }) => child === place).map((relation) => said(diagram, relation, "child"));
  const by = diagram.relations.filter(({ parent }) => parent === place).map((relation) => said(diagram, relation, "parent"));
  return (
    <section aria-label={id} className="max-h-[45%] shrink-0 overflow-auto border-t px-2 py-2" tabIndex={0}>
      <div className="flex items-center gap-2 px-1">
        <h2 className="min-w-0 flex-1 truncate text-sm font-semibold">{id}</h2>
        <Button onClick={() => onFocus(id)}><Crosshair className="size-3.5" aria-hidden /> Focus</Button>
      </div>
      {[{ title: "Refers to", list: to }, { title: "Referenced by", list: by }].map(({ title, list }) => list.length > 0 && (
        <div key={title} className="mt-2">
          <h3 className="px-1 text-xs text-muted">{title}</h3>
          <ul aria-label={title}>
            {list.map(({ table, text }, at) => (
              <li key={at}>
                <button type="button" onClick={() => onSelect(table)} className="flex w-full flex-wrap items-baseline gap-x-2 rounded-md px-1 py-0.5 text-left text-sm hover:bg-hover">
                  <span className="text-accent">{table}</span>
                  <span className="text-xs text-muted">{text}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {to.length + by.length === 0 && <p className="mt-2 px-1 text-sm text-muted">No foreign key leads to it or from it.</p>}
    </section>
  );
}
