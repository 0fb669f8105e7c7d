//! The `alembic-rs` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    alembic_cli::main(std::env::args_os().collect())
}
