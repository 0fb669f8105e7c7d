import type { TableName } from "@/api/browser";
import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { previewEdits } from "@/api/data";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/Copy";
import { Dialog } from "@/components/Dialog";
import { Failure, Skeleton } from "@/components/States";
import { plural } from "@/lib/format";
import { useEnvironment } from "@/api/migrations";
import { TypedConfirm } from "@/components/TypedConfirm";
import { fullName } from "./model";
import { countStaged, editsOf, type Staging } from "./staging";

/** The SQL that saving would run, in its order, in one transaction. */
export function ReviewDialog({ table, staging, onSave, onClose }: { table: TableName; staging: Staging; onSave: () => void; onClose: () => void }) {
  const preview = useQuery({ queryKey: ["preview-edits", table, staging], queryFn: ({ signal }) => previewEdits(editsOf(table, staging).edits, signal), gcTime: 0 });
  const environment = useEnvironment().data;
  const [typed, setTyped] = useState("");
  const remote = environment?.place === "remote";
  const ready = preview.isSuccess && environment !== undefined && (!remote || typed === environment.database);
  const statements = preview.data ?? [];
  const text = ["BEGIN;", ...statements, "COMMIT;"].join("\n");
  return (
    <Dialog
      wide
      title="Review changes"
      description={`${plural(countStaged(staging).all, "row")} of ${fullName(table)}, in one transaction`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button variant="primary" disabled={!ready} onClick={onSave}>Save changes</Button>
        </>
      }
    >
      {preview.isPending && <Skeleton lines={3} label="Writing the SQL" />}
      {preview.isError && <Failure error={preview.error} title="These changes cannot be written" />}
      {preview.isSuccess && (
        <div className="relative">
          <div className="absolute top-2 right-2"><CopyButton text={text} label="Copy SQL" /></div>
          <pre tabIndex={0} aria-label="SQL of the changes" className="overflow-auto p-4 leading-[20px] whitespace-pre-wrap">
            <code>{text}</code>
          </pre>
        </div>
      )}
      {remote && <TypedConfirm host={environment.host ?? ""} name={environment.database ?? ""} typed={typed} onChange={setTyped} onEnter={() => ready && onSave()} />}
    </Dialog>
  );
}
