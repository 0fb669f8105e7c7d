//! A shell that ends the child's process group as soon as this process is gone.
//!
//! It waits for the end of a pipe whose other end this process alone holds, which breaks however this process ends. The
//! kernel's own promise (Linux) reaches the child alone, not what the child has started.
//!
//! It stands before the child does. The child itself writes its number into the pipe, before it becomes the program that
//! it is to be: there is no moment at which the child could have started anything and the watchdog did not know whom to
//! end.

use std::{
    io::{self, PipeReader, PipeWriter, Write as _},
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
};

use nix::unistd::getpid;

/// Reads the group's number, then ends the group when there is nothing more to read. It knows no other program than the
/// shell.
const SCRIPT: &str = "read group || exit; read line || kill -s KILL -- \"-$group\"";

/// A watchdog; it goes away with the value.
pub(super) struct Watchdog {
    /// Where there is no shell, nobody watches.
    shell: Option<Child>,
    /// Breaks with this process.
    pipe: PipeWriter,
    /// Held so that nobody who writes into the pipe is ended for want of a reader.
    _reader: PipeReader,
}

impl Watchdog {
    /// Waits to be told a group.
    pub(super) fn start() -> io::Result<Self> {
        let (reader, pipe) = io::pipe()?;
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT, "alembic-rs-watchdog"]).stdin(reader.try_clone()?);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        // A group of its own: what a terminal or a supervisor sends to ours must not end it. No variables: some hold
        // passwords, and `ENV` holds commands.
        command.process_group(0).env_clear().current_dir("/");
        Ok(Self { shell: command.spawn().ok(), pipe, _reader: reader })
    }

    /// Has the child of `command`, the leader of a group, tell its number before it runs.
    pub(super) fn watch(&self, command: &mut Command) -> io::Result<()> {
        let mut pipe = self.pipe.try_clone()?;
        let tell = move || pipe.write_all(Line::of(getpid().as_raw().unsigned_abs()).as_bytes());
        #[expect(unsafe_code, reason = "the closure runs between fork and exec")]
        // SAFETY: there only async-signal-safe functions may be called, and no memory allocated. The closure calls getpid
        // and write, which are bare system calls, and makes its text on the stack.
        unsafe {
            command.pre_exec(tell);
        }
        Ok(())
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(shell) = &mut self.shell {
            // Killed before the pipe breaks: the group's number may belong to somebody else by now.
            let _gone = shell.kill();
            let _status = shell.wait();
        }
    }
}

/// A number in decimal digits and the end of a line, made without asking for memory.
struct Line {
    bytes: [u8; 11],
    start: usize,
}

impl Line {
    fn of(number: u32) -> Self {
        let mut line = Self { bytes: [b'\n'; 11], start: 10 };
        let mut rest = number;
        loop {
            line.start -= 1;
            line.bytes[line.start] = b'0' + (rest % 10).to_le_bytes()[0];
            rest /= 10;
            if rest == 0 {
                return line;
            }
        }
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn numbers_in_digits() {
        for number in [0, 7, 10, 4711, u32::MAX] {
            assert_eq!(Line::of(number).as_bytes(), format!("{number}\n").as_bytes());
        }
    }
}
