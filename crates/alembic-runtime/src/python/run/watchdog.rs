//! A shell that ends the child's process group as soon as this process is gone.
//!
//! It waits for the end of a pipe whose other end this process alone holds, which breaks however this process ends. The
//! kernel's own promise (Linux) reaches the child alone, not what the child has started.

use std::{
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
};

use nix::unistd::Pid;

/// Ends the group `$1` when there is nothing more to read. It knows no other program than the shell.
const SCRIPT: &str = "read line || kill -s KILL -- \"-$1\"";

/// A watchdog; it goes away with the value.
pub(super) struct Watchdog(Option<Child>);

impl Watchdog {
    /// Watches over a group. Where there is no shell, nobody does.
    pub(super) fn over(group: Pid) -> Self {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT, "alembic-rs-watchdog"]).arg(group.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // A group of its own: what a terminal or a supervisor sends to ours must not end it. No variables: some hold
        // passwords, and `ENV` holds commands.
        command.process_group(0).env_clear().current_dir("/");
        Self(command.spawn().ok())
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            // Killed before the pipe breaks: the group's number may belong to somebody else by now.
            let _gone = child.kill();
            let _status = child.wait();
        }
    }
}
