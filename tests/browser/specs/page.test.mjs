import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { startApp } from "../support/app.mjs";
import { eventually, openPage, settled, startBrowser } from "../support/browser.mjs";
import { hardestStep, hold } from "../support/figures.mjs";
import { startPostgres } from "../support/postgres.mjs";
import { petshop, project } from "../support/project.mjs";

const axeSource = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let postgres;
let browser;
let database;
let app;

before(async () => {
  // No name resolves in this browser: whatever the page wants from elsewhere fails.
  [postgres, browser] = await Promise.all([startPostgres(), startBrowser({ cut: true })]);
  database = await postgres.database("page");
  app = await startApp({ ini: petshop().ini, url: database.url });
});
after(async () => {
  await app?.stop();
  await browser?.close();
  await database?.close();
  await postgres?.stop();
});

let session = null;
async function open(path = "", viewport) {
  if (!session) {
    const first = await openPage(browser, app, { viewport });
    session = first.context();
    await first.close();
  }
  const page = await openPage(browser, app, { context: session, path });
  if (viewport) await page.setViewportSize(viewport);
  return page;
}

/** What axe-core calls serious or critical, in a line each. */
async function findings(page) {
  // The policy of the page forbids inline scripts; the debugger's own evaluation is no inline script.
  const { readFileSync } = await import("node:fs");
  await page.evaluate(readFileSync(axeSource, "utf8"));
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`).join(" | ")}`);
}

test("keyboard alone: apply the migrations, read a revision, change a cell, save it", async () => {
  const page = await open();
  const key = (name) => page.keyboard.press(name);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim() ?? "");
  const tabTo = async (name) => {
    for (let step = 0; step < 80; step += 1) {
      if ((await focused()) === name) return;
      await key("Tab");
    }
    assert.fail(`Tab does not reach ${name}`);
  };
  await page.getByRole("status").filter({ hasText: "17 pending migrations" }).waitFor();
  await tabTo("Apply migrations");
  const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(ring, "solid", "focus is visible");
  await key("Enter");
  await page.getByRole("list", { name: "Steps" }).waitFor();
  await tabTo("Run");
  await key("Enter");
  await page.getByRole("dialog").getByText(/^finished/).waitFor({ timeout: 60_000 });
  await tabTo("Done");
  await key("Enter");
  await page.getByRole("status").filter({ hasText: "Database is up to date" }).waitFor();

  await tabTo("Search revisions");
  await page.keyboard.type("overdue");
  await eventually(async () => assert.equal(await page.getByRole("list", { name: "Revision history" }).getByRole("listitem").count(), 1));
  await key("Escape");
  await eventually(async () => assert.ok((await page.getByRole("list", { name: "Revision history" }).getByRole("listitem").count()) > 10));
  for (let step = 0; step < 40 && !/^873addc1221e/.test(await focused()); step += 1) await key("Tab");
  await key("ArrowDown");
  await key("Enter");
  await page.getByRole("region", { name: "Revision", exact: true }).getByText("8b2c90c0a942").first().waitFor();

  await database.query("INSERT INTO species (id, name) VALUES (99, 'axolotl') ON CONFLICT DO NOTHING");
  await key("Control+k");
  await page.getByRole("combobox", { name: "Search everything" }).waitFor();
  await page.keyboard.type("species");
  await page.getByRole("option", { name: /^species/ }).waitFor();
  await key("Enter");
  const grid = page.getByRole("grid", { name: "species", exact: true });
  await grid.waitFor();
  for (let step = 0; step < 60 && !(await grid.evaluate((node) => node === document.activeElement)); step += 1) await key("Tab");
  await key("Control+End");
  await key("Home");
  await key("ArrowRight");
  await key("Enter");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("newt");
  await key("Enter");
  await page.getByText("1 row changed, not saved yet").waitFor();
  await key("Control+s");
  await page.getByText("saved 1 row").waitFor();
  assert.deepEqual(await database.query("SELECT name FROM species WHERE id = 99"), [{ name: "newt" }]);

  await key("g");
  await key("q");
  await eventually(async () => assert.ok(page.url().includes("#/query")));
  await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Query" }).focus();
  await key("g");
  await key("a");
  await eventually(async () => assert.ok(page.url().includes("#/activity")));
  await key("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await key("Escape");
  await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "detached" });
  await page.finish();
});

for (const theme of ["dark", "light"]) {
  test(`axe-core finds nothing serious on any screen (${theme})`, async () => {
    const page = await open("#/settings");
    await page.getByLabel("Theme").selectOption(theme);
    await eventually(async () => assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme));
    const screens = { "#/migrations": "Search revisions", "#/migrations?rev=ee8ff1784ec7": "Copy source", "#/data": "Search tables", "#/data/public/species": "Select row 1", "#/query?sql=select%201": "SQL", "#/activity": "Connections", "#/settings": "Theme" };
    for (const [path, ready] of Object.entries(screens)) {
      await page.goto(`${app.origin}/${path}`);
      await page.getByLabel(ready, { exact: true }).first().waitFor();
      await settled(page);
      assert.deepEqual(await findings(page), [], path);
    }
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await findings(page), [], "palette");
    await page.keyboard.press("Escape");
    await page.goto(`${app.origin}/#/migrations`);
    await page.getByRole("button", { name: "Rollback" }).click();
    await page.getByRole("list", { name: "Steps" }).waitFor();
    assert.deepEqual(await findings(page), [], "dialog");
    await page.finish();
  });
}

test("the palette changes the theme, and asks before it changes the database", async () => {
  const page = await open("#/query");
  const choose = async (text, name) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search everything" }).fill(text);
    await page.getByRole("option", { name, exact: true }).waitFor();
    await page.keyboard.press("Enter");
  };
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  await page.getByRole("textbox", { name: "SQL" }).waitFor();
  for (const name of ["dark", "light", "dark"]) {
    if ((await theme()) !== name) await choose(`${name} theme`, name === "dark" ? "Dark theme" : "Light theme");
    await eventually(async () => assert.equal(await theme(), name));
  }
  const before = await database.query("SELECT version_num FROM alembic_version");
  await choose("rollback", "Rollback");
  await page.getByRole("dialog").getByRole("list", { name: "Steps" }).waitFor();
  assert.ok(!page.url().includes("ask="), "a reload does not ask again");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.deepEqual(await database.query("SELECT version_num FROM alembic_version"), before);
  await page.finish();
});

test("without a session there is a login, and a wrong token is refused", async () => {
  const place = await browser.newContext();
  const page = await place.newPage();
  await page.goto(app.origin);
  await page.getByText("This page needs a session").waitFor();
  await page.getByLabel("Token").fill("not the token of anything");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  assert.deepEqual(await findings(page), []);
  await page.goto(app.launch);
  await page.getByText(/used before/).waitFor();
  assert.ok(!page.url().includes("code="), "the code leaves the address");
  await place.close();
});

test("the page does not grow past a window of 400 or 1,024 pixels", async () => {
  for (const viewport of [{ width: 400, height: 800 }, { width: 1024, height: 768 }]) {
    const page = await open("", viewport);
    for (const path of ["#/migrations", "#/migrations?rev=ee8ff1784ec7", "#/data/public/species", "#/query", "#/activity", "#/settings"]) {
      await page.goto(`${app.origin}/${path}`);
      await settled(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${path} is ${wide} px too wide at ${viewport.width}`);
    }
    await page.finish();
  }
});

test("5,000 revisions are seen at once and scroll smoothly", async () => {
  const revisions = Array.from({ length: 5000 }, (_, at) => ({ id: `r${String(at).padStart(11, "0")}`, down: at === 0 ? null : at % 10 === 9 ? [`r${String(at - 1).padStart(11, "0")}`, `r${String(at - 2).padStart(11, "0")}`] : at % 10 === 8 ? `r${String(at - 2).padStart(11, "0")}` : `r${String(at - 1).padStart(11, "0")}`, message: `change number ${at}` }));
  const other = await postgres.database("many");
  const many = await startApp({ ini: project(revisions).ini, url: other.url });
  const page = await openPage(browser, many);
  try {
    await page.getByRole("listitem").first().waitFor();
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector("[role=listitem]")) return;
        observer.disconnect();
        requestAnimationFrame(() => (window.painted = performance.now()));
      }).observe(document, { childList: true, subtree: true });
    });
    await hold("5,000 revisions seen after", 1_000, async () => {
      await page.reload();
      await page.waitForFunction(() => window.painted !== undefined);
      return page.evaluate(() => window.painted);
    });
    const scrollTo = (top) =>
      page.evaluate(async (to) => {
        document.querySelector("[role=list][aria-label='Revision history']").parentElement.scrollTop = to;
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      }, top);
    await hold("work for one step of scrolling", 50, async () => {
      await scrollTo(0);
      return hardestStep(page, Array.from({ length: 120 }, (_, at) => () => scrollTo((at + 1) * 400)));
    });
    await page.finish();
  } finally {
    await many.stop();
    await other.close();
  }
});
