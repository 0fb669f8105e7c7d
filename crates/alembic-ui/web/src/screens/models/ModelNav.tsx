import { useMemo, useRef, useState } from "react";
import { Box, Table2, TriangleAlert } from "lucide-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { href } from "@/app/router";
import { SearchBox } from "@/components/Field";
import { Empty } from "@/components/States";
import { cx } from "@/lib/cx";
import { byModule, classKey, problemsOf, tableKey, type ModelIndex } from "./modelIndex";

interface Line {
  key: string;
  /** A link, or the name of what follows. */
  path: [string, string] | null;
  name: string;
  hint: string;
  doubtful: boolean;
}

const LINE = 28;

/** The classes by module, then the tables without a class. */
export function ModelNav({ index, current }: { index: ModelIndex; current: string | null }) {
  const [text, setText] = useState("");
  const lines = useMemo(() => linesOf(index, text), [index, text]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => LINE, overscan: 10 });
  return (
    <nav aria-label="Models" className="flex h-full min-h-0 flex-col bg-surface">
      <div className="border-b p-2">
        <SearchBox label="Search models" value={text} onChange={setText} />
      </div>
      {lines.length === 0 && <Empty title={text ? "No model has that name" : "No models"} />}
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto py-1">
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index: at, start }) => {
            const line = lines[at]!;
            return <NavLine key={line.key} line={line} here={line.key === current} place={{ transform: `translateY(${start}px)`, height: LINE }} />;
          })}
        </div>
      </div>
    </nav>
  );
}

function NavLine({ line, here, place }: { line: Line; here: boolean; place: { transform: string; height: number } }) {
  if (line.path === null) {
    return (
      <p className="absolute inset-x-0 top-0 flex items-center gap-2 px-3 text-xs text-muted" style={place}>
        <span className="min-w-0 flex-1 truncate font-mono">{line.name}</span>
        <span className="text-faint">{line.hint}</span>
      </p>
    );
  }
  const Icon = line.path[0] === "class" ? Box : Table2;
  return (
    <a
      href={href(["models", ...line.path])}
      aria-current={here ? "page" : undefined}
      title={line.path[1]}
      className={cx("absolute inset-x-1 top-0 flex items-center gap-2 rounded-md px-2 text-sm", here ? "bg-hover text-text" : "text-muted hover:bg-hover hover:text-text")}
      style={place}
    >
      <Icon className="size-3.5 shrink-0 text-faint" aria-hidden />
      <span className="min-w-0 flex-1 truncate">{line.name}</span>
      {line.doubtful && <TriangleAlert className="size-3.5 shrink-0 text-pending" aria-label="not everything is known" />}
      <span className="max-w-24 shrink truncate font-mono text-[11px] text-faint">{line.hint}</span>
    </a>
  );
}

function linesOf(index: ModelIndex, text: string): Line[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (...parts: (string | null)[]) => words.every((word) => parts.join(" ").toLowerCase().includes(word));
  const lines: Line[] = [];
  for (const [module, classes] of byModule(index.schema.classes)) {
    const shown = classes.filter(({ name, table }) => fits(module, name, table));
    if (shown.length === 0) continue;
    lines.push({ key: `module ${module}`, path: null, name: module, hint: String(shown.length), doubtful: false });
    for (const each of shown) {
      const key = classKey(each);
      lines.push({ key: `class ${key}`, path: ["class", key], name: each.name, hint: each.table ?? "", doubtful: problemsOf(index, each.table, [each]).length > 0 });
    }
  }
  const bare = index.bare.filter((table) => fits(tableKey(table)));
  if (bare.length > 0) lines.push({ key: "bare", path: null, name: "tables without a class", hint: String(bare.length), doubtful: false });
  for (const table of bare) {
    const key = tableKey(table);
    lines.push({ key: `table ${key}`, path: ["table", key], name: key, hint: "", doubtful: problemsOf(index, key, []).length > 0 });
  }
  return lines;
}
