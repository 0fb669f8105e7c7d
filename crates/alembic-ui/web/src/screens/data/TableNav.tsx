import { useMemo, useRef, useState } from "react";
import { ChevronDown, ChevronRight, Eye, Globe, Layers, Table2, Zap } from "lucide-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { CatalogueTable, TableKind, TableName } from "@/api/browser";
import { tablesOf, useCatalogue } from "@/api/data";
import { href } from "@/app/router";
import { SearchBox } from "@/components/Field";
import { Empty, Failure, Skeleton } from "@/components/States";
import { cx } from "@/lib/cx";
import { compact } from "@/lib/format";
import { kindNames } from "./model";

const icons: Record<TableKind, typeof Table2> = { table: Table2, partitioned_table: Layers, view: Eye, materialized_view: Zap, foreign_table: Globe };

type Line = { kind: "schema"; name: string; count: number } | { kind: "relation"; relation: CatalogueTable };

/** The relations by schema, with their estimated sizes. */
export function TableNav({ current }: { current: TableName | null }) {
  const relations = useCatalogue();
  const [text, setText] = useState("");
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const lines = useMemo(() => linesOf(tablesOf(relations.data), text, closed), [relations.data, text, closed]);
  const toggle = (schema: string) => setClosed((before) => new Set(before.has(schema) ? [...before].filter((each) => each !== schema) : [...before, schema]));
  return (
    <nav aria-label="Tables" className="flex h-full min-h-0 flex-col bg-surface">
      <div className="border-b p-2">
        <SearchBox label="Search tables" value={text} onChange={setText} />
      </div>
      <div className="min-h-0 flex-1">
        {relations.isPending && <Skeleton lines={10} label="Loading tables" />}
        {relations.isError && <Failure error={relations.error} compact />}
        {relations.data && lines.length === 0 && (
          <Empty title={text ? "No table has that name" : "No tables yet"}>{!text && "Apply migrations, or create one on the Query screen."}</Empty>
        )}
        {lines.length > 0 && <Lines lines={lines} current={current} closed={closed} onToggle={toggle} />}
      </div>
    </nav>
  );
}

function linesOf(relations: CatalogueTable[], text: string, closed: ReadonlySet<string>): Line[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const bySchema = new Map<string, CatalogueTable[]>();
  for (const relation of relations) {
    if (!words.every((word) => `${relation.name.schema}.${relation.name.name}`.toLowerCase().includes(word))) continue;
    const list = bySchema.get(relation.name.schema);
    if (list) list.push(relation);
    else bySchema.set(relation.name.schema, [relation]);
  }
  const schemas = [...bySchema.keys()].sort((a, b) => Number(b === "public") - Number(a === "public") || a.localeCompare(b));
  return schemas.flatMap((name): Line[] => {
    const inside = bySchema.get(name) ?? [];
    const head: Line = { kind: "schema", name, count: inside.length };
    return closed.has(name) && !text ? [head] : [head, ...inside.map((relation): Line => ({ kind: "relation", relation }))];
  });
}

const LINE = 28;

function Lines({ lines, current, closed, onToggle }: { lines: Line[]; current: TableName | null; closed: ReadonlySet<string>; onToggle: (schema: string) => void }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => LINE, overscan: 10 });
  return (
    <div ref={scroller} className="h-full overflow-auto py-1">
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const line = lines[index]!;
          const place = { transform: `translateY(${start}px)`, height: LINE };
          return line.kind === "schema" ? (
            <button key={`schema ${line.name}`} type="button" aria-expanded={!closed.has(line.name)} onClick={() => onToggle(line.name)} className="absolute inset-x-0 top-0 flex items-center gap-1 px-2 text-xs text-muted hover:text-text" style={place}>
              {closed.has(line.name) ? <ChevronRight className="size-3.5" aria-hidden /> : <ChevronDown className="size-3.5" aria-hidden />}
              <span className="truncate">{line.name}</span>
              <span className="ml-auto text-faint">{line.count}</span>
            </button>
          ) : (
            <RelationLink key={`${line.relation.name.schema}.${line.relation.name.name}`} relation={line.relation} current={current} place={place} />
          );
        })}
      </div>
    </div>
  );
}

function RelationLink({ relation, current, place }: { relation: CatalogueTable; current: TableName | null; place: { transform: string; height: number } }) {
  const { name: { schema, name }, kind, row_estimate: estimate, comment } = relation;
  const Icon = icons[kind];
  const here = current?.schema === schema && current.name === name;
  return (
    <a
      href={href(["data", schema, name])}
      aria-current={here ? "page" : undefined}
      title={[`${schema}.${name}`, kindNames[kind], comment].filter(Boolean).join("\n")}
      className={cx("absolute inset-x-1 top-0 flex items-center gap-2 rounded-md px-2 text-sm", here ? "bg-hover text-text" : "text-muted hover:bg-hover hover:text-text")}
      style={place}
    >
      <Icon className="size-3.5 shrink-0 text-faint" aria-hidden />
      <span className="min-w-0 flex-1 truncate">{name}</span>
      {kind !== "table" && <span className="sr-only">{kindNames[kind]}</span>}
      {estimate !== null && <span className="shrink-0 text-xs text-faint">{compact(estimate)}</span>}
    </a>
  );
}
