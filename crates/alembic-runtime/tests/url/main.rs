//! Database URLs: against SQLAlchemy's own `make_url`, and what people meet.

mod against_sqlalchemy;
mod parts;
mod secrets;
