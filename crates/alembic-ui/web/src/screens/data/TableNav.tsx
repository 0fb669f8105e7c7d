import { useMemo, useRef, useState } from "react";
import { Boxes, ChevronDown, ChevronRight, Eye, Globe, Layers, Table2, Zap } from "lucide-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { CatalogueTable, TableKind, TableName } from "@/api/browser";
import { tablesOf, useCatalogue } from "@/api/data";
import { href } from "@/app/router";
import { SearchBox, Select } from "@/components/Field";
import { Empty, Failure, Skeleton } from "@/components/States";
import { cx } from "@/lib/cx";
import { compact } from "@/lib/format";
import { useModelIndex } from "../models/useModelIndex";
import { kindNames } from "./model";
import { linesOf, type Grouping, type Line } from "./tableLines";

const icons: Record<TableKind, typeof Table2> = { table: Table2, partitioned_table: Layers, view: Eye, materialized_view: Zap, foreign_table: Globe };

/** The relations by schema or by the module of their models, with their estimated sizes. */
export function TableNav({ current }: { current: TableName | null }) {
  const relations = useCatalogue();
  const [text, setText] = useState("");
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [grouping, setGrouping] = useState<Grouping>("schema");
  const models = useModelIndex();
  const lines = useMemo(() => linesOf(tablesOf(relations.data), models, grouping, text, closed), [relations.data, models, grouping, text, closed]);
  const toggle = (group: string) => setClosed((before) => new Set(before.has(group) ? [...before].filter((each) => each !== group) : [...before, group]));
  return (
    <nav aria-label="Tables" className="flex h-full min-h-0 flex-col bg-surface">
      <div className="border-b p-2">
        <SearchBox label="Search tables" value={text} onChange={setText} />
        {models && models.schema.tables.length > 0 && (
          <Select aria-label="Group by" value={grouping} onChange={(event) => setGrouping(event.target.value as Grouping)} className="mt-1.5 w-full">
            <option value="schema">by schema</option>
            <option value="module">by module of the models</option>
          </Select>
        )}
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

const LINE = 28;

function Lines({ lines, current, closed, onToggle }: { lines: Line[]; current: TableName | null; closed: ReadonlySet<string>; onToggle: (group: string) => void }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => LINE, overscan: 10 });
  return (
    <div ref={scroller} className="h-full overflow-auto py-1">
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const line = lines[index]!;
          const place = { transform: `translateY(${start}px)`, height: LINE };
          switch (line.kind) {
            case "group":
              return <GroupButton key={line.id} line={line} open={!closed.has(line.id)} place={place} onToggle={() => onToggle(line.id)} />;
            case "relation":
              return <RelationLink key={`${line.relation.name.schema}.${line.relation.name.name}`} relation={line.relation} modelless={line.modelless} current={current} place={place} />;
            case "model":
              return <MissingLink key={`model ${line.key}`} table={line.key} place={place} />;
          }
        })}
      </div>
    </div>
  );
}

interface Place {
  transform: string;
  height: number;
}

function GroupButton({ line, open, place, onToggle }: { line: Line & { kind: "group" }; open: boolean; place: Place; onToggle: () => void }) {
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <button type="button" aria-expanded={open} onClick={onToggle} className="absolute inset-x-0 top-0 flex items-center gap-1 px-2 text-xs text-muted hover:text-text" style={place}>
      <Icon className="size-3.5 shrink-0" aria-hidden />
      <span className="truncate" title={line.name}>{line.name}</span>
      <span className="ml-auto text-faint">{line.count}</span>
    </button>
  );
}

/** A table of the models that the database does not have. */
function MissingLink({ table, place }: { table: string; place: Place }) {
  return (
    <a href={href(["models", "table", table])} title={`${table}\ndefined by the models, not in this database`} className="absolute inset-x-1 top-0 flex items-center gap-2 rounded-md px-2 text-sm text-faint hover:bg-hover hover:text-text" style={place}>
      <Boxes className="size-3.5 shrink-0" aria-hidden />
      <span className="min-w-0 flex-1 truncate">{table}</span>
      <span className="shrink-0 text-xs">no table</span>
    </a>
  );
}

function RelationLink({ relation, modelless, current, place }: { relation: CatalogueTable; modelless: boolean; current: TableName | null; place: Place }) {
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
      {modelless && <span className="shrink-0 text-xs text-faint">no model</span>}
      {estimate !== null && <span className="shrink-0 text-xs text-faint">{compact(estimate)}</span>}
    </a>
  );
}
