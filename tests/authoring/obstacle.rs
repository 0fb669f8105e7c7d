//! A file system that does not do what it is told.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use alembic_testing::{Output, TestContext};
use fs_err as fs;

/// Runs the program where it may not write to `folders`.
pub(crate) fn without_permission(
    context: &TestContext,
    arguments: &[&str],
    folders: &[&str],
) -> Output {
    let permit = |mode: u32| {
        for folder in folders {
            let folder = context.project().path(folder);
            fs::set_permissions(folder, Permissions::from_mode(mode)).expect("they are ours");
        }
    };
    permit(0o555);
    // Permissions bind everybody but root: its power to pass them by is taken away first.
    let ordinary: &[_] = if is_root() {
        &["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
    } else {
        &["env"]
    };
    let output = context.invocation(arguments).through(ordinary).run();
    permit(0o755);
    output
}

/// Runs the program where no file can become longer than so many blocks of the shell: writing fails in the middle.
pub(crate) fn full_disk(context: &TestContext, arguments: &[&str], blocks: u32) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    context.invocation(arguments).through(["/bin/sh", "-c", &script, "sh"]).run()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}
