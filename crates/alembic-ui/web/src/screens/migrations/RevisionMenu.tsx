import { Ellipsis } from "lucide-react";
import type { Revision } from "@/api/types";
import { Button } from "@/components/Button";
import { copyText } from "@/components/Copy";
import { Menu, MenuItem, MenuLine } from "@/components/Menu";
import { toast } from "@/components/Toasts";
import type { RunRequest } from "./run/request";

interface Props {
  revision: Revision;
  /** Off in read-only mode or without a database. */
  canRun: boolean;
  onRun: (request: RunRequest) => void;
  onShowSource: () => void;
  tabIndex?: number;
}

/** What can be done with one revision. */
export function RevisionMenu({ revision, canRun, onRun, onShowSource, tabIndex }: Props) {
  const { id, state, marks } = revision;
  const run = (command: RunRequest["command"]) => () => onRun({ command, target: id });
  return (
    <Menu
      trigger={
        <Button variant="ghost" icon aria-label={`Actions for ${id}`} tabIndex={tabIndex} className="h-6 w-6">
          <Ellipsis className="size-4" aria-hidden />
        </Button>
      }
    >
      <MenuItem disabled={!canRun || state === "applied"} onSelect={run("upgrade")}>Upgrade to here</MenuItem>
      <MenuItem disabled={!canRun || state !== "applied" || marks.includes("current") && marks.includes("head")} onSelect={run("downgrade")}>Downgrade to here</MenuItem>
      <MenuItem disabled={!canRun} onSelect={run("stamp")}>Stamp here</MenuItem>
      <MenuLine />
      <MenuItem onSelect={onShowSource}>Show source</MenuItem>
      <MenuItem onSelect={() => void copyText(id).then((done) => toast(done ? `copied ${id}` : "the browser refused the clipboard", done ? "plain" : "bad"))}>Copy id</MenuItem>
    </Menu>
  );
}
