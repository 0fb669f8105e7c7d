/**
 * Every field of the API with whatever fits its document and whatever does not: schemathesis against the real program, a
 * real PostgreSQL and the example project, in four rounds that are the same each time.
 *
 * 1. Without a session: refusals alone, and database, files and settings are as they were.
 * 2. With a session: no 5xx, no hang, answers as the document says. Nothing is migrated, for nothing is confirmed.
 * 3. With a session, read-only, and statements that write: the database is as it was.
 * 4. Settings and the session itself, which would spoil the other rounds.
 */

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { command, startApp } from "../support/app.mjs";
import { temporaryFolder } from "../support/folder.mjs";
import { startPostgres } from "../support/postgres.mjs";
import { petshop, root } from "../support/project.mjs";

const schemathesis = process.env.ALEMBIC_RS_TEST_SCHEMATHESIS;
if (!schemathesis) throw new Error("ALEMBIC_RS_TEST_SCHEMATHESIS names no program: cargo xtask test makes one");

const here = dirname(fileURLToPath(import.meta.url));
const document = join(root, "crates/alembic-server/openapi.json");

/** Seconds that a request may take, and a round. */
const PATIENCE = 20;
const ROUND = 120;

const rows = `
INSERT INTO species (id, name) SELECT n, 'species ' || n FROM generate_series(100, 150) n ON CONFLICT DO NOTHING;
INSERT INTO owners (id, given_name, family_name, email) SELECT gen_random_uuid(), 'Ada', 'Keller', 'owner' || n || '@example.org' FROM generate_series(1, 50) n;
INSERT INTO pets (owner_id, species_id, name, sex) SELECT (SELECT id FROM owners LIMIT 1), 100, 'pet ' || n, 'female' FROM generate_series(1, 50) n;
`;

/** What must not run in read-only mode, each alone and behind something harmless. */
const writing = ["DELETE FROM pets", "DROP TABLE species CASCADE", "UPDATE owners SET given_name = 'x'", "TRUNCATE pets CASCADE", "CREATE TABLE made (id int)", "COPY pets TO PROGRAM 'true'", "COPY pets FROM '/etc/passwd'", "SELECT lo_create(4711)", "SET default_transaction_read_only = off", "DO $$ BEGIN DELETE FROM pets; END $$", "VACUUM", "SELECT nextval('pets_id_seq')", "WITH gone AS (DELETE FROM pets RETURNING 1) SELECT * FROM gone", "EXPLAIN ANALYZE DELETE FROM pets"];
const statements = [...writing, ...writing.map((sql) => `SELECT 1; ${sql}`), ...writing.map((sql) => `COMMIT; ${sql}`), ...writing.map((sql) => `1) = 1; ${sql} --`), "SELECT 1", "SHOW all", "VALUES (1, null)", "SELECT * FROM pets"];

const sha = (data) => createHash("sha256").update(data).digest("hex");

/** Every file below a folder with what is in it. */
function files(folder) {
  const found = {};
  for (const name of readdirSync(folder, { recursive: true }).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile() && !path.includes("__pycache__")) found[name] = sha(readFileSync(path));
  }
  return found;
}

/** The database as text, the whole of it or its tables alone, with the rows of the version table. */
function dump(database, ...options) {
  const text = execFileSync("pg_dump", ["--dbname", database.url, ...options], { encoding: "utf8", maxBuffer: 1 << 28 });
  // A fresh word each time keeps psql from taking commands out of the data.
  return text.replace(/^\\(un)?restrict .*$/gm, "");
}

const versions = (database) => database.query("SELECT version_num FROM alembic_version ORDER BY 1");

async function tables(database) {
  const found = {};
  for (const { name, column } of await database.query("SELECT table_name AS name, column_name AS column FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY 1, ordinal_position")) (found[name] ??= []).push(column);
  return found;
}

/** The cookie of a session, as the page gets it. */
async function session({ origin, launch }) {
  const response = await fetch(`${origin}/api/session`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ code: launch.split("#code=")[1] }) });
  assert.equal(response.status, 204);
  return response.headers.get("set-cookie").split(";")[0];
}

const conformance = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/** Runs schemathesis; resolves when it found nothing, rejects with what it found. */
function round(name, app, { examples, checks = conformance, cookie = null, environment = {}, args = [] }) {
  const folder = temporaryFolder("api");
  const answers = join(folder, "answers.json");
  const all = ["run", document, "--url", app.origin, "--checks", checks, "--phases", "examples,coverage,fuzzing", "--max-examples", String(examples), "--generation-deterministic", "--request-timeout", String(PATIENCE), "--max-response-time", String(PATIENCE), "--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure", "--workers", "1", "--no-color", ...(cookie ? ["--header", `Cookie: ${cookie}`] : []), ...args];
  const start = Date.now();
  return new Promise((resolve, reject) => {
    const child = spawn(schemathesis, all, { cwd: folder, env: { ...process.env, ...environment, SCHEMATHESIS_HOOKS: join(here, "hooks.py"), ALEMBIC_RS_TEST_ANSWERS: answers }, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
    const late = setTimeout(() => child.kill("SIGKILL"), ROUND * 1000);
    child.once("exit", (code, signal) => {
      clearTimeout(late);
      if (code !== 0) return reject(new Error(`${name}: ${signal ? `not done after ${ROUND} s` : `ended with ${code}`}\n${said}`));
      const counted = Object.entries(JSON.parse(readFileSync(answers, "utf8")));
      console.log(`${name}, in ${((Date.now() - start) / 1000).toFixed(1)} s: ${counted.map(([status, times]) => `${times} times ${status}`).join(", ")}`);
      resolve();
    });
  });
}

/** The server is alive, and nothing in it came to an end that should not have. */
async function sound(app) {
  assert.equal(app.child.exitCode, null, app.said());
  assert.equal(await (await fetch(`${app.origin}/healthz`)).text(), "ok");
  assert.doesNotMatch(app.said(), /panicked/);
}

const postgres = await startPostgres();
const database = await postgres.database("api");
const others = ["--exclude-path", "/api/settings", "--exclude-path", "/api/session"];
const apps = [];
try {
  const made = petshop();
  command({ ini: made.ini, url: database.url }, "upgrade", "8b2c90c0a942");
  await database.query(rows);
  const names = { ALEMBIC_RS_TEST_TABLES: JSON.stringify(await tables(database)) };
  const start = async (args) => {
    apps.push(await startApp({ ini: made.ini, url: database.url, args }));
    return apps[apps.length - 1];
  };
  const app = await start([]);
  const project = files(made.path);
  const everything = dump(database);
  const schema = dump(database, "--schema-only");
  const home = files(app.home);

  await round("without a session", app, { examples: 10, checks: "not_a_server_error,refused_without_session", environment: names });
  await sound(app);
  assert.equal(dump(database), everything);
  assert.deepEqual(files(app.home), home);
  assert.deepEqual(files(made.path), project);

  const cookie = await session(app);
  await round("with a session", app, { examples: 60, cookie, environment: names, args: others });
  await sound(app);
  assert.deepEqual(await versions(database), [{ version_num: "8b2c90c0a942" }]);
  assert.equal(dump(database, "--schema-only"), schema);
  assert.deepEqual(files(made.path), project);

  const before = dump(database);
  const locked = await start(["--read-only"]);
  await round("read-only", locked, { examples: 60, cookie: await session(locked), environment: { ...names, ALEMBIC_RS_TEST_STATEMENTS: JSON.stringify(statements) }, args: others });
  await sound(locked);
  assert.equal(dump(database), before);
  assert.deepEqual(files(made.path), project);

  await round("settings", app, { examples: 60, cookie, args: ["--include-path", "/api/settings"] });
  await round("the session itself", app, { examples: 20, cookie, args: ["--include-path", "/api/session"] });
  await sound(app);
} finally {
  for (const app of apps) await app.stop();
  await database.close();
  await postgres.stop();
}
