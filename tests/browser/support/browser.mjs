/** Chromium with an ear for everything that must never happen. */

import { existsSync } from "node:fs";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = places.find((place) => place && existsSync(place));
if (!executablePath) throw new Error("no Chromium: apt-get install chromium, or name one in CHROMIUM");

const flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Starts a browser. `cut` leaves it no name to resolve: loopback alone. */
export function startBrowser({ cut = false } = {}) {
  return chromium.launch({ executablePath, headless: true, args: cut ? [...flags, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"] : flags });
}

/** A page that remembers what it must not do: dialogs, errors, reports of the policy, requests that leave the machine. */
export async function openPage(browser, { origin, launch }, { viewport = { width: 1440, height: 900 }, context = null, path = "" } = {}) {
  const place = context ?? (await browser.newContext({ viewport, permissions: ["clipboard-read", "clipboard-write"], reducedMotion: "reduce" }));
  const page = await place.newPage();
  const faults = [];
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.type()} ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (4\d\d|503)/.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) faults.push(`request: ${request.url()}`);
  });
  await page.goto(context ? `${origin}/${path}` : launch);
  await page.getByRole("navigation", { name: "Screens" }).waitFor();
  if (!context && path) await page.goto(`${origin}/${path}`);
  page.faults = faults;
  page.finish = async () => {
    assert.deepEqual(faults, []);
    if (context) await page.close();
    else await place.close();
  };
  return page;
}

/** Waits until nothing on the page is being loaded, and what was loaded is drawn. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector("main") && !document.querySelector("[aria-busy=true]"));
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Polls until `check` holds; the last failure is thrown after `within` milliseconds. */
export async function eventually(check, within = 30_000) {
  const end = Date.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Runs `work`; where it fails, leaves a picture of the page in the folder that ALEMBIC_RS_TEST_PICTURES names. */
export async function pictured(page, name, work) {
  try {
    return await work();
  } catch (error) {
    const folder = process.env.ALEMBIC_RS_TEST_PICTURES;
    if (folder) await page.screenshot({ path: `${folder}/${name.replace(/\W+/g, "-")}.png` }).catch(() => undefined);
    throw error;
  }
}
