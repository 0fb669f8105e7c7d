"""Answers what real Alembic writes in `--sql` mode for version tables.

Reads [{"dialect", "name", "schema", "pk", "transactional_ddl", "per_migration"}...] and writes the scripts, as JSON, on standard streams.
"""

import io
import json
import sys

from alembic.runtime.migration import HeadMaintainer, MigrationContext
from sqlalchemy.schema import CreateTable


def script(case):
    text = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=case["dialect"],
        opts={
            "as_sql": True,
            "output_buffer": text,
            "version_table": case["name"],
            "version_table_schema": case["schema"],
            "version_table_pk": case["pk"],
            "transactional_ddl": case["transactional_ddl"],
            "transaction_per_migration": case["per_migration"],
        },
    )
    with context.begin_transaction():
        context.impl._exec(CreateTable(context._version))
        heads = HeadMaintainer(context, ["a"])
        with context.begin_transaction(_per_migration=True):
            context.impl.static_output("-- Running upgrade a -> b")
            heads._insert_version("b")
            heads._update_version("a", "c")
        with context.begin_transaction(_per_migration=True):
            context.impl.static_output("-- Running upgrade a -> b")
            heads._delete_version("c")
        context.impl._exec(context._version.delete())
    return text.getvalue()


json.dump([script(case) for case in json.load(sys.stdin)], sys.stdout)
