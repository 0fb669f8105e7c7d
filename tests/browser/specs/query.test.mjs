import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startApp } from "../support/app.mjs";
import { eventually, openPage, settled, startBrowser } from "../support/browser.mjs";
import { hold } from "../support/figures.mjs";
import { startPostgres } from "../support/postgres.mjs";
import { project } from "../support/project.mjs";

let postgres;
let browser;
let database;
let app;
let page;

before(async () => {
  [postgres, browser] = await Promise.all([startPostgres(), startBrowser()]);
  database = await postgres.database("query");
  await database.query("CREATE TABLE pets (id int PRIMARY KEY, name text); INSERT INTO pets SELECT n, 'pet ' || n FROM generate_series(1, 5000) n");
  app = await startApp({ ini: project([{ id: "aaaa00000001" }]).ini, url: database.url });
  page = await openPage(browser, app, { path: "#/query" });
});
after(async () => {
  await app?.stop();
  await browser?.close();
  await database?.close();
  await postgres?.stop();
});

const button = (name) => page.getByRole("button", { name, exact: true });
const results = () => page.getByRole("grid", { name: "Results" });

async function write(sql) {
  const editor = page.getByRole("textbox", { name: "SQL" });
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(sql);
}

test("run the statement at the cursor, and all", async () => {
  await write("select 1 as one;\n\nselect name from pets order by id;");
  await page.keyboard.press("Control+Enter");
  await results().getByText("pet 1", { exact: true }).waitFor();
  await page.getByText(/1,000 rows, and more/).waitFor();
  await page.keyboard.press("Control+Shift+Enter");
  await page.getByRole("tab", { name: /^1\. 1 row/ }).click();
  await results().getByRole("columnheader", { name: /one/ }).waitFor();
});

test("an error says where and what, and runs nothing behind it", async () => {
  await write("select 1;\nselect nonsense from pets;\nupdate pets set name = 'x';");
  await button("Run all").click();
  await page.getByRole("alert").filter({ hasText: 'column "nonsense" does not exist' }).waitFor();
  assert.deepEqual(await database.query("SELECT count(*)::int AS n FROM pets WHERE name = 'x'"), [{ n: 0 }]);
});

/** How many sessions sleep in a query. */
const sleeping = async () => (await database.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = 'query' AND wait_event = 'PgSleep'"))[0].n;

/** How long it takes until `stop` has ended the query that sleeps. */
async function untilAwake(stop) {
  await eventually(async () => assert.equal(await sleeping(), 1));
  await stop();
  const start = Date.now();
  await eventually(async () => assert.equal(await sleeping(), 0));
  return Date.now() - start;
}

test("a query that runs long is cancelled on the server", async () => {
  await write("select pg_sleep(998)");
  await hold("a query that is cancelled is gone after", 2_000, async () => {
    await button("Run statement").click();
    return untilAwake(() => button("Cancel").click());
  }, { slack: 1 });
});

test("a closed tab cancels its query", async () => {
  await hold("the query of a closed tab is gone after", 2_000, async () => {
    const second = await openPage(browser, app, { context: page.context(), path: "#/query?sql=select%20pg_sleep(997)" });
    await second.getByRole("button", { name: "Run statement" }).click();
    return untilAwake(() => second.close());
  }, { slack: 1 });
});

test("SQL from the address is shown and does not run", async () => {
  const second = await openPage(browser, app, { context: page.context(), path: "#/query?sql=insert%20into%20pets%20values%20(-1%2C%20'x')" });
  await second.getByText("insert into pets").waitFor();
  await settled(second);
  await second.waitForTimeout(700);
  assert.deepEqual(await database.query("SELECT count(*)::int AS n FROM pets WHERE id = -1"), [{ n: 0 }]);
  await second.finish();
});

test("what was run outlives the page and the server, without passwords, until it is switched off", async () => {
  const { ini } = project([{ id: "aaaa00000001" }]);
  let other = await startApp({ ini, url: database.url });
  let tab = await openPage(browser, other, { path: "#/query?sql=select%20%27to%20be%20kept%27%20as%20one" });
  const run = async (place) => {
    await place.getByRole("button", { name: "Run all" }).click();
    await place.getByRole("grid", { name: "Results" }).waitFor();
  };
  const history = async (place) => {
    await place.getByRole("button", { name: "History", exact: true }).click();
    return place.getByRole("menu");
  };
  try {
    await run(tab);
    await tab.goto(`${other.origin}/#/activity`);
    await tab.goto(`${other.origin}/#/query?sql=${encodeURIComponent("select 'password of nobody' as two")}`);
    await run(tab);
    await tab.finish();
    await other.stop();

    other = await startApp({ ini, url: database.url, home: other.home });
    tab = await openPage(browser, other, { path: "#/query" });
    let menu = await history(tab);
    await menu.getByText("run on this database").waitFor();
    assert.equal(await menu.getByText("password of nobody").count(), 0);
    await menu.getByRole("menuitem", { name: /to be kept/ }).click();
    await tab.getByRole("textbox", { name: "SQL" }).getByText("to be kept").waitFor();

    await tab.goto(`${other.origin}/#/settings`);
    await tab.getByRole("checkbox", { name: "Keep statements that are run" }).uncheck();
    await eventually(async () => assert.deepEqual((await tab.evaluate(async () => (await fetch("/api/history")).json())).statements, []));
    await tab.goto(`${other.origin}/#/query`);
    menu = await history(tab);
    await menu.getByText(/nothing was run since this page was loaded/).waitFor();
    await tab.finish();
  } finally {
    await other.stop();
  }
});

test("explain shows a plan", async () => {
  await write("select * from pets where id = 7");
  await button("Explain").click();
  await page.getByRole("menuitem", { name: "Explain the statement" }).click();
  await page.getByLabel("Plan").filter({ hasText: /Index Scan|Bitmap|Seq Scan/ }).waitFor();
});

test("completion knows tables and columns", async () => {
  await write("select na");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.type("select * from pe");
  await page.locator(".cm-tooltip-autocomplete").getByText("pets").waitFor();
  await page.keyboard.press("Escape");
});

test("activity shows who waits for whom, and cancels after a question", async () => {
  const other = await postgres.database("other");
  await page.goto(`${app.origin}/#/activity`);
  const blocker = database.client;
  await blocker.query("BEGIN; LOCK TABLE pets IN ACCESS EXCLUSIVE MODE");
  const second = new (await import("pg")).default.Client({ connectionString: database.url, application_name: "waiter" });
  await second.connect();
  const waiting = second.query("SELECT * FROM pets").catch((error) => error);
  const row = page.getByRole("row", { name: /waiter/ });
  await row.getByText("blocked").waitFor();
  await page.getByRole("tab", { name: "locks" }).click();
  await page.getByText("AccessExclusiveLock").first().waitFor();
  await page.getByRole("tab", { name: "connections" }).click();
  await row.getByRole("button", { name: /^Cancel query of/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel query" }).click();
  assert.match(String(await waiting), /canceling statement/);
  await blocker.query("ROLLBACK");
  await page.getByRole("tab", { name: "slow queries" }).click();
  await page.getByText(/pg_stat_statements/).first().waitFor();
  await second.end();
  await other.close();
  assert.deepEqual(page.faults, []);
});
