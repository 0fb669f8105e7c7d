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
/// with the server unless the line says `keep`; `$2` is the signal that stops the server. It is sent until the server has
/// gone: shells start programs in the background deaf to it, and PostgreSQL listens only some milliseconds later.
const SCRIPT: &str = r#"folder=$1; signal=$2; shift 2
"$@" & server=$!
read -r word
while kill -s "$signal" $server 2>/dev/null; do sleep 0.05; done
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

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    /// It writes its process id, and hears signals half a second after its start.
    const SERVER: &str = "import os, signal, time
open('id', 'w').write(str(os.getpid()))
time.sleep(0.5)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
time.sleep(20)";

    #[test]
    fn a_server_that_is_not_listening_yet_is_stopped_too() {
        let folder = tempfile::tempdir().unwrap();
        let server = ["python3", "-c", SERVER].map(OsString::from);
        let log = folder.path().join("log");
        let guard = Guard::start(&server, folder.path(), &log, User::Same, Stop::AtOnce).unwrap();
        let begun = Instant::now();
        let id = loop {
            let id = fs_err::read_to_string(folder.path().join("id")).unwrap_or_default();
            if !id.is_empty() {
                break id;
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "the server does not start");
            std::thread::sleep(Duration::from_millis(5));
        };
        drop(guard);
        assert!(begun.elapsed() < Duration::from_secs(15), "the signal was lost");
        assert!(!Path::new("/proc").join(id).exists());
    }
}
