import type { Status } from "@/api/types";

/** Changes whenever the history may look different: another state, other heads, other scripts. */
export function fingerprint(status: Status | undefined): string {
  if (!status) return "";
  const heads = status.project.heads.map(({ id }) => id).join(",");
  return [status.state, status.database?.heads.join(","), heads, status.project.revisions, status.pending.length].join("|");
}
