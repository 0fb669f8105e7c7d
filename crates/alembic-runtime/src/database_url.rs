//! Database URLs as SQLAlchemy writes them, and where a project keeps its own.
