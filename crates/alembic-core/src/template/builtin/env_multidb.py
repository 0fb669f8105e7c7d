"""How Alembic reaches several databases. It runs for every command that does."""

import logging
import re
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

# Commit all databases in two phases, where they can.
USE_TWOPHASE = False

# What alembic.ini says.
config = context.config

# Loggers as the ini file describes them.
if config.config_file_name is not None:
    fileConfig(config.config_file_name)
logger = logging.getLogger("alembic.env")

# The names of the databases: each has a section of its own in the ini file.
db_names = re.split(r",\s*", config.get_main_option("databases", ""))

# `revision --autogenerate` compares each database with the MetaData of its
# name, for example
#     from app import models
#     target_metadata = {"engine1": models.first, "engine2": models.second}
target_metadata: dict = {}


def run_migrations_offline() -> None:
    """Write the SQL of each database to a file of its name (`--sql`)."""
    for name in db_names:
        file_name = f"{name}.sql"
        logger.info("SQL for database %s goes to %s", name, file_name)
        with open(file_name, "w") as file:
            context.configure(
                url=config.get_section_option(name, "sqlalchemy.url"),
                output_buffer=file,
                target_metadata=target_metadata.get(name),
                literal_binds=True,
                dialect_opts={"paramstyle": "named"},
            )
            with context.begin_transaction():
                context.run_migrations(engine_name=name)


def run_migrations_online() -> None:
    """Run the migrations in all databases, then commit all or none."""
    connections = {}
    transactions = {}
    for name in db_names:
        engine = engine_from_config(
            config.get_section(name, {}),
            prefix="sqlalchemy.",
            poolclass=pool.NullPool,
        )
        connection = connections[name] = engine.connect()
        begin = connection.begin_twophase if USE_TWOPHASE else connection.begin
        transactions[name] = begin()
    try:
        for name, connection in connections.items():
            logger.info("Database %s", name)
            context.configure(
                connection=connection,
                upgrade_token=f"{name}_upgrades",
                downgrade_token=f"{name}_downgrades",
                target_metadata=target_metadata.get(name),
            )
            context.run_migrations(engine_name=name)
        if USE_TWOPHASE:
            for transaction in transactions.values():
                transaction.prepare()
        for transaction in transactions.values():
            transaction.commit()
    except BaseException:
        for transaction in transactions.values():
            transaction.rollback()
        raise
    finally:
        for connection in connections.values():
            connection.close()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
