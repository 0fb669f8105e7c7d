//! `heads --check`: whole processes in real git repositories.

mod against;
mod facts;
mod findings;
mod formats;
mod project;
