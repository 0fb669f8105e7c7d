//! Every Alembic of the matrix with every driver: an upgrade really runs, and the rows are read by us.

use alembic_testing::{MariaDb, Postgres, Project, Revision, Venv};

use crate::shop::{ENV, Shop};

/// As the template `async` has it.
const ASYNC_ENV: &str = "\
import asyncio
import os
from alembic import context
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine

url = os.environ['DATABASE_URL']


def do_run_migrations(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


async def run():
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(do_run_migrations)
    await engine.dispose()


asyncio.run(run())
";

const BODY: &str = "def upgrade():\n    op.create_table('pets', sa.Column('id', sa.Integer))\n\n\n\
                    def downgrade():\n    op.drop_table('pets')\n";

fn goes_up_and_down(venv: &Venv, env: &str, url: &str) {
    let project = Project::from_revisions(&[Revision::new("a1").body(BODY)]);
    let shop = Shop::new(project.with_file("migrations/env.py", env), url).in_venv(venv.clone());
    let label = format!("{url} in {}", venv.root().display());
    for (line, current) in [("upgrade head", "a1 (head)\n"), ("downgrade base", "")] {
        let output = shop.run(line.split(' '));
        assert_eq!(output.code(), Some(0), "{label}: {output}");
        assert!(!output.stderr().contains("warning"), "{label}: {output}");
        let output = shop.run(["current"]);
        assert_eq!(
            (output.code(), output.stdout().as_str()),
            (Some(0), current),
            "{label}: {output}"
        );
    }
}

#[test]
fn of_postgresql() {
    for (place, venv) in Venv::matrix().iter().enumerate() {
        for (driver, env) in [("psycopg2", ENV), ("psycopg", ENV), ("asyncpg", ASYNC_ENV)] {
            // SQLAlchemy 1.4 knows no psycopg 3.
            if (place, driver) != (0, "psycopg") {
                let database = Postgres::shared().database();
                let url = database.url().replace("postgresql:", &format!("postgresql+{driver}:"));
                goes_up_and_down(venv, env, &url);
            }
        }
    }
}

#[test]
fn of_sqlite() {
    for venv in Venv::matrix() {
        goes_up_and_down(&venv, ENV, "sqlite:///shop.db");
        goes_up_and_down(&venv, ASYNC_ENV, "sqlite+aiosqlite:///shop.db");
    }
}

#[test]
fn of_mariadb() {
    let server = MariaDb::shared();
    for venv in Venv::matrix() {
        let database = server.database();
        let port = server.port();
        let url = format!("mysql+pymysql://tester:tester@127.0.0.1:{port}/{database}");
        goes_up_and_down(&venv, ENV, &url);
    }
}
