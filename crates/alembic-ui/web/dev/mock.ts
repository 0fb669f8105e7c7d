/**
 * A stand-in for the server while developing the page without a database: `npm run dev`.
 * It is not shipped and not tested against; the browser tests drive the real program.
 */

import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";

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
  return {
    code: "confirmation-required",
    message: "this run needs its confirmation",
    plan: { schema: 1, direction: "up", target: "head", version_table: "alembic_version", from: [current], to: history.heads, warnings: [], steps: pending.map(({ id, message, path }) => ({ command: "upgrade", revision: id, message, path, from: [], to: [id] })) },
    confirm: "c1",
    argv: [".venv/bin/python", "-m", "alembic", "-c", "alembic.ini", "upgrade", "head"],
    python: ".venv/bin/python (beside alembic.ini)",
    database: url,
  };
}

function streamRun(response: ServerResponse) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  let at = 0;
  const timer = setInterval(() => {
    const step = pending[at];
    at += 1;
    if (step) response.write(`id: ${at}\nevent: line\ndata: ${JSON.stringify({ at: new Date().toISOString(), stream: "stderr", text: `INFO  [alembic.runtime.migration] Running upgrade -> ${step.id}, ${step.message}` })}\n\n`);
    else {
      response.end(`id: ${at}\nevent: end\ndata: ${JSON.stringify({ state: "succeeded", message: "finished, exit code 0" })}\n\n`);
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
  if (path === "/api/graph") return answer(response, history);
  if (path === "/api/settings") return answer(response, { theme: process.env["MOCK_THEME"] ?? "dark", page_rows: 100, read_only: false, time_display: "stored" });
  if (path === "/api/runs" && request.method === "GET") return answer(response, []);
  if (path === "/api/runs") return JSON.parse(body).confirm ? answer(response, { id: "1", command: "upgrade", target: "head", state: "running" }, 201) : answer(response, proposal(), 409);
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
