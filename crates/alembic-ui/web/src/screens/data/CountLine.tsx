import type { Condition, Table } from "@/api/browser";
import { useCount, useCountExactly } from "@/api/data";
import { Button } from "@/components/Button";
import { explain } from "@/components/States";
import { count } from "@/lib/format";

/** Below this many rows the number is exact without being asked for. */
const COUNTED = 50_000;

/** How many rows there are, as well as it is known without waiting. */
export function CountLine({ table, filters, ready }: { table: Table; filters: Condition[]; ready: boolean }) {
  const estimated = filters.length === 0 && (table.row_estimate ?? 0) > COUNTED;
  const quick = useCount(table.name, filters, ready && !estimated);
  const exact = useCountExactly();
  const variables = JSON.stringify([table.name, filters]);
  const counted = exact.data && JSON.stringify([exact.variables.table, exact.variables.filters]) === variables ? exact.data : quick.data?.precision === "exact" ? quick.data : null;
  const text = counted
    ? `${count(counted.rows)} ${counted.rows === 1 ? "row" : "rows"}`
    : estimated
      ? `~${count(table.row_estimate ?? 0)} rows`
      : quick.data
        ? `more than ${count(quick.data.rows)} rows`
        : quick.isError
          ? "not counted"
          : "counting…";
  return (
    <span className="flex items-center gap-1 text-xs text-muted">
      <span className="tabular-nums">{exact.isPending ? "counting…" : text}</span>
      {!counted && ready && (
        <Button variant="ghost" className="h-6 px-1.5 text-xs" disabled={exact.isPending} title="for 30 seconds at most" onClick={() => exact.mutate({ table: table.name, filters })}>
          Count exactly
        </Button>
      )}
      {exact.isError && <span className="text-broken">{explain(exact.error).message}</span>}
    </span>
  );
}
