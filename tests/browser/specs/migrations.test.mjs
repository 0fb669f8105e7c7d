import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { after, before, test } from "node:test";
import { command, startApp } from "../support/app.mjs";
import { eventually, openPage, pictured, startBrowser } from "../support/browser.mjs";
import { hold } from "../support/figures.mjs";
import { asRemote, startPostgres } from "../support/postgres.mjs";
import { petshop, project, writeRevision } from "../support/project.mjs";

let postgres;
let browser;

before(async () => {
  [postgres, browser] = await Promise.all([startPostgres(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await postgres?.stop();
});

/** Starts the page of a project on a database of its own, runs the test, and ends both. */
async function withApp(made, work, options = {}) {
  const database = await postgres.database();
  await options.prepare?.(database);
  const app = await startApp({ ini: made.ini, url: options.url?.(database.url) ?? database.url, args: options.args ?? [] });
  const page = await openPage(browser, app);
  try {
    await pictured(page, `migrations ${database.name}`, () => work({ page, app, database, made }));
    await page.finish();
  } finally {
    await app.stop();
    await database.close();
  }
}

const status = (page) => page.getByRole("status");
const apply = (page) => page.getByRole("button", { name: "Apply migrations", exact: true });
const dialog = (page) => page.getByRole("dialog");
const heads = async (database) => (await database.query("SELECT version_num FROM alembic_version ORDER BY 1")).map(({ version_num }) => version_num);

async function runAndWait(page) {
  await dialog(page).getByRole("button", { name: "Run", exact: true }).click();
  await dialog(page).getByRole("button", { name: "Done" }).waitFor({ timeout: 60_000 });
}

test("apply from empty, then roll one back", async () => {
  await withApp(petshop(), async ({ page, database }) => {
    await status(page).filter({ hasText: "17 pending migrations" }).waitFor();
    await apply(page).click();
    const steps = dialog(page).getByRole("list", { name: "Steps" }).getByRole("listitem");
    await steps.first().waitFor();
    assert.equal(await steps.count(), 17);
    await assert.doesNotReject(dialog(page).getByText("upgrade head").first().waitFor());
    assert.ok(!(await dialog(page).innerText()).includes("postgres:postgres"));
    await runAndWait(page);
    await dialog(page).getByText(/Running upgrade/).first().waitFor();
    await dialog(page).getByText(/^finished/).waitFor();
    await dialog(page).getByRole("button", { name: "Done" }).click();
    await status(page).filter({ hasText: "Database is up to date" }).waitFor();
    assert.deepEqual(await heads(database), ["873addc1221e"]);
    assert.ok(await apply(page).isDisabled());

    await page.getByRole("button", { name: "Rollback", exact: true }).click();
    await dialog(page).getByRole("list", { name: "Steps" }).waitFor();
    await runAndWait(page);
    await dialog(page).getByRole("button", { name: "Done" }).click();
    await status(page).filter({ hasText: "1 pending migration" }).waitFor();
    assert.deepEqual(await heads(database), ["8b2c90c0a942"]);
  });
});

test("a failing migration shows its output and leaves the database as it was", async () => {
  const made = project([
    { id: "aaaa00000001", up: 'op.execute("CREATE TABLE kept (id int)")' },
    { id: "aaaa00000002", down: "aaaa00000001", message: "break", up: 'op.execute("CREATE TABLE half (id int)")\nraise RuntimeError("the paint was wet")' },
  ]);
  await withApp(made, async ({ page, database }) => {
    await apply(page).click();
    await dialog(page).getByRole("list", { name: "Steps" }).waitFor();
    await runAndWait(page);
    await dialog(page).getByText(/RuntimeError: the paint was wet/).waitFor();
    await dialog(page).getByText(/^failed/).waitFor();
    await dialog(page).getByRole("button", { name: "Done" }).click();
    await status(page).filter({ hasText: "1 pending migration" }).waitFor();
    assert.deepEqual(await heads(database), ["aaaa00000001"]);
    assert.deepEqual(await database.query("SELECT to_regclass('half') AS half"), [{ half: null }]);
  });
});

const slow = (seconds) => ({ id: "bbbb00000001", message: "slow", up: `for second in range(${seconds}):\n    print("second", second, "at", time.time(), flush=True)\n    time.sleep(1)` });

test("output comes as it is written, a second tab and a reload see it, cancel ends it", async () => {
  await withApp(project([slow(60)]), async ({ page, app, database }) => {
    await apply(page).click();
    await dialog(page).getByRole("list", { name: "Steps" }).waitFor();
    await dialog(page).getByRole("button", { name: "Run", exact: true }).click();
    await dialog(page).getByText("second 0").waitFor();
    // Each line says when it was written: it is here long before the next ones are, not with them.
    await hold("a line of output is seen after", 1_000, async (attempt) => {
      const line = dialog(page).getByText(new RegExp(`second ${attempt + 1} at `));
      await line.waitFor();
      const seen = Date.now();
      return seen - Number((await line.innerText()).split(" at ")[1]) * 1000;
    }, { slack: 1 });

    const second = await openPage(browser, app, { context: page.context() });
    await second.getByRole("button", { name: /is running/ }).click();
    await dialog(second).getByText("second 0").waitFor();
    await second.finish();

    await page.reload();
    await dialog(page).getByText("second 0").waitFor();
    await dialog(page).getByText("second 3").waitFor();
    await dialog(page).getByRole("button", { name: "Cancel", exact: true }).click();
    await dialog(page).getByText(/^cancelled/).waitFor();
    await dialog(page).getByRole("button", { name: "Done" }).click();
    await status(page).filter({ hasText: "1 pending migration" }).waitFor();
    const table = await database.query("SELECT to_regclass('alembic_version') AS version");
    if (table[0].version !== null) assert.deepEqual(await heads(database), []);
  });
});

test("two heads are applied together and rolled back branch by branch", async () => {
  const made = project([
    { id: "cccc00000001" },
    { id: "cccc00000002", down: "cccc00000001", message: "left" },
    { id: "cccc00000003", down: "cccc00000001", message: "right" },
  ]);
  await withApp(made, async ({ page, database }) => {
    await page.getByRole("list", { name: "Revision history" }).getByRole("listitem", { name: /branch point/ }).waitFor();
    await apply(page).click();
    await dialog(page).getByText("upgrade heads").first().waitFor();
    await runAndWait(page);
    await dialog(page).getByRole("button", { name: "Done" }).click();
    await status(page).filter({ hasText: "Database is up to date" }).waitFor();
    assert.deepEqual(await heads(database), ["cccc00000002", "cccc00000003"]);
    await page.getByRole("button", { name: "Rollback", exact: true }).click();
    const branches = page.getByRole("menuitem", { name: /left/ });
    await branches.click();
    await dialog(page).getByRole("list", { name: "Steps" }).waitFor();
    await runAndWait(page);
    assert.deepEqual(await heads(database), ["cccc00000001", "cccc00000003"].slice(1));
    await dialog(page).getByRole("button", { name: "Done" }).click();
  });
});

test("a backup is made first, and the page says where it is", async () => {
  const made = project([{ id: "abcd00000001", up: 'op.execute("CREATE TABLE later (id int)")' }]);
  await withApp(made, async ({ page, app, database }) => {
    await database.query("CREATE TABLE before (id int)");
    await apply(page).click();
    await dialog(page).getByRole("checkbox", { name: "Back up first" }).check();
    await runAndWait(page);
    await dialog(page).getByText(/^finished/).waitFor();
    const file = (await dialog(page).locator("p", { hasText: "Backup" }).locator("code").innerText()).trim();
    assert.ok(file.startsWith(app.home), file);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const listed = execFileSync("pg_restore", ["--list", file], { encoding: "utf8" });
    assert.match(listed, /TABLE public before/);
    assert.doesNotMatch(listed, /TABLE public later/, "it was made before the migrations ran");
    assert.deepEqual(await heads(database), ["abcd00000001"]);
  });
});

test("a database on another machine is red, and its name must be typed before anything runs", async () => {
  await withApp(project([{ id: "abef00000001" }]), async ({ page, database }) => {
    const bar = page.getByRole("banner", { name: "Environment" });
    await bar.getByText("127.1", { exact: true }).waitFor();
    assert.equal(await bar.getByText("local", { exact: true }).count(), 0);
    await apply(page).click();
    await dialog(page).getByRole("list", { name: "Steps" }).waitFor();
    await dialog(page).getByText("127.1 is not this machine").waitFor();
    const run = dialog(page).getByRole("button", { name: "Run", exact: true });
    const typed = dialog(page).getByLabel("Name of the database");
    assert.ok(await run.isDisabled());
    await typed.fill("some_other");
    await typed.press("Enter");
    assert.ok(await run.isDisabled());
    assert.deepEqual(await database.query("SELECT to_regclass('alembic_version') AS version"), [{ version: null }]);
    await typed.fill(database.name);
    await runAndWait(page);
    await dialog(page).getByText(/^finished/).waitFor();
    assert.deepEqual(await heads(database), ["abef00000001"]);
  }, { url: asRemote });
});

test("a broken script shows the report of the command line, and goes away when it is mended", async () => {
  const made = project([{ id: "dddd00000001" }]);
  writeRevision(made.versions, { id: "dddd00000002", message: "broken", raw: 'revision = "dddd00000002"\ndown_revision = "dddd00000001\n' });
  await withApp(made, async ({ page }) => {
    const problems = page.getByRole("region", { name: "Problems" });
    await problems.getByText(/problem to solve first/).waitFor();
    await problems.getByText(/dddd00000002/).first().waitFor();
    writeRevision(made.versions, { id: "dddd00000002", down: "dddd00000001", message: "broken" });
    await problems.waitFor({ state: "detached" });
    await page.getByRole("listitem", { name: /dddd00000002/ }).waitFor();
  });
});

test("a database at a revision that is not in the project is said, and nothing can be applied", async () => {
  const prepare = (database) => database.query("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('feedfacecafe')");
  await withApp(project([{ id: "eeee00000001" }]), async ({ page }) => {
    await status(page).filter({ hasText: "Database is at a revision that is not in this project" }).waitFor();
    await status(page).filter({ hasText: "feedfacecafe" }).waitFor();
  }, { prepare });
});

test("what changes outside shows within three seconds", async () => {
  const made = project([{ id: "ffff00000001" }, { id: "ffff00000002", down: "ffff00000001" }]);
  await withApp(made, async ({ page, database }) => {
    await status(page).filter({ hasText: "2 pending migrations" }).waitFor();
    const stamps = [["ffff00000001", "1 pending migration"], ["base", "2 pending migrations"]];
    await hold("a stamp by another program is seen after", 3_000, async (attempt) => {
      const [target, banner] = stamps[attempt % 2];
      command({ ini: made.ini, url: database.url }, "stamp", "--url", database.url, target);
      const start = Date.now();
      await status(page).filter({ hasText: banner }).waitFor();
      return Date.now() - start;
    }, { slack: 1 });
    await hold("a new script is seen after", 3_000, async (attempt) => {
      writeRevision(made.versions, { id: `ffff0000001${attempt}`, down: attempt === 0 ? "ffff00000002" : `ffff0000001${attempt - 1}`, message: `new script ${attempt}` });
      const start = Date.now();
      await page.getByRole("listitem", { name: new RegExp(`new script ${attempt}`) }).waitFor();
      return Date.now() - start;
    }, { slack: 1 });
  });
});

test("a database that is down is said, and comes back by itself", async () => {
  const app = await startApp({ ini: project([{ id: "abab00000001" }]).ini, url: "postgresql://postgres@127.0.0.1:1/none" });
  const page = await openPage(browser, app);
  try {
    await status(page).filter({ hasText: /Database does not answer|not reachable|refused/i }).waitFor();
    await page.getByRole("listitem", { name: /abab00000001/ }).waitFor();
    await page.goto(`${app.origin}/#/data`);
    await eventually(async () => assert.match(await page.locator("main").innerText(), /no database|does not answer|refused|reach/i));
    await page.finish();
  } finally {
    await app.stop();
  }
});
