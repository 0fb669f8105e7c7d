/** Temporary folders that are gone when the process is. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made = [];

/** A new folder of the tests. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `alembic-rs-browser-${name}-`));
  made.push(folder);
  return folder;
}

/** A test that is stopped leaves nothing behind either. */
process.once("exit", () => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
for (const [signal, number] of [["SIGINT", 2], ["SIGTERM", 15]]) process.once(signal, () => process.exit(128 + number));
