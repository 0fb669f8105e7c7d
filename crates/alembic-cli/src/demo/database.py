"""Makes the demo's role and database: it is run as `python database.py` with both URLs in the environment."""

import os

import psycopg
from psycopg import conninfo, sql

owner = conninfo.conninfo_to_dict(os.environ["DATABASE_URL"])
with psycopg.connect(os.environ["ALEMBIC_RS_DEMO_ADMIN_URL"], autocommit=True) as connection:
    role, password = sql.Identifier(owner["user"]), sql.Literal(owner["password"])
    connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, password))
    # So that the page can show what the server is doing.
    connection.execute(sql.SQL("GRANT pg_monitor, pg_signal_backend TO {}").format(role))
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(owner["dbname"]), role))
