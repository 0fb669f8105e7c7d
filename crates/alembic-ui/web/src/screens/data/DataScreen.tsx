import { useState } from "react";
import { PanelLeft } from "lucide-react";
import type { TableName } from "@/api/browser";
import { useCatalogue, useTable } from "@/api/data";
import { useEnvironment } from "@/api/migrations";
import { usePlace } from "@/app/router";
import { Button } from "@/components/Button";
import { NoBrowser } from "@/components/NoBrowser";
import { Empty, Failure, Skeleton } from "@/components/States";
import { cx } from "@/lib/cx";
import { TableNav } from "./TableNav";
import { TableView } from "./TableView";

/** Tables at the left, rows at the right. */
export default function DataScreen() {
  const environment = useEnvironment();
  if (environment.isPending) return <Skeleton label="Loading tables" />;
  if (environment.data && !environment.data.browsable) return <NoBrowser environment={environment.data} what="Tables and rows" />;
  return <Browser />;
}

function Browser() {
  const { path } = usePlace();
  const [, schema, name] = path;
  const current = schema !== undefined && name !== undefined ? { schema, name } : null;
  const catalogue = useCatalogue();
  const [open, setOpen] = useState(false);
  const superuser = catalogue.data?.server.is_superuser ?? false;
  return (
    <div className="relative flex h-full min-h-0">
      <div className={cx("w-60 shrink-0 border-r max-md:absolute max-md:inset-y-0 max-md:left-0 max-md:z-40", current && !open && "max-md:hidden")} onClick={() => setOpen(false)}>
        <TableNav current={current} />
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        {current && (
          <Button variant="ghost" className="m-1 self-start md:hidden" onClick={() => setOpen(true)}>
            <PanelLeft className="size-4" aria-hidden /> Tables
          </Button>
        )}
        <div className="min-h-0 flex-1">
          {current ? (
            <OpenTable key={`${current.schema}.${current.name}`} name={current} />
          ) : (
            <Empty title="Choose a table">
              at the left, or press Ctrl+K and type its name{superuser && "; you are a superuser here, so functions called by a view can do anything, read-only or not"}
            </Empty>
          )}
        </div>
      </div>
    </div>
  );
}

function OpenTable({ name }: { name: TableName }) {
  const table = useTable(name);
  if (table.isPending) return <Skeleton lines={14} label="Loading the table" />;
  if (table.isError && !table.data) return <Failure error={table.error} title="The table cannot be opened" />;
  return <TableView table={table.data} />;
}
