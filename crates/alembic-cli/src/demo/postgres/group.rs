//! A program with all that it starts, as `initdb` starts servers: they end with the value.

use std::io;
use std::process::{Command, Stdio};
#[cfg(unix)]
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt as _;
use tokio::process::Child;

/// How long killed processes may take to be gone.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_secs(1);

/// A program that has not ended yet.
#[derive(Debug)]
pub(super) struct Group {
    leader: Child,
}

impl Group {
    /// Starts the program out of reach of Ctrl-C.
    pub(super) fn start(mut command: Command) -> io::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let leader = tokio::process::Command::from(command).kill_on_drop(true).spawn()?;
        Ok(Self { leader })
    }

    /// Waits for its end; whether it succeeded, and what it said on standard error.
    pub(super) async fn finish(mut self) -> io::Result<(bool, String)> {
        let mut said = Vec::new();
        if let Some(mut errors) = self.leader.stderr.take() {
            errors.read_to_end(&mut said).await?;
        }
        let status = self.leader.wait().await?;
        Ok((status.success(), String::from_utf8_lossy(&said).into_owned()))
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

        const PAUSE: Duration = Duration::from_millis(5);
        // None once it was waited for: by then the number may be somebody else's.
        let id = self.leader.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let Some(group) = id else { return };
        let _gone_already = kill_process_group(group, Signal::KILL);
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let _not_yet = self.leader.try_wait();
            if test_kill_process_group(group).is_err() {
                return;
            }
            std::thread::sleep(PAUSE);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_the_program_has_started_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("id");
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "sleep 20 & echo $! > id.new; mv id.new id; wait"]);
        command.current_dir(folder.path());
        let group = Group::start(command).unwrap();
        let begun = Instant::now();
        while !file.exists() {
            assert!(begun.elapsed() < Duration::from_secs(10), "the program does not start");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let id = fs_err::read_to_string(&file).unwrap();
        drop(group);
        // Its new parent may not have taken notice of its end yet.
        let state = fs_err::read_to_string(format!("/proc/{}/stat", id.trim())).unwrap_or_default();
        assert!(state.is_empty() || state.contains(") Z "), "{state}");
    }

    #[tokio::test]
    async fn its_end_and_its_words() {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "echo no >&2; exit 3"]);
        let (succeeded, said) = Group::start(command).unwrap().finish().await.unwrap();
        assert_eq!((succeeded, said.as_str()), (false, "no\n"));
    }
}
