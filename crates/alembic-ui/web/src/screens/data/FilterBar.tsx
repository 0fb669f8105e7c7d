import { useState, type FormEvent } from "react";
import { ListFilterPlus, X } from "lucide-react";
import type { Column } from "@/api/browser";
import { Button } from "@/components/Button";
import { Input, Select } from "@/components/Field";
import { Popover } from "@/components/Popover";
import { cx } from "@/lib/cx";
import { refusal } from "@/lib/cell";
import { operators, splitList, takesValue, type Filter, type Operator } from "./filters";
import { choicesOf } from "./model";
import { agreeTo } from "./useWaitingSql";

interface Props {
  columns: Column[];
  filters: Filter[];
  /** SQL conditions that came with the address and nobody has agreed to yet. */
  waiting: ReadonlySet<string>;
  onAllow: (sql: string) => void;
  onChange: (filters: Filter[]) => void;
}

/** The conditions as pills, and the way to another one. */
export function FilterBar({ columns, filters, waiting, onAllow, onChange }: Props) {
  const [open, setOpen] = useState<number | null>(null);
  const replace = (at: number, filter: Filter) => {
    onChange(at < filters.length ? filters.map((each, index) => (index === at ? filter : each)) : [...filters, filter]);
    setOpen(null);
  };
  return (
    <div role="group" aria-label="Filters" className="flex flex-wrap items-center gap-1.5">
      {filters.map((filter, index) => {
        const waits = filter.kind === "sql" && waiting.has(filter.sql);
        return (
          <span key={index} className={cx("flex h-7 max-w-[420px] items-center rounded-md border text-sm", waits ? "border-pending" : "border-line-strong")}>
            <Popover
              label="Filter"
              open={open === index}
              onOpenChange={(on) => setOpen(on ? index : null)}
              trigger={
                <button type="button" aria-label={`Filter ${sentence(filter)}`} className="min-w-0 truncate rounded-md px-2 font-mono text-xs leading-6 hover:bg-hover">
                  {sentence(filter)}
                </button>
              }
            >
              <FilterForm columns={columns} filter={filter} onApply={(next) => replace(index, next)} />
            </Popover>
            {waits && <button type="button" className="border-l px-2 text-xs leading-6 text-pending hover:bg-hover" onClick={() => onAllow(filter.sql)}>Run this condition</button>}
            <button type="button" aria-label={`Remove filter ${sentence(filter)}`} className="flex h-full w-6 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text" onClick={() => onChange(filters.filter((_, at) => at !== index))}>
              <X className="size-3" aria-hidden />
            </button>
          </span>
        );
      })}
      <Popover
        label="Filter"
        open={open === filters.length}
        onOpenChange={(on) => setOpen(on ? filters.length : null)}
        trigger={
          <Button variant="ghost">
            <ListFilterPlus className="size-3.5" aria-hidden />
            Add filter
          </Button>
        }
      >
        <FilterForm columns={columns} filter={null} onApply={(next) => replace(filters.length, next)} />
      </Popover>
    </div>
  );
}

/** A condition as it is read. */
export function sentence(filter: Filter): string {
  if (filter.kind === "sql") return filter.sql;
  return takesValue(filter.operator) ? `${filter.column} ${filter.operator} ${filter.value === "" ? "''" : filter.value}` : `${filter.column} ${filter.operator}`;
}

const SQL = "\u0000sql";

function FilterForm({ columns, filter, onApply }: { columns: Column[]; filter: Filter | null; onApply: (filter: Filter) => void }) {
  const [column, setColumn] = useState(filter?.kind === "sql" ? SQL : (filter?.column ?? columns[0]?.name ?? SQL));
  const [operator, setOperator] = useState<Operator>(filter?.kind === "column" ? filter.operator : "=");
  const [value, setValue] = useState(filter?.kind === "column" ? filter.value : (filter?.sql ?? ""));
  const known = columns.find(({ name }) => name === column);
  const choices = known ? choicesOf(known) : null;
  const wrong = known ? valueRefusal(known, operator, value) : value.trim() === "" ? "a condition is wanted" : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong) return;
    if (column === SQL) agreeTo(value.trim());
    onApply(column === SQL ? { kind: "sql", sql: value.trim() } : { kind: "column", column, operator, value: takesValue(operator) ? value : "" });
  };
  return (
    <form onSubmit={submit} className="flex w-[440px] max-w-full flex-col gap-2 p-3">
      <div className="flex gap-2">
        <Select aria-label="Column" autoFocus value={column} onChange={(event) => setColumn(event.target.value)} className="flex-1 font-mono text-xs">
          {columns.map(({ name }) => <option key={name} value={name}>{name}</option>)}
          <option value={SQL}>SQL condition…</option>
        </Select>
        {column !== SQL && (
          <Select aria-label="Operator" value={operator} onChange={(event) => setOperator(event.target.value as Operator)} className="w-32">
            {operators.map((each) => <option key={each} value={each}>{each}</option>)}
          </Select>
        )}
      </div>
      {(column === SQL || takesValue(operator)) && (
        choices && (operator === "=" || operator === "≠") ? (
          <Select aria-label="Value" value={value} onChange={(event) => setValue(event.target.value)}>
            <option value="" disabled>choose a value</option>
            {choices.map((each) => <option key={each} value={each}>{each}</option>)}
          </Select>
        ) : (
          <Input aria-label={column === SQL ? "SQL condition" : "Value"} mono value={value} onChange={(event) => setValue(event.target.value)} placeholder={column === SQL ? "length(name) > 3 and born_on is not null" : operator === "in" ? "a, b, \"c, d\"" : known?.type_name} />
        )
      )}
      <div className="flex items-center gap-3">
        <p className="min-w-0 flex-1 text-xs text-muted">{wrong && value !== "" ? wrong : column === SQL ? "put into WHERE as it stands, in a read-only transaction" : ""}</p>
        <Button type="submit" variant="primary" disabled={wrong !== null}>Apply filter</Button>
      </div>
    </form>
  );
}

function valueRefusal(column: Column, operator: Operator, value: string): string | null {
  if (!takesValue(operator) || operator === "contains" || operator === "starts with") return null;
  if (choicesOf(column) && value === "") return "a value is wanted";
  const values = operator === "in" ? splitList(value) : [value];
  if (operator === "in" && values.length === 0) return "at least one value is wanted";
  return values.map((each) => refusal(each, column.type_name)).find((each) => each !== null) ?? null;
}
