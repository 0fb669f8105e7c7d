import { ArrowLeft, Database, Workflow } from "lucide-react";
import { tablesOf, useCatalogue } from "@/api/data";
import { useEnvironment } from "@/api/migrations";
import type { ModelClass, ModelTable } from "@/api/models";
import { href } from "@/app/router";
import { Badge } from "@/components/Badge";
import { classKey, databaseName, problemsOf, tableKey, type ModelIndex } from "./modelIndex";
import { ModelProblems } from "./ModelProblems";
import { Section } from "./Section";
import { Columns, Constraints } from "./TableFacts";

/** One class with its table, or a table without a class. */
export function ModelDetail({ index, chosen, table }: { index: ModelIndex; chosen: ModelClass | null; table: ModelTable | null }) {
  const name = table ? tableKey(table) : (chosen?.table ?? null);
  const others = name === null ? [] : (index.classesOf.get(name) ?? []).filter((each) => each !== chosen);
  const problems = problemsOf(index, name, chosen ? [chosen] : []);
  return (
    <article className="p-4">
      <a href={href(["models"])} className="mb-2 inline-flex items-center gap-1 text-sm text-muted hover:text-text md:hidden">
        <ArrowLeft className="size-3.5" aria-hidden /> Models
      </a>
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 className="text-base font-semibold">{chosen?.name ?? name}</h2>
        {chosen && <code className="text-muted">{chosen.module}</code>}
        {chosen && name && <span className="text-sm text-muted">table <code className="text-text">{name}</code></span>}
        {!chosen && <Badge title="no class is mapped to it">table without a class</Badge>}
        <span className="flex-1" />
        {table && <TableLinks table={table} />}
      </header>
      {table?.comment && <p className="mt-1 max-w-[72ch] text-sm text-muted">{table.comment}</p>}
      <ModelProblems className="mt-3" problems={problems} title="Not known" />
      {table && <Columns table={table} index={index} />}
      {chosen && <Relationships index={index} chosen={chosen} />}
      {table && <Constraints table={table} />}
      {others.length > 0 && (
        <Section title="Other classes of this table">
          <ul>
            {others.map((each) => (
              <li key={classKey(each)}><ClassLink index={index} name={classKey(each)} /></li>
            ))}
          </ul>
        </Section>
      )}
    </article>
  );
}

const link = "inline-flex items-center gap-1 text-sm text-accent hover:underline";

function TableLinks({ table }: { table: ModelTable }) {
  const browsable = useEnvironment().data?.browsable ?? false;
  const catalogue = useCatalogue(browsable);
  const { schema, name } = databaseName(table);
  const exists = tablesOf(catalogue.data).some((each) => each.name.schema === schema && each.name.name === name);
  return (
    <span className="flex items-center gap-3">
      <a className={link} href={href(["diagram"], { focus: tableKey(table) })}><Workflow className="size-3.5" aria-hidden /> Diagram</a>
      {exists && <a className={link} href={href(["data", schema, name])}><Database className="size-3.5" aria-hidden /> Rows</a>}
      {catalogue.data && !exists && <Badge tone="pending" title="the database that this page is on has no such table">not in the database</Badge>}
    </span>
  );
}

function ClassLink({ index, name }: { index: ModelIndex; name: string }) {
  return index.classes.has(name) ? <a className={link} href={href(["models", "class", name])}>{name}</a> : <code>{name}</code>;
}

const directions: Record<string, string> = { one_to_many: "one to many", many_to_one: "many to one", many_to_many: "many to many" };

function Relationships({ index, chosen }: { index: ModelIndex; chosen: ModelClass }) {
  if (chosen.relationships === null) return <Section title="Relationships"><p className="text-sm text-pending">not known</p></Section>;
  if (chosen.relationships.length === 0) return null;
  return (
    <Section title="Relationships">
      <table aria-label="Relationships" className="w-full text-left text-sm">
        <thead className="text-xs text-muted">
          <tr>{["Name", "To", "Direction", "Through", "Back"].map((title) => <th key={title} scope="col" className="border-b py-1 pr-4 font-normal">{title}</th>)}</tr>
        </thead>
        <tbody>
          {chosen.relationships.map(({ name, target, direction, uselist, secondary, back_populates }) => (
            <tr key={name} className="border-b">
              <td className="py-1 pr-4 font-mono text-xs">{name}</td>
              <td className="py-1 pr-4"><ClassLink index={index} name={target} /></td>
              <td className="py-1 pr-4 text-muted">{directions[direction] ?? direction}{direction === "one_to_many" && !uselist && ", one"}</td>
              <td className="py-1 pr-4">{secondary && <a className={link} href={href(["models", "table", secondary])}>{secondary}</a>}</td>
              <td className="py-1 pr-4 font-mono text-xs text-muted">{back_populates}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
