//! One run of the `git` program: bounded in time and output, blind to
//! configuration.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::error::GitError;

/// How long a run may take whose answer is needed, in seconds.
const SECONDS: u64 = 60;

/// How long one may take whose answer is only good to have.
const SECONDS_FOR_FACTS: u64 = 10;

/// How much one run may print.
const MEGABYTES: usize = 256;

/// How much of standard error is kept.
const COMPLAINT: u64 = 4096;

/// Variables by which a hook or a caller points git elsewhere: the repository is
/// always the one around the version folder. (`git rev-parse --local-env-vars`
/// without those that carry configuration, since `safe.directory` may come so.)
const POINTERS: [&str; 12] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
];

/// Settings that change what git prints, or make it run other programs.
const SETTINGS: [&str; 5] = [
    "core.fsmonitor=false",
    "core.quotePath=false",
    "diff.relative=false",
    "log.showSignature=false",
    "log.follow=false",
];

/// A run of git that is about to start.
pub(super) struct GitCommand {
    command: Command,
    name: &'static str,
    input: Vec<u8>,
    seconds: u64,
}

impl GitCommand {
    /// `git NAME` in a folder.
    pub(super) fn new(folder: &Path, name: &'static str) -> Self {
        let mut command = Command::new("git");
        for pointer in POINTERS {
            command.env_remove(pointer);
        }
        command
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            // A partial clone must not go to the network for what it lacks.
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_LITERAL_PATHSPECS", "1")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_PAGER", "cat")
            .env("LC_ALL", "C");
        command.arg("--no-pager").arg("-C").arg(folder);
        for setting in SETTINGS {
            command.arg("-c").arg(setting);
        }
        command.arg(name);
        Self { command, name, input: Vec::new(), seconds: SECONDS }
    }

    pub(super) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(super) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    /// What the program reads from its standard input.
    pub(super) fn input(mut self, input: Vec<u8>) -> Self {
        self.input = input;
        self
    }

    /// The answer is not worth a long wait.
    pub(super) fn optional(mut self) -> Self {
        self.seconds = SECONDS_FOR_FACTS;
        self
    }

    /// Runs to the end; everything that was printed.
    pub(super) fn output(self) -> Result<Vec<u8>, GitError> {
        let mut output = Vec::new();
        self.stream(|chunk| {
            output.extend_from_slice(chunk);
            ControlFlow::Continue(())
        })?;
        Ok(output)
    }

    /// Runs until the end, or until `take` has had enough of what is printed.
    pub(super) fn stream(
        mut self,
        mut take: impl FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), GitError> {
        let stdin = if self.input.is_empty() { Stdio::null() } else { Stdio::piped() };
        self.command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().map_err(GitError::NoProgram)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (stdin, stdout, stderr) = pipes;
        let child = Mutex::new(child);
        let (finished, timer) = mpsc::channel::<()>();
        let (name, input, seconds) = (self.name, self.input, self.seconds);
        thread::scope(|scope| {
            let watch = scope.spawn(|| end_when_late(&child, timer, seconds));
            if let Some(mut stdin) = stdin {
                // git may end before it has read everything; its exit code tells.
                scope.spawn(move || stdin.write_all(&input));
            }
            let complaint = scope.spawn(move || stderr.map(read_complaint).unwrap_or_default());
            let read = stdout.map_or(Ok(End::Closed), |stdout| read_all(stdout, &mut take));
            if !matches!(read, Ok(End::Closed)) {
                let _gone_already = lock(&child).kill();
            }
            let status = wait(&child);
            drop(finished);
            let late = watch.join().unwrap_or(false).then_some(seconds);
            let complaint = complaint.join().unwrap_or_default();
            conclude(name, late, read, status, &complaint)
        })
    }
}

/// How reading the output ended.
enum End {
    Closed,
    Enough,
    TooMuch,
}

fn read_all(
    mut stdout: impl Read,
    take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> io::Result<End> {
    let mut buffer = vec![0; 1 << 16];
    let mut total = 0_usize;
    loop {
        let length = match stdout.read(&mut buffer) {
            Ok(0) => return Ok(End::Closed),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        total += length;
        if total > MEGABYTES << 20 {
            return Ok(End::TooMuch);
        }
        if take(&buffer[..length]).is_break() {
            return Ok(End::Enough);
        }
    }
}

/// The beginning of standard error; the rest is read too, so that git never waits.
fn read_complaint(mut stderr: impl Read) -> String {
    let mut kept = Vec::new();
    let _cut_short = stderr.by_ref().take(COMPLAINT).read_to_end(&mut kept);
    let _cut_short = io::copy(&mut stderr, &mut io::sink());
    String::from_utf8_lossy(&kept).trim().to_owned()
}

/// Whether the child had to be ended.
fn end_when_late(child: &Mutex<Child>, timer: Receiver<()>, seconds: u64) -> bool {
    let late = timer.recv_timeout(Duration::from_secs(seconds)) == Err(RecvTimeoutError::Timeout);
    if late {
        let _gone_already = lock(child).kill();
    }
    // Kept until here: the sender must never find it gone.
    drop(timer);
    late
}

/// Waits without holding the lock, so that a late child can still be ended.
fn wait(child: &Mutex<Child>) -> io::Result<ExitStatus> {
    loop {
        if let Some(status) = lock(child).try_wait()? {
            return Ok(status);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

fn conclude(
    name: &'static str,
    late: Option<u64>,
    read: io::Result<End>,
    status: io::Result<ExitStatus>,
    complaint: &str,
) -> Result<(), GitError> {
    let command = name.to_owned();
    if let Some(seconds) = late {
        return Err(GitError::TimedOut { command, seconds });
    }
    let failed = |message: String| Err(GitError::Failed { command: name.to_owned(), message });
    match (read, status) {
        (Ok(End::TooMuch), _) => Err(GitError::TooMuch { command, megabytes: MEGABYTES }),
        (Ok(End::Enough), _) => Ok(()),
        (Err(error), _) | (_, Err(error)) => failed(error.to_string()),
        (Ok(End::Closed), Ok(status)) if status.success() => Ok(()),
        (Ok(End::Closed), Ok(status)) if complaint.is_empty() => failed(status.to_string()),
        (Ok(End::Closed), Ok(_)) => failed(first_line(complaint)),
    }
}

fn first_line(complaint: &str) -> String {
    let line = complaint.lines().next().unwrap_or_default();
    line.strip_prefix("fatal: ").or(line.strip_prefix("error: ")).unwrap_or(line).to_owned()
}
