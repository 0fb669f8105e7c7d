import { KeyRound, Link2 } from "lucide-react";
import type { ModelColumn, ModelForeignKey, ModelTable } from "@/api/models";
import { href } from "@/app/router";
import { classKey, tableKey, type ModelIndex } from "./modelIndex";
import { Section } from "./Section";

/** The columns with their types. */
export function Columns({ table, index }: { table: ModelTable; index: ModelIndex }) {
  return (
    <Section title={table.unknown?.includes("columns") ? "Columns; there may be more" : "Columns"}>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={`Columns of ${tableKey(table)}`}>
        <table aria-label="Columns" className="w-full min-w-[560px] text-left text-sm">
          <thead className="text-xs text-muted">
            <tr>{["Name", "Type", "Null", "Default", "Refers to"].map((title) => <th key={title} scope="col" className="border-b py-1 pr-4 font-normal">{title}</th>)}</tr>
          </thead>
          <tbody>
            {table.columns.map((column) => (
              <tr key={column.name} className="border-b align-top" title={column.comment ?? undefined}>
                <td className="py-1 pr-4 font-mono text-xs leading-5">
                  <span className="flex items-center gap-1.5">
                    {column.primary_key && <KeyRound className="size-3 shrink-0 text-pending" aria-label="primary key" />}
                    {column.name}
                  </span>
                </td>
                <td className="py-1 pr-4 font-mono text-xs leading-5">{column.type ?? <Unknown />}</td>
                <td className="py-1 pr-4 whitespace-nowrap text-muted">{column.nullable === null ? <Unknown /> : column.nullable ? "null" : "not null"}</td>
                <td className="max-w-72 py-1 pr-4 font-mono text-xs leading-5 break-words text-muted">{defaultOf(column)}</td>
                <td className="py-1 pr-4">
                  {table.foreign_keys.filter(({ columns }) => columns.includes(column.name)).map((key, at) => <Referred key={at} foreignKey={key} column={column.name} index={index} />)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Unknown() {
  return <span className="text-pending">not known</span>;
}

function defaultOf(column: ModelColumn) {
  if (column.unknown?.includes("server_default")) return <Unknown />;
  if (column.computed) return `generated: ${column.computed.sqltext}`;
  if (column.identity) return column.identity["always"] === true ? "identity, always" : "identity";
  return column.server_default;
}

function Referred({ foreignKey, column, index }: { foreignKey: ModelForeignKey; column: string; index: ModelIndex }) {
  const { referred_schema, referred_table, referred_columns, columns, ondelete } = foreignKey;
  if (referred_table === null) return <Unknown />;
  const table = tableKey({ schema: referred_schema, name: referred_table });
  const text = `${table}.${referred_columns[columns.indexOf(column)] ?? ""}`;
  const first = index.classesOf.get(table)?.[0];
  const to = first ? ["models", "class", classKey(first)] : ["models", "table", table];
  return (
    <span className="flex items-center gap-1 text-sm">
      <Link2 className="size-3 shrink-0 text-faint" aria-hidden />
      {index.tables.has(table) ? <a className="text-accent hover:underline" href={href(to)}>{text}</a> : <span title="not defined by the models">{text}</span>}
      {ondelete && <span className="text-xs text-muted">on delete {ondelete.toLowerCase()}</span>}
    </span>
  );
}

/** Constraints and indexes, each in a line of SQL's own words. */
export function Constraints({ table }: { table: ModelTable }) {
  const { primary_key: primary, unique_constraints, check_constraints, exclude_constraints, indexes } = table;
  const lines: [string | null, string][] = [
    ...(primary ? [[primary.name, `PRIMARY KEY (${primary.columns.join(", ")})`] as [string | null, string]] : []),
    ...unique_constraints.map(({ name, columns }): [string | null, string] => [name, `UNIQUE (${columns.join(", ")})`]),
    ...check_constraints.map(({ name, sqltext }): [string | null, string] => [name, `CHECK (${sqltext})`]),
    ...exclude_constraints.map(({ name, sqltext }): [string | null, string] => [name, sqltext]),
    ...indexes.map(({ name, columns, unique, using, where }): [string | null, string] => [name, `${unique ? "UNIQUE " : ""}INDEX ${using && using !== "btree" ? `USING ${using} ` : ""}(${columns.join(", ")})${where ? ` WHERE ${where}` : ""}`]),
  ];
  if (lines.length === 0) return null;
  return (
    <Section title="Constraints and indexes">
      <ul aria-label="Constraints and indexes">
        {lines.map(([name, text], at) => (
          <li key={at} className="flex flex-wrap gap-x-3 border-b py-1 font-mono text-xs leading-5">
            <span className="min-w-48 text-muted">{name ?? "unnamed"}</span>
            <span className="min-w-0 flex-1 break-words">{text}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
