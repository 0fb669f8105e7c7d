import { describe, expect, it } from "vitest";
import type { Status } from "@/api/types";
import { bannerText } from "./bannerText";

const status = (more: Partial<Status>): Status => ({
  schema: 1,
  state: "up-to-date",
  reason: null,
  url: { url: "postgresql://localhost/x", source: "env.py", proven: true, why: "env.py says so", dialect: "postgresql", driver: null },
  database: { server: "PostgreSQL 15", version_table: "alembic_version", stamped: true, heads: ["a1"] },
  project: { config: "alembic.ini", revisions: 1, heads: [] },
  pending: [],
  missing: [],
  ...more,
});
const pending = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `r${at}`, message: "", path: "" }));

describe("bannerText", () => {
  it("says the sentences of the contract", () => {
    expect(bannerText(status({})).text).toBe("Database is up to date");
    expect(bannerText(status({ state: "behind", pending: pending(3) })).text).toBe("3 pending migrations");
    expect(bannerText(status({ state: "behind", pending: pending(1) })).text).toBe("1 pending migration");
    expect(bannerText(status({ state: "unknown-revision", missing: [{ id: "dead", found: [], similar: [] }] }))).toMatchObject({ text: "Database is at a revision that is not in this project", detail: "dead" });
    expect(bannerText(status({ state: "no-database", reason: "connection refused" }))).toMatchObject({ text: "Database does not answer", detail: "connection refused" });
    expect(bannerText(status({ state: "no-database", url: null })).text).toBe("No database URL found");
  });
});
