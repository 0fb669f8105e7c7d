import { useState } from "react";
import { ArrowDownUp, ArrowUp, X } from "lucide-react";
import type { Column } from "@/api/browser";
import { Button } from "@/components/Button";
import { Select } from "@/components/Field";
import type { SortKey } from "@/components/grid/types";
import { Popover } from "@/components/Popover";

interface Props {
  columns: Column[];
  sort: SortKey[];
  onChange: (sort: SortKey[]) => void;
}

/** The order in full: which columns, which way, and where NULL stands. What a click on a header does, for the keyboard too. */
export function SortMenu({ columns, sort, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const others = columns.filter(({ name, is_orderable }) => is_orderable && !sort.some(({ column }) => column === name));
  const replace = (at: number, patch: Partial<SortKey>) => onChange(sort.map((key, index) => (index === at ? { ...key, ...patch } : key)));
  const raise = (at: number) => onChange(sort.map((key, index) => (index === at - 1 ? sort[at]! : index === at ? sort[at - 1]! : key)));
  return (
    <Popover
      label="Order"
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant="ghost">
          <ArrowDownUp className="size-3.5" aria-hidden />
          Sort
        </Button>
      }
    >
      <div className="flex w-[460px] max-w-full flex-col gap-2 p-3 text-sm">
        {sort.length === 0 && <p className="text-muted">By the key of the table. Choose a column to put before it.</p>}
        {sort.length > 0 && (
          <ol aria-label="Order" className="flex flex-col gap-1.5">
            {sort.map((key, at) => (
              <li key={key.column} className="flex items-center gap-1.5">
                <span className="min-w-0 flex-1 truncate font-mono text-xs" title={key.column}>{key.column}</span>
                <Select aria-label={`Direction of ${key.column}`} value={key.direction} onChange={(event) => replace(at, { direction: event.target.value as SortKey["direction"] })}>
                  <option value="asc">ascending</option>
                  <option value="desc">descending</option>
                </Select>
                <Select aria-label={`NULL in ${key.column}`} value={key.nulls ?? ""} onChange={(event) => replace(at, { nulls: (event.target.value || undefined) as SortKey["nulls"] })}>
                  <option value="">{key.direction === "asc" ? "NULL last, as usual" : "NULL first, as usual"}</option>
                  <option value="first">NULL first</option>
                  <option value="last">NULL last</option>
                </Select>
                <Button variant="ghost" icon aria-label={`Move ${key.column} up`} disabled={at === 0} onClick={() => raise(at)}>
                  <ArrowUp className="size-3.5" aria-hidden />
                </Button>
                <Button variant="ghost" icon aria-label={`Remove ${key.column} from the order`} onClick={() => onChange(sort.filter((_, index) => index !== at))}>
                  <X className="size-3.5" aria-hidden />
                </Button>
              </li>
            ))}
          </ol>
        )}
        {others.length > 0 && (
          <Select aria-label="Add column to the order" className="font-mono text-xs" value="" onChange={(event) => onChange([...sort, { column: event.target.value, direction: "asc" }])}>
            <option value="" disabled>{sort.length === 0 ? "sort by…" : "then by…"}</option>
            {others.map(({ name }) => <option key={name} value={name}>{name}</option>)}
          </Select>
        )}
      </div>
    </Popover>
  );
}
