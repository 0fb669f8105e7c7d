/** The Models and Diagram screens, and what the Data screen says of models. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startApp } from "../support/app.mjs";
import { eventually, openPage, startBrowser } from "../support/browser.mjs";
import { hold } from "../support/figures.mjs";
import { startPostgres } from "../support/postgres.mjs";
import { manyModels, modelProject } from "../support/project.mjs";

const models = `from sqlalchemy import Column, ForeignKey, Integer, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


pet_tags = Table(
    "pet_tags",
    Base.metadata,
    Column("pet_id", ForeignKey("pets.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class Owner(Base):
    __tablename__ = "owners"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    pets: Mapped[list["Pet"]] = relationship(back_populates="owner")


class Pet(Base):
    __tablename__ = "pets"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"))
    owner: Mapped[Owner] = relationship(back_populates="pets")
    tags: Mapped[list["Tag"]] = relationship(secondary=pet_tags)


class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)


class Hostile(Base):
    __tablename__ = "<img src=x onerror=alert(1)>"
    id: Mapped[int] = mapped_column(primary_key=True)
`;

let postgres;
let browser;
let database;
let made;
let app;
let page;

before(async () => {
  [postgres, browser] = await Promise.all([startPostgres(), startBrowser()]);
  database = await postgres.database("models");
  await database.query("CREATE TABLE owners (id int PRIMARY KEY, name text); CREATE TABLE pets (id int PRIMARY KEY, owner_id int REFERENCES owners); CREATE TABLE left_over (id int); INSERT INTO owners VALUES (1, 'Ann'); INSERT INTO pets VALUES (1, 1)");
  made = modelProject(models);
  app = await startApp({ ini: made.ini, url: database.url });
  page = await openPage(browser, app, { path: "#/models" });
});
after(async () => {
  await app?.stop();
  await browser?.close();
  await database?.close();
  await postgres?.stop();
});

const go = (path) => page.goto(`${app.origin}/${path}`);
const tables = () => page.getByRole("list", { name: "Tables" });

test("classes by module, one of them in full, relationships as links", async () => {
  await page.getByRole("heading", { name: "4 classes, 5 tables" }).waitFor();
  await page.getByText("Everything is known").waitFor();
  await page.getByRole("navigation", { name: "Models" }).getByRole("link", { name: /^Pet/ }).click();
  const detail = page.getByRole("region", { name: "Model" });
  await detail.getByRole("heading", { name: "Pet" }).waitFor();
  await detail.getByRole("table", { name: "Columns" }).getByRole("row", { name: /owner_id INTEGER not null owners\.id/ }).waitFor();
  await detail.getByRole("table", { name: "Relationships" }).getByRole("link", { name: "models.Owner" }).click();
  await detail.getByRole("heading", { name: "Owner" }).waitFor();
  assert.equal(new URL(page.url()).hash, "#/models/class/models.Owner");
  await page.getByRole("searchbox", { name: "Search models" }).fill("pet_tags");
  await page.getByRole("navigation", { name: "Models" }).getByRole("link", { name: "pet_tags" }).click();
  await detail.getByText("table without a class").waitFor();
  await detail.getByText("not in the database").waitFor();
});

test("a change of a source shows without reload, with what is not known and where", async () => {
  await go("#/models/class/models.Tag");
  await page.getByRole("heading", { name: "Tag" }).waitFor();
  await page.getByRole("searchbox", { name: "Search models" }).fill("");
  const late = `${models.replace("class Hostile", "class Late")}    colour: Mapped[str] = mapped_column(String(int(os.environ["LENGTH"])))\n`;
  writeFileSync(made.models, `import os\n${late.replace("Integer, Table", "Integer, String, Table")}`);
  await page.getByRole("link", { name: /^Late/ }).waitFor({ timeout: 5000 });
  await page.getByRole("link", { name: /^Late/ }).click();
  const problems = page.getByRole("region", { name: "Problems" });
  await problems.getByText(new RegExp(`models\\.py:${late.split("\n").length}$`)).waitFor();
  await page.getByRole("row", { name: /^colour not known/ }).waitFor();
  writeFileSync(made.models, models);
  await page.getByText("There is no model models.Late any more.").waitFor({ timeout: 5000 });
});

test("the diagram beside its list: search, select, focus, back", async () => {
  await go("#/diagram");
  await tables().getByRole("button", { name: "pets 2 columns" }).click();
  await page.getByRole("list", { name: "Refers to" }).getByRole("button", { name: "owners owner_id, exactly one" }).waitFor();
  await page.getByRole("list", { name: "Referenced by" }).getByRole("button", { name: "pet_tags by pet_id, zero or many" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("tag");
  await eventually(async () => assert.equal(await tables().getByRole("button").count(), 2));
  await page.getByRole("searchbox").fill("");
  await page.locator(".react-flow__node", { hasText: "owners" }).dblclick();
  await page.getByText("around owners").waitFor();
  await eventually(async () => assert.equal(await tables().getByRole("button").count(), 2));
  await page.getByRole("combobox", { name: "How far" }).selectOption("3");
  await eventually(async () => assert.equal(await tables().getByRole("button").count(), 4));
  assert.equal(new URL(page.url()).hash, "#/diagram?focus=owners&depth=3");
  await page.goBack();
  await eventually(async () => assert.equal(await tables().getByRole("button").count(), 5));
});

test("a moved box stays where it is, also after a reload", async () => {
  await go("#/diagram");
  const box = () => page.locator(".react-flow__node", { hasText: "owners" });
  const place = async () => (await box().getAttribute("style")).match(/translate\(([^)]*)\)/)[1];
  await box().waitFor();
  const before = await place();
  const { x, y, width } = await box().boundingBox();
  await page.mouse.move(x + width / 2, y + 12);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 60, y + 132, { steps: 6 });
  await page.mouse.up();
  await page.getByRole("button", { name: "Reset positions" }).waitFor();
  const after = await place();
  assert.notEqual(after, before);
  await page.reload();
  await box().waitFor();
  assert.equal(await place(), after);
  await page.getByRole("button", { name: "Reset positions" }).click();
  await eventually(async () => assert.equal(await place(), before));
});

test("SVG and Mermaid are saved as files", async () => {
  for (const [name, file, beginning] of [["SVG", "diagram.svg", "<svg "], ["Mermaid", "diagram.mmd", "erDiagram"]]) {
    await page.getByRole("button", { name: "Export" }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("menuitem", { name }).click();
    const download = await saved;
    assert.equal(download.suggestedFilename(), file);
    assert.ok(readFileSync(await download.path(), "utf8").startsWith(beginning));
  }
});

test("the Data screen knows which tables have models, and the relationship along a foreign key", async () => {
  await go("#/data/public/pets");
  const nav = page.getByRole("navigation", { name: "Tables" });
  await nav.getByRole("link", { name: /left_over.*no model/ }).waitFor();
  await nav.getByRole("combobox", { name: "Group by" }).selectOption("module");
  await nav.getByRole("button", { name: /^models 2/ }).waitFor();
  await nav.getByRole("button", { name: /^no model/ }).waitFor();
  await nav.getByRole("button", { name: /^not in the database 3/ }).waitFor();
  await nav.getByRole("link", { name: /^pet_tags/ }).waitFor();
  await page.getByRole("grid", { name: "pets" }).getByRole("link", { name: "Go to owners 1 (Pet.owner)" }).hover();
  await page.getByText("Pet.owner", { exact: true }).waitFor();
});

test("nothing on these screens broke a rule", () => page.finish());

test("five hundred tables are drawn in time", async () => {
  const many = await startApp({ ini: modelProject(manyModels(500)).ini, url: database.url });
  try {
    await hold("diagram of 500 tables", 2000, async () => {
      const other = await openPage(browser, many, { path: "#/models" });
      await other.getByRole("heading", { name: "500 classes, 500 tables" }).waitFor({ timeout: 30_000 });
      const start = Date.now();
      await other.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Diagram" }).click();
      await other.waitForFunction(() => document.querySelectorAll(".react-flow__node").length >= 500 && document.querySelectorAll(".react-flow__edge").length > 500);
      await other.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const taken = Date.now() - start;
      await other.finish();
      return taken;
    });
  } finally {
    await many.stop();
  }
});
