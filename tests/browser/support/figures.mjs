/** Figures that a busy machine spoils: always printed, and held to their goal where nothing else runs. */

import assert from "node:assert/strict";

/** How far beyond its goal a figure may lie among other work; `ALEMBIC_RS_TEST_FIGURES=1` says that there is none. */
const slack = process.env.ALEMBIC_RS_TEST_FIGURES === "1" ? 1 : 6;

/** Prints a figure in milliseconds beside its goal, and holds it. */
export function hold(what, value, goal) {
  console.log(`${what}: ${Math.round(value)} ms (goal ${goal} ms)`);
  assert.ok(value <= goal * slack, `${what}: ${value} ms, more than ${slack} times its goal of ${goal} ms`);
}
