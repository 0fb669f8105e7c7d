import { useState } from "react";
import { ArrowUpRight } from "lucide-react";
import { HoverCard } from "radix-ui";
import type { ForeignKey, TableName } from "@/api/browser";
import { usePeek } from "@/api/data";
import { href } from "@/app/router";
import { explain } from "@/components/States";
import { cellText } from "@/lib/cell";
import { relationshipsAlong } from "../models/modelIndex";
import { useModelIndex } from "../models/useModelIndex";
import { writeFilter } from "./filters";
import { cellValue, fullName } from "./model";

/** The rows of another table whose columns have these values. */
export function hrefToRows(table: TableName, columns: string[], values: string[]): string {
  return href(["data", table.schema, table.name], { f: columns.map((column, at) => writeFilter({ kind: "column", column, operator: "=", value: values[at] ?? "" })) });
}

/** The arrow in a cell that goes to the row it points to; resting on it shows that row. */
export function ForeignKeyLink({ table: from, foreignKey, values }: { table: TableName; foreignKey: ForeignKey; values: string[] }) {
  const [open, setOpen] = useState(false);
  const { referenced_table: table, referenced_columns: columns } = foreignKey;
  const models = useModelIndex();
  const along = models ? relationshipsAlong(models, from, table) : [];
  const said = along.length > 0 ? ` (${along.join(", ")})` : "";
  return (
    <HoverCard.Root openDelay={250} closeDelay={100} open={open} onOpenChange={setOpen}>
      <HoverCard.Trigger asChild>
        <a
          href={hrefToRows(table, columns, values)}
          tabIndex={-1}
          aria-label={`Go to ${fullName(table)} ${values.join(", ")}${said}`}
          className="mr-1 flex size-5 shrink-0 items-center justify-center rounded-sm text-faint hover:bg-hover hover:text-accent"
        >
          <ArrowUpRight className="size-3.5" aria-hidden />
        </a>
      </HoverCard.Trigger>
      <HoverCard.Portal>
        <HoverCard.Content side="bottom" align="start" sideOffset={4} collisionPadding={8} className="z-50 w-80 rounded-md border border-line-strong bg-raised">
          <Peek foreignKey={foreignKey} values={values} along={along} />
        </HoverCard.Content>
      </HoverCard.Portal>
    </HoverCard.Root>
  );
}

function Peek({ foreignKey, values, along }: { foreignKey: ForeignKey; values: string[]; along: string[] }) {
  const peek = usePeek(foreignKey.referenced_table, foreignKey.referenced_columns, values);
  const name = fullName(foreignKey.referenced_table);
  return (
    <div>
      <p className="flex gap-2 border-b px-3 py-1.5 text-xs text-muted">
        <span className="min-w-0 flex-1 truncate">{name}</span>
        {along.length > 0 && <span className="truncate font-mono" title="the relationship of the models">{along.join(", ")}</span>}
      </p>
      {peek.isPending && <p className="px-3 py-2 text-xs text-faint">loading…</p>}
      {peek.isError && <p className="px-3 py-2 text-xs text-broken">{explain(peek.error).message}</p>}
      {peek.data && !peek.data.rows[0] && <p className="px-3 py-2 text-xs text-muted">no such row</p>}
      {peek.data?.rows[0] && (
        <dl className="grid max-h-72 grid-cols-[minmax(80px,auto)_minmax(0,1fr)] gap-x-3 gap-y-0.5 overflow-auto px-3 py-2 text-xs">
          {peek.data.columns.map(({ name: column, type_name }, at) => {
            const text = cellValue(peek.data.rows[0]?.cells[at]);
            return (
              <div key={column} className="contents">
                <dt className="truncate text-muted">{column}</dt>
                <dd className="truncate font-mono">{text === null ? <i className="text-faint">NULL</i> : cellText(text, type_name)}</dd>
              </div>
            );
          })}
        </dl>
      )}
    </div>
  );
}
