//! A server that does not outlive the demo, however the demo ends.
//!
//! A shell stands between us and the server and reads from a pipe that we hold. Whether we close it or die, the shell
//! stops the server; when we died, it removes the server's files too.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::user::User;
use crate::demo::DemoError;

/// Starts the program of its arguments and waits for a line or for the end of the pipe. `$1` is the folder that goes
/// with the server unless the line says `keep`; `$2` is the signal that stops the server.
const SCRIPT: &str = r#"folder=$1; signal=$2; shift 2
"$@" & server=$!
read -r word
kill -s "$signal" $server 2>/dev/null
wait $server 2>/dev/null
test "$word" = keep || rm -rf "$folder" 2>/dev/null"#;

/// How a server is told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Its files will be removed.
    AtOnce,
    /// Its files will be used again.
    Properly,
}

/// A running server and the shell that guards it.
#[derive(Debug)]
pub(super) struct Guard {
    shell: Child,
}

impl Guard {
    /// Runs `server`, whose words go to the file `log`.
    pub(super) fn start(
        server: &[OsString],
        folder: &Path,
        log: &Path,
        user: User,
        stop: Stop,
    ) -> Result<Self, DemoError> {
        let (words, _) = fs_err::File::create(log)?.into_parts();
        let errors = words.try_clone()?;
        // Files that are kept are nobody's to remove.
        let (signal, doomed) = match stop {
            Stop::AtOnce => ("QUIT", folder.as_os_str()),
            Stop::Properly => ("INT", "".as_ref()),
        };
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", SCRIPT, "alembic-rs-demo"]).arg(doomed).arg(signal).args(server);
        shell.stdin(Stdio::piped()).stdout(words).stderr(errors).current_dir(folder);
        shell.env("TMPDIR", folder).env("LC_ALL", "C");
        user.run_as(&mut shell);
        // Ctrl-C reaches us alone.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut shell, 0);
        Ok(Self { shell: shell.spawn()? })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(mut pipe) = self.shell.stdin.take() {
            // The folder has an owner in this process.
            let _ended_already = pipe.write_all(b"keep\n");
        }
        let _ended_already = self.shell.wait();
    }
}
