//! Runs: confirmed, one at a time, streamed, cancelled (S19, S22).

mod petshop;
mod sqlite;
mod stream;
