"""How Alembic reaches the database, through an async driver. It runs for every command that does."""

import asyncio
from logging.config import fileConfig

from alembic import context
from sqlalchemy import pool
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import async_engine_from_config

# What alembic.ini says.
config = context.config

# Loggers as the ini file describes them.
if config.config_file_name is not None:
    fileConfig(config.config_file_name)

# `revision --autogenerate` compares the database with this: the MetaData of
# your models, for example
#     from app.models import Base
#     target_metadata = Base.metadata
target_metadata = None


def run_migrations_offline() -> None:
    """Write the SQL instead of running it (`--sql`): a URL is enough."""
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate(connection: Connection) -> None:
    """Run the migrations on a connection that behaves like a blocking one."""
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_migrate() -> None:
    """Open the async engine, migrate, close it."""
    engine = async_engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


def run_migrations_online() -> None:
    """Run the migrations on a connection."""
    asyncio.run(connect_and_migrate())


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
