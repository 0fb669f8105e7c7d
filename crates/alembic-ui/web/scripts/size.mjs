/** Weighs the built page, gzipped, against its budget: `npm run build && npm run size`. */

import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const FIRST_SCREEN = 200_000;
const TOTAL = 500_000;

const assets = new URL("../../dist/assets/", import.meta.url);
const index = readFileSync(new URL("../../dist/index.html", import.meta.url), "utf8");
const weigh = (name) => gzipSync(readFileSync(new URL(name, assets)), { level: 9 }).length;
const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));

/** Scripts that the document names, and what they import before anything runs. */
function reached(names, seen = new Set()) {
  for (const name of names) {
    if (seen.has(name)) continue;
    seen.add(name);
    const text = readFileSync(new URL(name, assets), "utf8");
    reached([...text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map((match) => match[1]), seen);
  }
  return seen;
}

const first = [...reached([...index.matchAll(/assets\/([^"]+\.js)/g)].map((match) => match[1]))];
const sum = (names) => names.reduce((total, name) => total + weigh(name), 0);
const [firstSize, totalSize] = [sum(first), sum(scripts)];
console.log(`first screen ${(firstSize / 1000).toFixed(1)} kB of ${FIRST_SCREEN / 1000} kB, ${first.length} scripts`);
console.log(`in total     ${(totalSize / 1000).toFixed(1)} kB of ${TOTAL / 1000} kB, ${scripts.length} scripts`);
if (firstSize > FIRST_SCREEN || totalSize > TOTAL) {
  console.error("over the budget");
  process.exit(1);
}
