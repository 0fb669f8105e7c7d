/** What `erd` and `history` draw is read by the real readers of its formats: Mermaid, dbdiagram's parser, Graphviz, a browser. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Parser } from "@dbml/core";
import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { program } from "../support/app.mjs";
import { startBrowser } from "../support/browser.mjs";
import { modelProject, project } from "../support/project.mjs";

/** Names that are words, quotes, comments or markup in one of the formats. */
const hostile = [
  "order",
  "table",
  "end",
  "erDiagram",
  "subgraph",
  "Ref",
  'say "hi"',
  "it's",
  "`ticks`",
  "two words",
  " in spaces ",
  "a.b.c",
  "[brackets] {braces} (round)",
  "<b>&amp;</b>",
  "<img src=x onerror=alert(1)>",
  "%% comment",
  "// comment /* too */",
  "#35; & #quot;",
  "$$x^2$$",
  "back\\slash",
  "\\N \\G \\n",
  "a--b||--o{c",
  "a;b,c:d|e",
  "'''three'''",
  "line\nend",
  "tab\there",
  "naïve café",
  "表",
  "جدول",
  "🐈",
  "1st",
  "-",
  "__proto__",
];
const values = ["a,b", "it's", 'say "x"', "", "two words", "back\\slash", "`t`", "null", "}", "line\nend", "表"];
const python = (text) => JSON.stringify(text);

/** A table that has its name, and its name again for a column, a type, comments and constraints; it refers to the one before. */
function table(name, at) {
  const target = at ? `t${at - 1}.c.id` : '"outside.id"';
  return `t${at} = Table(
    ${python(name)},
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column(${python(name)}, Enum(${values.map(python).join(", ")}, name=${python(name)}), nullable=False, comment=${python(name)}),
    Column(${python(`parent ${name}`)}, Integer, ForeignKey(${target}), unique=True),
    Column("amount", Numeric(10, 2), server_default=text("'it''s \\\\ \`n\`'")),
    Column("note", Text, server_default=${python(name)}),
    UniqueConstraint(${python(name)}, "note", name=${python(`unique ${name}`)}),
    Index(${python(`index ${name}`)}, ${python(name)}, text("lower(note)")),
    comment=${python(`${name}\nof two lines`)},
)
`;
}

const models = `from sqlalchemy import CheckConstraint, Column, Enum, ForeignKey, ForeignKeyConstraint, Index, Integer, Numeric, String, Table, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


${hostile.map(table).join("\n")}
Table("tenants", Base.metadata, Column("region", String(3), primary_key=True), Column("number", Integer, primary_key=True), schema="odd schema")
Table(
    "sites",
    Base.metadata,
    Column("region", String(3), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("site", Integer, primary_key=True),
    ForeignKeyConstraint(["region", "number"], ["odd schema.tenants.region", "odd schema.tenants.number"], name="fk \\"both\\"", ondelete="CASCADE"),
    CheckConstraint("number > 0"),
    schema="odd schema",
)
`;

const revisions = hostile.map((name, at) => ({ id: `r${at}`, down: at ? `r${at - 1}` : null, message: name.replaceAll("\\", "/") }));
revisions.push({ id: "end", down: "r3", message: "end" }, { id: "subgraph", down: ["end", `r${hostile.length - 1}`], message: "<br/> both" });

let browser;
let page;
let graphviz;
let schema;
let modelIni;
let historyIni;

const run = (ini, ...args) => execFileSync(program, ["-c", ini, ...args], { encoding: "utf8", maxBuffer: 1 << 26 });
const erd = (format) => run(modelIni, "erd", "--format", format);
const history = (format) => run(historyIni, "history", "--format", format);

before(async () => {
  modelIni = modelProject(models).ini;
  historyIni = project(revisions).ini;
  schema = JSON.parse(run(modelIni, "models", "--json"));
  [browser, graphviz] = await Promise.all([startBrowser({ cut: true }), Graphviz.load()]);
  page = await browser.newPage();
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve("mermaid/dist/mermaid.min.js") });
  await page.evaluate(() => window.mermaid.initialize({ startOnLoad: false, maxTextSize: 1e6 }));
});
after(() => browser?.close());

/** Draws with Mermaid: the kind of diagram, what it holds by its own account, and the picture's text. */
const mermaid = (text) =>
  page.evaluate(async (source) => {
    const { type, db } = await window.mermaid.mermaidAPI.getDiagramFromText(source);
    const holds =
      type === "er"
        ? { entities: [...db.getEntities().values()].map((entity) => entity.attributes.length), lines: db.getRelationships().length }
        : { nodes: [...db.getVertices().keys()], lines: db.getEdges().length };
    const { svg } = await window.mermaid.render("drawn", source);
    const shown = document.createElement("div");
    shown.innerHTML = svg;
    return { type, ...holds, text: shown.textContent, marked: shown.querySelectorAll("img, b, .katex").length };
  }, text);

/** The text of an SVG that a browser takes for one, and how many elements `selector` finds in it. */
const picture = (svg, selector) =>
  page.evaluate(
    ([source, wanted]) => {
      const read = new DOMParser().parseFromString(source, "image/svg+xml");
      const fault = read.querySelector("parsererror")?.textContent ?? null;
      return { fault, text: read.documentElement.textContent, found: read.querySelectorAll(wanted).length };
    },
    [svg, selector],
  );

/** As a drawing shows a name: on one line, and pictures of control characters. */
const shown = (name) => name.replaceAll("\n", "␊").replaceAll("\t", " ");

/** Text without what Mermaid folds, or what keeps it from taking dollars for a formula. */
const plain = (text) => text.replaceAll(/[\s\u200b]+/g, "");

test("the models are read in full", () => {
  assert.deepEqual(schema.problems, []);
  assert.equal(schema.tables.length, hostile.length + 2);
});

test("erd as Mermaid", async () => {
  const drawn = await mermaid(erd("mermaid"));
  assert.equal(drawn.type, "er");
  // One more: the table outside the models, with the column that is referred to.
  assert.deepEqual(drawn.entities.sort(), [1, ...schema.tables.map((table) => table.columns.length)].sort());
  assert.equal(drawn.lines, schema.tables.flatMap((table) => table.foreign_keys).length);
  assert.equal(drawn.marked, 0);
  for (const name of hostile) assert.ok(plain(drawn.text).includes(plain(shown(name))), name);
});

test("erd as DBML", () => {
  const read = new Parser().parse(erd("dbml"), "dbmlv2").schemas;
  const listed = (tables) => tables.map(([space, name, columns]) => [space, name, ...columns].join("|")).sort();
  const tables = read.flatMap((each) => each.tables.map((table) => [each.name, table.name, table.fields.map((field) => field.name)]));
  const expected = schema.tables.map((table) => [table.schema ?? "public", shown(table.name), table.columns.map((column) => shown(column.name))]);
  assert.deepEqual(listed(tables), listed([...expected, ["public", "outside", ["id"]]]));
  assert.equal(read.flatMap((each) => each.enums).length, schema.enums.length);
});

test("erd as DOT", async () => {
  const drawn = await picture(graphviz.layout(erd("dot"), "svg", "dot"), "g.node");
  assert.equal(drawn.fault, null);
  assert.equal(drawn.found, schema.tables.length + 1);
});

test("erd as SVG", async () => {
  const drawn = await picture(erd("svg"), "[role=listitem]");
  assert.equal(drawn.fault, null);
  assert.equal(drawn.found, schema.tables.length + 1);
  for (const name of hostile) assert.ok(drawn.text.includes(shown(name)), name);
});

test("history as Mermaid", async () => {
  const drawn = await mermaid(history("mermaid"));
  assert.equal(drawn.type, "flowchart-v2");
  assert.equal(drawn.nodes.length, revisions.length);
  // Each but the base has a parent, and the last has two.
  assert.equal(drawn.lines, revisions.length);
  assert.equal(drawn.marked, 0);
  for (const { message } of revisions) assert.ok(plain(drawn.text).includes(plain(message.split("\n")[0])), message);
});

test("history as DOT", async () => {
  const drawn = await picture(graphviz.layout(history("dot"), "svg", "dot"), "g.node");
  assert.equal(drawn.fault, null);
  assert.equal(drawn.found, revisions.length);
});

test("history as SVG", async () => {
  const drawn = await picture(history("svg"), "svg");
  assert.equal(drawn.fault, null);
});
