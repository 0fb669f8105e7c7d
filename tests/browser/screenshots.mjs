/** Pictures of every screen in both themes and three sizes: `node screenshots.mjs FOLDER`. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startApp } from "./support/app.mjs";
import { openPage, startBrowser } from "./support/browser.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { petshop } from "./support/project.mjs";

const folder = process.argv[2] ?? "screenshots";
mkdirSync(folder, { recursive: true });

const sizes = { wide: { width: 1440, height: 900 }, middle: { width: 1024, height: 768 }, narrow: { width: 400, height: 800 } };

const rows = `
INSERT INTO owners (id, given_name, family_name, email, address)
  SELECT gen_random_uuid(), (ARRAY['Ada','Grace','Alan','Edsger','Barbara','Donald','Margaret'])[n % 7 + 1], (ARRAY['Keller','Hopper','Novak','Silva','Moreau','Lindt','Okafor','Berg'])[n % 8 + 1], 'owner' || n || '@example.org', jsonb_build_object('city', (ARRAY['Bern','Lyon','Graz','Turin'])[n % 4 + 1], 'zip', 1000 + n)
  FROM generate_series(1, 812) n;
`;

let app;
let database;

async function runTo(page, target) {
  await page.getByRole("button", { name: `Actions for ${target}` }).click();
  await page.getByRole("menuitem", { name: "Upgrade to here" }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("button", { name: "Done" }).click({ timeout: 60_000 });
}

async function fill() {
  await database.query(rows);
  await database.query(`INSERT INTO pets (owner_id, species_id, name, sex, born_on, weight_kg, temperament)
    SELECT (SELECT id FROM owners ORDER BY id OFFSET n % 800 LIMIT 1), (SELECT id FROM species ORDER BY id OFFSET n % 6 LIMIT 1), (ARRAY['Rex','Mia','Luna','Balu','Nala','Kira','Sammy','Bella','Simba','Lilly','Rocky','Coco'])[n % 12 + 1],
      (ARRAY['female','male','unknown'])[n % 3 + 1]::pet_sex, CASE WHEN n % 9 > 0 THEN date '2018-01-01' + n * 2 END, CASE WHEN n % 7 > 0 THEN (n % 400) / 9.0 + 0.4 END, (ARRAY['{calm,shy}','{playful}','{}','{"loves water",loud}'])[n % 4 + 1]::text[]
    FROM generate_series(1, 1204) n`);
  await database.query(`INSERT INTO manipulations (id, pet_id, kind, scheduled_for, performed_by, price, duration)
    SELECT gen_random_uuid(), (SELECT id FROM pets ORDER BY id OFFSET n % 1200 LIMIT 1), (enum_range(NULL::manipulation_kind))[n % 3 + 1], timestamptz '2026-01-05 09:00+00' + n * interval '97 minutes', (ARRAY['Dr. Frei','Dr. Amsel',NULL])[n % 3 + 1], 20 + n % 90, interval '15 minutes' * (n % 5 + 1)
    FROM generate_series(1, 3000) n`);
  await database.query("ANALYZE");
}

/** Each picture: how to get there. */
const shots = {
  migrations: (page) => page.goto(`${app.origin}/#/migrations`),
  revision: async (page) => {
    await page.goto(`${app.origin}/#/migrations?rev=ee8ff1784ec7`);
    await page.getByLabel("Copy source").first().waitFor();
  },
  apply: async (page) => {
    await page.goto(`${app.origin}/#/migrations`);
    await page.getByRole("button", { name: "Apply migrations" }).click();
    await page.getByRole("list", { name: "Steps" }).waitFor();
  },
  data: async (page) => {
    await page.goto(`${app.origin}/#/data/public/pets?s=born_on%3Adesc%3Alast&f=weight_kg%3Age%3A10`);
    await page.getByRole("grid").waitFor();
  },
  sort: async (page) => {
    await page.goto(`${app.origin}/#/data/public/pets?s=born_on%3Adesc%3Alast&s=name%3Aasc`);
    await page.getByRole("grid").waitFor();
    await page.getByRole("button", { name: "Sort", exact: true }).click();
    await page.getByRole("list", { name: "Order" }).waitFor();
  },
  edit: async (page) => {
    await page.goto(`${app.origin}/#/data/public/species`);
    await page.getByRole("grid").focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Accept" }).waitFor();
  },
  row: async (page) => {
    await page.goto(`${app.origin}/#/data/public/owners`);
    await page.getByRole("grid").waitFor();
    await page.getByRole("grid").focus();
    await page.keyboard.press("Shift+Enter");
  },
  query: async (page) => {
    await page.goto(`${app.origin}/#/activity`);
    await page.goto(`${app.origin}/#/query?sql=${encodeURIComponent("select s.name, count(*) as pets, round(avg(weight_kg), 2) as weight\nfrom pets p\njoin species s on s.id = p.species_id\ngroup by s.name\norder by pets desc;\n")}`);
    await page.getByRole("button", { name: "Run all" }).click();
    await page.getByRole("grid").waitFor();
  },
  history: async (page) => {
    await page.goto(`${app.origin}/#/query`);
    await page.getByRole("button", { name: "History", exact: true }).click();
    await page.getByRole("menuitem").first().waitFor();
  },
  activity: (page) => page.goto(`${app.origin}/#/activity`),
  settings: (page) => page.goto(`${app.origin}/#/settings`),
  keys: async (page) => {
    await page.goto(`${app.origin}/#/migrations`);
    await page.getByRole("navigation", { name: "Screens" }).getByRole("link").first().focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
  },
  palette: async (page) => {
    await page.goto(`${app.origin}/#/migrations`);
    await page.keyboard.press("Control+k");
    await page.getByRole("option").first().waitFor();
  },
};

const postgres = await startPostgres();
const browser = await startBrowser();
database = await postgres.database("petshop");
const made = petshop();
app = await startApp({ ini: made.ini, url: database.url });
try {
  const page = await openPage(browser, app);
  await runTo(page, "6916fff7113d");
  await fill();
  for (const theme of ["dark", "light"]) {
    await page.goto(`${app.origin}/#/settings`);
    await page.getByLabel("Theme").selectOption(theme);
    await page.waitForTimeout(300);
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      for (const [name, shot] of Object.entries(shots)) {
        await shot(page);
        await page.waitForTimeout(350);
        await page.screenshot({ path: join(folder, `${name}-${theme}-${size}.png`) });
        await page.keyboard.press("Escape");
      }
    }
  }
} finally {
  await app.stop();
  await browser.close();
  await database.close();
  await postgres.stop();
}
