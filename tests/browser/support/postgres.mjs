/** A PostgreSQL of our own on a free loopback port, with a database for each test. */

import { execFileSync, spawn } from "node:child_process";
import { chownSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { temporaryFolder } from "./folder.mjs";

/** PostgreSQL refuses to run as root, so root's tests run it as `nobody`. */
const isRoot = userInfo().uid === 0;

function program(name) {
  const versions = readdirSync("/usr/lib/postgresql").sort((a, b) => Number(b) - Number(a));
  return join("/usr/lib/postgresql", versions[0], "bin", name);
}

function asUser(command, args) {
  return isRoot ? ["setpriv", ["--reuid=nobody", "--regid=nogroup", "--clear-groups", command, ...args]] : [command, args];
}

/** A port that nobody listens at now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The same database by a name that is this machine to the system, and any machine to the program: no loopback name that it knows. */
export function asRemote(url) {
  return url.replace("@127.0.0.1:", "@127.1:");
}

/** Starts a server. `stop` ends it and removes its data. */
export async function startPostgres() {
  const folder = temporaryFolder("pg");
  if (isRoot) {
    const id = (kind) => Number(execFileSync("id", [kind, "nobody"], { encoding: "utf8" }));
    chownSync(folder, id("-u"), id("-g"));
  }
  const data = join(folder, "data");
  const [initdb, initArgs] = asUser(program("initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
  execFileSync(initdb, initArgs, { stdio: "ignore", cwd: folder });
  const { child, port } = await listen(folder, data);
  const url = (database) => `postgresql://postgres@127.0.0.1:${port}/${database}`;
  let databases = 0;
  return {
    port,
    url,
    /** Makes an empty database and connects to it. */
    async database(name = `test_${(databases += 1)}`) {
      await once(url("postgres"), `CREATE DATABASE "${name}"`);
      const client = new pg.Client({ connectionString: url(name) });
      client.on("error", () => undefined);
      await client.connect();
      return { name, url: url(name), client, query: async (sql, values) => (await client.query(sql, values)).rows, close: () => client.end() };
    },
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the server on a port that was free a moment ago; somebody else may have taken it since. */
async function listen(folder, data, attempts = 5) {
  const port = await freePort();
  const options = ["-D", data, "-p", String(port), "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=60"];
  const [postgres, args] = asUser(program("postgres"), options);
  const child = spawn(postgres, args, { stdio: "ignore", cwd: folder });
  const ended = new Promise((resolve) => child.once("exit", () => resolve(true)));
  const ready = untilReady(`postgresql://postgres@127.0.0.1:${port}/postgres`, () => child.exitCode !== null);
  if (await Promise.race([ended, ready.then(() => false)])) {
    if (attempts === 1) throw new Error(`PostgreSQL ended with ${child.exitCode}`);
    return listen(folder, data, attempts - 1);
  }
  return { child, port };
}

async function once(connectionString, sql) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

async function untilReady(connectionString, isGone) {
  for (let attempt = 0; !isGone(); attempt += 1) {
    try {
      return await once(connectionString, "SELECT 1");
    } catch (error) {
      if (attempt === 600) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
