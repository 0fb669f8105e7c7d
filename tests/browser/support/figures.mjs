/** Figures that a busy machine spoils: always printed, and held to their goal where nothing else runs. */

import assert from "node:assert/strict";

/** How far beyond its goal a figure may lie among other work; `ALEMBIC_RS_TEST_FIGURES=1` says that there is none. */
const SLACK = process.env.ALEMBIC_RS_TEST_FIGURES === "1" ? 1 : 6;

/** What another process takes away comes and goes; what the page itself costs is there each time. */
const ATTEMPTS = 5;

/**
 * Measures until a figure in milliseconds is at its goal, prints the best one, and holds it. `slack` is how far beyond the
 * goal it may lie.
 */
export async function hold(what, goal, measure, { slack = SLACK } = {}) {
  const measured = [];
  do measured.push(await measure(measured.length));
  while (measured[measured.length - 1] > goal && measured.length < ATTEMPTS);
  const best = Math.min(...measured);
  const all = measured.length > 1 ? `, of ${measured.map(Math.round).join(", ")}` : "";
  console.log(`${what}: ${Math.round(best)} ms (goal ${goal} ms${all})`);
  assert.ok(best <= goal * slack, `${what}: ${best} ms at best, more than ${slack} times its goal of ${goal} ms`);
}

/**
 * The most milliseconds that the page's own thread worked in one of these steps: an upper limit of its longest task, in time
 * of the processor, so that other programs on the machine do not count.
 */
export async function hardestStep(page, steps) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const worked = async () => (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  let hardest = 0;
  let before = await worked();
  for (const step of steps) {
    await step();
    const now = await worked();
    hardest = Math.max(hardest, now - before);
    before = now;
  }
  await session.detach();
  return hardest;
}
