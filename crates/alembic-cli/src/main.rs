//! The `alembic-rs` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    let stdout = alembic_cli::StandardOutput { is_closed: closed_stdout::was_closed() };
    alembic_cli::main(std::env::args_os().collect(), stdout)
}

/// Whether the program was started without a standard output (`>&-`).
///
/// The standard library puts `/dev/null` in its place before `main` begins, so this
/// must be asked earlier: by a function that the loader runs.
#[cfg(unix)]
mod closed_stdout {
    use std::sync::atomic::{AtomicBool, Ordering};

    static WAS_CLOSED: AtomicBool = AtomicBool::new(false);

    #[expect(
        unsafe_code,
        reason = "only the loader is early enough, and it finds this by its section"
    )]
    #[used]
    #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
    #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
    static ASK: extern "C" fn() = ask;

    /// Runs before the standard library is there, and uses nothing of it.
    extern "C" fn ask() {
        let descriptor = rustix::io::fcntl_getfd(rustix::stdio::stdout());
        WAS_CLOSED.store(descriptor == Err(rustix::io::Errno::BADF), Ordering::Relaxed);
    }

    pub(super) fn was_closed() -> bool {
        WAS_CLOSED.load(Ordering::Relaxed)
    }
}

#[cfg(not(unix))]
mod closed_stdout {
    pub(super) fn was_closed() -> bool {
        false
    }
}
