import { useState } from "react";
import { useForgetHistory, useQueryHistory } from "@/api/query";
import { Button } from "@/components/Button";
import { Menu, MenuItem, MenuLabel, MenuLine } from "@/components/Menu";
import { explain } from "@/components/States";
import { toast } from "@/components/Toasts";
import { moment } from "@/lib/format";
import type { Ran } from "./useRunner";

/**
 * What was run on this database before, to be put into the editor again. Where the server keeps nothing, what was run
 * since the page was loaded.
 */
export function HistoryMenu({ sincePageLoad, onPut }: { sincePageLoad: Ran[]; onPut: (sql: string) => void }) {
  const [open, setOpen] = useState(false);
  const history = useQueryHistory(open);
  const forget = useForgetHistory();
  const kept = history.data?.is_kept ? history.data : null;
  const shown = kept ? kept.statements.map(({ sql, time_ms }) => ({ sql, at: new Date(time_ms) })) : sincePageLoad;
  return (
    <Menu align="start" onOpenChange={setOpen} trigger={<Button variant="ghost">History</Button>}>
      <MenuLabel>{history.isPending ? "looking it up…" : history.isError ? explain(history.error).message : title(kept !== null, shown.length)}</MenuLabel>
      {kept?.problem && <MenuLabel><span className="text-broken">the last one was not kept: {kept.problem}</span></MenuLabel>}
      {shown.map(({ sql, at }) => (
        <MenuItem key={`${at.getTime()} ${sql}`} hint={moment(at)} onSelect={() => onPut(sql)}>
          <span className="block max-w-96 truncate font-mono text-xs">{sql.replace(/\s+/g, " ")}</span>
        </MenuItem>
      ))}
      {kept && shown.length > 0 && (
        <>
          <MenuLine />
          <MenuItem danger onSelect={() => forget.mutate(undefined, { onSuccess: () => toast("forgot every statement"), onError: (error) => toast(explain(error).message, "bad") })}>Forget all of them</MenuItem>
        </>
      )}
    </Menu>
  );
}

function title(isKept: boolean, count: number): string {
  if (isKept) return count > 0 ? "run on this database" : "nothing was run on this database yet";
  return `${count > 0 ? "since this page was loaded" : "nothing was run since this page was loaded"}; Settings can keep it`;
}
