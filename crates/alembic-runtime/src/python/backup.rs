//! `--backup DIR`: a dump of the database before anything happens to it.
