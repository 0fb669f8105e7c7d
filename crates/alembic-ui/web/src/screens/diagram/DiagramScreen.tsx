import { useCallback, useMemo, useState } from "react";
import { Download, X } from "lucide-react";
import { useEnvironment } from "@/api/migrations";
import { saveDiagram, useDiagram, type Diagram, type DiagramFormat, type DiagramPart } from "@/api/models";
import { href, patchQuery, usePlace } from "@/app/router";
import { Button } from "@/components/Button";
import { SearchBox, Select } from "@/components/Field";
import { Menu, MenuItem } from "@/components/Menu";
import { Empty, Failure, Skeleton } from "@/components/States";
import { plural } from "@/lib/format";
import { Canvas } from "./Canvas";
import { found, schemasOf } from "./flow";
import { readPositions, writePositions, type Positions } from "./positions";
import { TableList } from "./TableList";

const DEPTHS = [1, 2, 3, 5];

/** The tables of the models and the foreign keys between them. */
export default function DiagramScreen() {
  const { query } = usePlace();
  const part: DiagramPart = { focus: query.get("focus"), depth: Number(query.get("depth")) || 1, schema: query.get("schema") };
  const diagram = useDiagram(part);
  const environment = useEnvironment();
  if (diagram.isPending || environment.isPending) return <Skeleton label="Drawing the models" />;
  if (diagram.isError && !diagram.data) {
    const whole = part.focus || part.schema ? <a className="text-accent hover:underline" href={href(["diagram"])}>Show the whole diagram</a> : <Button onClick={() => void diagram.refetch()}>Try again</Button>;
    return <Failure error={diagram.error} title="The diagram cannot be drawn" action={whole} />;
  }
  if (diagram.data.entities.length === 0) {
    return <Empty title="No table is defined">See what was read, and what could not be, under <a className="text-accent underline" href={href(["models"])}>Models</a>.</Empty>;
  }
  return <Board diagram={diagram.data} part={part} project={environment.data?.config ?? ""} />;
}

function Board({ diagram, part, project }: { diagram: Diagram; part: DiagramPart; project: string }) {
  const { query } = usePlace();
  const text = query.get("q") ?? "";
  const selected = query.get("table");
  const whole = part.focus === null && part.schema === null;
  const [kept, setKept] = useState(() => readPositions(project));
  const [moved, setMoved] = useState<Positions>({});
  // A part is laid out anew each time; only the whole diagram is worth arranging.
  const positions = whole ? kept : moved;
  const lit = useMemo(() => found(diagram, text), [diagram, text]);
  const schemas = useMemo(() => schemasOf(diagram), [diagram]);
  const colours = useMemo(() => new Map(schemas.map(({ name, colour }) => [name, colour])), [schemas]);
  const select = useCallback((table: string | null) => patchQuery({ table }), []);
  const focus = useCallback((table: string) => {
    setMoved({});
    patchQuery({ focus: table, table: null, q: null, schema: null }, { replace: false });
  }, []);
  const put = (next: Positions) => {
    if (!whole) return setMoved(next);
    setKept(next);
    writePositions(project, next);
  };
  return (
    <div className="flex h-full min-h-0">
      <nav aria-label="Diagram" className="flex w-60 shrink-0 flex-col border-r bg-surface max-sm:w-40">
        <div className="border-b p-2">
          <SearchBox label="Search tables and columns" value={text} onChange={(q) => patchQuery({ q })} />
        </div>
        <TableList diagram={diagram} lit={lit} selected={selected} colours={colours} onSelect={select} onFocus={focus} />
      </nav>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex flex-wrap items-center gap-2 border-b px-3 py-1.5">
          <span className="text-sm text-muted">{plural(diagram.entities.length, "table")}, {plural(diagram.relations.length, "foreign key")}</span>
          <FocusBar part={part} />
          <Legend schemas={schemas} part={part} />
          <span className="flex-1" />
          {Object.keys(positions).length > 0 && <Button variant="ghost" onClick={() => put({})}>Reset positions</Button>}
          <ExportMenu part={part} />
        </div>
        <div className="min-h-0 flex-1">
          <Canvas diagram={diagram} positions={positions} lit={lit} selected={selected} onSelect={select} onFocus={focus} onMove={(by) => put({ ...positions, ...by })} />
        </div>
      </div>
    </div>
  );
}

function FocusBar({ part }: { part: DiagramPart }) {
  if (part.focus === null) return null;
  return (
    <span className="flex items-center gap-1.5 rounded-md border border-line-strong pl-2 text-sm">
      around <b className="font-medium">{part.focus}</b>
      <Select aria-label="How far" value={part.depth} onChange={(event) => patchQuery({ depth: event.target.value === "1" ? null : event.target.value })} className="border-0">
        {[...new Set([...DEPTHS, part.depth])].sort((a, b) => a - b).map((depth) => <option key={depth} value={depth}>{plural(depth, "step")}</option>)}
      </Select>
      <Button variant="ghost" icon aria-label="Show all tables" title="Show all tables" onClick={() => patchQuery({ focus: null, depth: null }, { replace: false })}>
        <X className="size-3.5" aria-hidden />
      </Button>
    </span>
  );
}

/** The colours of the schemas; each one is also a way to see it alone. */
function Legend({ schemas, part }: { schemas: { name: string | null; colour: number }[]; part: DiagramPart }) {
  if (part.schema !== null) return <Button variant="ghost" onClick={() => patchQuery({ schema: null })}>schema {part.schema} <X className="size-3.5" aria-label="Show all schemas" /></Button>;
  if (schemas.length < 2) return null;
  return (
    <ul aria-label="Schemas" className="flex flex-wrap gap-1">
      {schemas.map(({ name, colour }) => (
        <li key={name ?? ""}>
          <Button variant="ghost" className="px-1.5" title={`Show ${name ?? "the default schema"} alone`} onClick={() => patchQuery({ schema: name ?? "public" })}>
            <span aria-hidden className="size-2.5 rounded-sm" style={{ background: `var(--lane-${colour})` }} />
            {name ?? "default schema"}
          </Button>
        </li>
      ))}
    </ul>
  );
}

const formats: { format: DiagramFormat; name: string; hint: string }[] = [
  { format: "svg", name: "SVG", hint: "laid out anew" },
  { format: "mermaid", name: "Mermaid", hint: "for Markdown" },
  { format: "dot", name: "DOT", hint: "for Graphviz" },
  { format: "dbml", name: "DBML", hint: "for dbdiagram.io" },
];

function ExportMenu({ part }: { part: DiagramPart }) {
  return (
    <Menu trigger={<Button><Download className="size-3.5" aria-hidden /> Export</Button>}>
      {formats.map(({ format, name, hint }) => (
        <MenuItem key={format} hint={hint} onSelect={() => saveDiagram(format, part)}>{name}</MenuItem>
      ))}
    </Menu>
  );
}
