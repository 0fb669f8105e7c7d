/**
 * A stand-in for the server while developing the page without a database: `npm run dev`.
 * It is not shipped and not tested against; the browser tests drive the real program.
 */

import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { activity, catalogue, page, table } from "./rows.ts";

const program = "../../../target/debug/alembic-rs";
const config = process.env["MOCK_CONFIG"] ?? "../../../fixtures/petshop/alembic.ini";
const applied = Number(process.env["MOCK_APPLIED"] ?? 12);

interface Row {
  id: string;
  state: string | null;
  marks: string[];
  message: string;
  path: string;
}

const run = (...args: string[]) => JSON.parse(execFileSync(program, ["-c", config, ...args], { encoding: "utf8", maxBuffer: 1 << 28 }));
const history = run("history", "--format", "json");
const rows: Row[] = history.revisions;
const url = "postgresql+psycopg://shop:***@localhost:5432/petshop";
rows.forEach((row, at) => {
  row.state = at >= rows.length - applied ? "applied" : "pending";
  if (at === rows.length - applied) row.marks.push("current");
});
const pending = rows.filter(({ state }) => state === "pending").reverse().map(({ id, message, path }) => ({ id, message, path }));
const current = rows[rows.length - applied]?.id;
history.database = { url, heads: current ? [current] : [], unknown: [] };

const status = {
  schema: 1,
  state: pending.length > 0 ? "behind" : "up-to-date",
  reason: null,
  url: { url, source: "env.py:41 → DATABASE_URL of .env", proven: true, why: "env.py says so", dialect: "postgresql", driver: "psycopg" },
  database: { server: "PostgreSQL 15.8", version_table: "alembic_version", stamped: true, heads: history.database.heads },
  project: { config: "alembic.ini", revisions: rows.length, heads: rows.filter(({ marks }) => marks.includes("head")) },
  pending,
  missing: [],
};

function answer(response: ServerResponse, body: unknown, code = 200) {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function proposal() {
  const plan = { schema: 1, direction: "up", target: "head", version_table: "alembic_version", from: [current], to: history.heads, warnings: [], steps: pending.map(({ id, message, path }) => ({ command: "upgrade", revision: id, message, path, from: [], to: [id], movement: "", changes: [] })) };
  const preview = { plan, command: "upgrade", command_line: ".venv/bin/python -m alembic -c alembic.ini upgrade head", python: ".venv/bin/python, beside alembic.ini", database: url, source: status.url.source, can_back_up: true };
  return { code: "confirmation-required", message: "this run is not confirmed", help: "", confirm: "c1", preview };
}

const view = { id: "1", command: "upgrade", target: "head", state: "running", command_line: "python -m alembic upgrade head", database: url, steps: pending.length, from: [current], to: null, started_ms: Date.now(), ended_ms: null, exit_code: 0, backup: null, error: null };

function streamRun(response: ServerResponse) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  let at = 0;
  const timer = setInterval(() => {
    const step = pending[at];
    at += 1;
    if (step) response.write(`id: ${at}\nevent: line\ndata: ${JSON.stringify({ time_ms: Date.now(), stream: "stderr", text: `INFO  [alembic.runtime.migration] Running upgrade -> ${step.id}, ${step.message}` })}\n\n`);
    else {
      response.end(`id: ${at}\nevent: end\ndata: ${JSON.stringify({ ...view, state: "succeeded", ended_ms: Date.now(), to: history.heads })}\n\n`);
      clearInterval(timer);
    }
  }, 300);
}

async function handle(request: IncomingMessage, response: ServerResponse, next: () => void) {
  const path = (request.url ?? "").split("?")[0]!;
  if (!path.startsWith("/api/")) return next();
  let body = "";
  for await (const chunk of request) body += chunk;
  if (path === "/api/status") return answer(response, status);
  if (path === "/api/changes") return answer(response, { project: "1", database: "1", run: null, running: false });
  if (path === "/api/problems") return answer(response, { errors: [], warnings: [] });
  if (path === "/api/environment") return answer(response, { place: process.env["MOCK_PLACE"] ?? "local", host: "localhost", database: "petshop", url, source: status.url.source, proven: true, why: "env.py says so", reason: null, dialect: "postgresql", candidates: [{ place: "--url", outcome: "not given", chosen: false }, { place: "migrations/env.py:41", outcome: url, chosen: true }], browsable: true, read_only: false, config: "alembic.ini", folder: "/home/ada/petshop" });
  if (path === "/api/versions") return answer(response, { alembic_rs: "0.1.0", alembic: "1.18.4", python: ".venv/bin/python, beside alembic.ini", python_reason: null, server: "PostgreSQL 15.8" });
  if (path === "/api/data/catalogue") return answer(response, catalogue);
  if (path.startsWith("/api/data/tables/")) return answer(response, table);
  if (path === "/api/data/page" || path === "/api/data/peek") return answer(response, page(path.endsWith("peek") ? 1 : 100));
  if (path === "/api/data/count") return answer(response, { rows: 1204, precision: "exact", elapsed_ms: 2 });
  if (path === "/api/data/edits/preview") return answer(response, { statements: [{ edit: 0, sql: "UPDATE public.pets SET name = 'Tom' WHERE id = 1 AND xmin = 741" }] });
  if (path === "/api/data/edits") return answer(response, { outcome: "applied", rows: [], undo: { edits: [] } });
  if (path === "/api/queries") return answer(response, { results: [{ start: 0, end: 1, columns: page(1).columns.map((column) => ({ ...column, origin: null })), rows: page(40).rows.map(({ cells }) => cells), is_truncated: false, affected_rows: null, notices: [], elapsed_ms: 3.4 }], failure: null, rolled_back: false });
  if (path === "/api/activity") return answer(response, activity);
  if (path === "/api/activity/statements") return answer(response, { kind: "unavailable", reason: "pg_stat_statements is not loaded", help: "add it to shared_preload_libraries, restart the server, then: CREATE EXTENSION pg_stat_statements" });
  if (path === "/api/graph") return answer(response, history);
  if (path === "/api/settings") return answer(response, { settings: { theme: process.env["MOCK_THEME"] ?? "dark", rows_per_page: 100, read_only: false, time_display: "stored", keep_history: true }, read_only_forced: false, file: "~/.config/alembic-rs/ui.json" });
  if (path === "/api/runs" && request.method === "GET") return answer(response, []);
  if (path === "/api/runs") return JSON.parse(body).confirm ? answer(response, view, 202) : answer(response, proposal(), 409);
  if (path.endsWith("/output")) return streamRun(response);
  if (path.startsWith("/api/revisions/")) {
    const row = rows.find(({ id }) => path.endsWith(id));
    return answer(response, { source: row ? readFileSync(resolve("../../..", row.path), "utf8") : null });
  }
  return answer(response, { code: "not-found", message: `nothing at ${path}` }, 404);
}

/** The plugin of vite.config.ts. */
export function mockApi(): Plugin {
  return {
    name: "mock-api",
    configureServer(server) {
      server.middlewares.use((request, response, next) => void handle(request, response, next));
    },
  };
}
