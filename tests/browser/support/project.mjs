/** Alembic projects in temporary folders: copies of fixtures/petshop, and small ones made of a few revisions. */

import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

function folder(name) {
  return mkdtempSync(join(tmpdir(), `alembic-rs-browser-${name}-`));
}

/** A copy of the example project. */
export function petshop() {
  const path = join(folder("petshop"), "petshop");
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
  const path = folder("project");
  const versions = join(path, "migrations/versions");
  mkdirSync(versions, { recursive: true });
  writeFileSync(join(path, "alembic.ini"), ini);
  writeFileSync(join(path, "migrations/env.py"), env.replace("context.configure(", "from logging.config import fileConfig\n        fileConfig(context.config.config_file_name)\n        context.configure("));
  for (const revision of revisions) writeRevision(versions, revision);
  return { path, ini: join(path, "alembic.ini"), versions };
}
