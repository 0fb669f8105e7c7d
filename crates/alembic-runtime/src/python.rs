//! The project's own Python: which interpreter, and how Alembic runs in it.
