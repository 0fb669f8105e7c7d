/** The real program, started as a person would start it. */

import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { temporaryFolder } from "./folder.mjs";
import { root } from "./project.mjs";

/** The program under test. */
export const program = process.env.ALEMBIC_RS_TEST_PROGRAM ?? join(root, "target/debug/alembic-rs");

/** The environment with real Alembic and drivers, as `cargo xtask test` makes it. */
export const venv = process.env.ALEMBIC_RS_TEST_DRIVER_VENV ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "alembic-rs-test/venv-alembic-1.20");

if (!existsSync(program)) throw new Error(`no program at ${program}: cargo build -p alembic-rs`);
if (!existsSync(join(venv, "bin/alembic"))) throw new Error(`no Alembic in ${venv}: cargo xtask test`);

const environment = (url, home) => {
  const inherited = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: join(home, "config"), XDG_STATE_HOME: join(home, "state"), LANG: "C.UTF-8" };
  return { ...inherited, ALEMBIC_RS_PYTHON: join(venv, "bin/python"), ...(url ? { DATABASE_URL: url } : {}) };
};

/** Starts the page of a project on a free port, in a home folder of its own; resolves when it has printed its address. */
export async function startApp({ ini, url, args = [], home = temporaryFolder("home") }) {
  const child = spawn(program, ["-c", ini, "ui", "--port", "0", "--no-open", ...args], { env: environment(url, home), stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const lines = createInterface({ input: child.stdout });
  const launch = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address after 60 s:\n${said}`)), 60_000);
    child.once("exit", (code) => reject(new Error(`ended with ${code}:\n${said}`)));
    lines.on("line", (line) => {
      said += `${line}\n`;
      const found = /https?:\/\/[^\s]+#code=[^\s]+/.exec(line);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[0]);
    });
  });
  return {
    launch,
    home,
    origin: new URL(launch).origin,
    said: () => said,
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Runs a command of the program on the side, as in another terminal. */
export function command({ ini, url }, ...args) {
  const home = temporaryFolder("home");
  return execFileSync(program, ["-c", ini, ...args], { env: environment(url, home), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
