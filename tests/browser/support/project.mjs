/** Alembic projects in temporary folders: copies of fixtures/petshop, and small ones made of a few revisions. */

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./folder.mjs";

/** The root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

/** A copy of the example project. */
export function petshop() {
  const path = join(temporaryFolder("petshop"), "petshop");
  cpSync(join(root, "fixtures/petshop"), path, { recursive: true, filter: (from) => !/expected|__pycache__|\.db$/.test(from) });
  return { path, ini: join(path, "alembic.ini"), versions: join(path, "migrations/versions") };
}

const env = `import os
from alembic import context
from sqlalchemy import create_engine, pool

url = os.environ["DATABASE_URL"]


def run_online():
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


run_online()
`;

const ini = `[alembic]
script_location = %(here)s/migrations

[loggers]
keys = root, alembic
[handlers]
keys = console
[formatters]
keys = short
[logger_root]
level = WARNING
handlers = console
qualname =
[logger_alembic]
level = INFO
handlers =
qualname = alembic
[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = short
[formatter_short]
format = %(levelname)-5.5s [%(name)s] %(message)s
`;

/** Writes one migration script. `up` and `down` are lines of Python; \`raw\` is a whole file. */
export function writeRevision(versions, { id, down = null, message = id, up = "pass", undo = "pass", raw = null, extra = "" }) {
  const parent = down === null ? "None" : Array.isArray(down) ? `(${down.map((each) => `"${each}"`).join(", ")},)` : `"${down}"`;
  const body = (lines) => lines.split("\n").map((line) => `    ${line}`).join("\n");
  const text = `"""${message}

Revision ID: ${id}
Revises: ${Array.isArray(down) ? down.join(", ") : (down ?? "")}
Create Date: 2026-01-01 10:00:00.000000

"""
import time

from alembic import op

revision = "${id}"
down_revision = ${parent}
branch_labels = None
depends_on = None
${extra}

def upgrade():
${body(up)}


def downgrade():
${body(undo)}
`;
  writeFileSync(join(versions, `${id}_${message.replace(/\W+/g, "_").slice(0, 40)}.py`), raw ?? text);
}

/** A project with these revisions. */
export function project(revisions) {
  const path = temporaryFolder("project");
  const versions = join(path, "migrations/versions");
  mkdirSync(versions, { recursive: true });
  writeFileSync(join(path, "alembic.ini"), ini);
  writeFileSync(join(path, "migrations/env.py"), env.replace("context.configure(", "from logging.config import fileConfig\n        fileConfig(context.config.config_file_name)\n        context.configure("));
  for (const revision of revisions) writeRevision(versions, revision);
  return { path, ini: join(path, "alembic.ini"), versions };
}

/** A project whose env.py leads to these models; `source` is all of models.py. */
export function modelProject(source) {
  const made = project([{ id: "aaaa00000001" }]);
  writeFileSync(join(made.path, "models.py"), source);
  writeFileSync(join(made.path, "alembic.ini"), ini.replace("script_location", "prepend_sys_path = %(here)s\nscript_location"));
  const leading = env.replace("url = os", "from models import Base\n\nurl = os").replace("configure(connection", "configure(target_metadata=Base.metadata, connection");
  writeFileSync(join(made.path, "migrations/env.py"), leading);
  return { ...made, models: join(made.path, "models.py") };
}

/** Models of so many tables in three schemas, each pointing to one or two that came before it. */
export function manyModels(tables) {
  const lines = ["from sqlalchemy import Column, ForeignKey, Integer, String", "from sqlalchemy.orm import declarative_base", "", "Base = declarative_base()", ""];
  const schema = (n) => [null, "sales", "stock"][n % 3];
  const full = (n) => (schema(n) ? `${schema(n)}.t${n}` : `t${n}`);
  for (let n = 0; n < tables; n += 1) {
    lines.push("", `class T${n}(Base):`, `    __tablename__ = "t${n}"`);
    if (schema(n)) lines.push(`    __table_args__ = {"schema": "${schema(n)}"}`);
    lines.push("    id = Column(Integer, primary_key=True)");
    for (let c = 0; c < 8; c += 1) lines.push(`    value_${c} = Column(String(${10 + c}))`);
    for (const [name, to] of [["first_id", Math.max(0, n - 1 - ((n * 7) % 40))], ["second_id", Math.floor(n / 3)]]) {
      if (n > 0 && !(name === "second_id" && n % 2)) lines.push(`    ${name} = Column(Integer, ForeignKey("${full(to)}.id"))`);
    }
  }
  return `${lines.join("\n")}\n`;
}
