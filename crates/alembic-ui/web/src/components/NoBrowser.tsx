import type { Environment } from "@/api/types";
import { Empty } from "./States";

/** Why there is nothing to browse, and what would change that. */
export function NoBrowser({ environment, what }: { environment: Environment; what: string }) {
  const { dialect, reason } = environment;
  if (dialect && dialect !== "postgresql") {
    return <Empty title={`${what} are shown for PostgreSQL alone`}>This project's database is {dialect}. Migrations work all the same.</Empty>;
  }
  return (
    <Empty title="There is no database to show">
      {reason ?? "no URL was found"}. See where it was looked for under Settings, or start <code>alembic-rs ui --url postgresql://…</code>
    </Empty>
  );
}
