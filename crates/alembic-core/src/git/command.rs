//! One run of the `git` program: bounded in time and output, blind to
//! configuration.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::error::GitError;

/// How long a run may take whose answer is needed, in seconds.
const SECONDS: u64 = 60;

/// How long one may take whose answer is only good to have.
const SECONDS_FOR_FACTS: u64 = 10;

/// How much one run may print.
const MEGABYTES: usize = 256;

/// How much of standard error is kept.
const COMPLAINT: usize = 4096;

/// How much is read at a time, and how far reading may be ahead.
const CHUNK: usize = 1 << 16;
const CHUNKS_AHEAD: usize = 16;

/// How long to wait before asking again whether git has ended.
const POLL: Duration = Duration::from_millis(1);

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
const SETTINGS: [&str; 6] = [
    "core.fsmonitor=false",
    "core.quotePath=false",
    "diff.relative=false",
    "log.showSignature=false",
    "log.follow=false",
    "log.showRoot=true",
];

/// How long a run may take and how much it may print.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub(super) seconds: u64,
    pub(super) megabytes: usize,
}

/// A run of git that is about to start.
pub(super) struct GitCommand {
    command: Command,
    name: &'static str,
    input: Vec<u8>,
    seconds: u64,
    megabytes: usize,
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
        Self { command, name, input: Vec::new(), seconds: SECONDS, megabytes: MEGABYTES }
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

    /// Other limits, for a run whose output is used as it comes and not kept.
    pub(super) fn limits(mut self, limit: Limit) -> Self {
        (self.seconds, self.megabytes) = (limit.seconds, limit.megabytes);
        self
    }

    /// Path arguments are patterns, as in `:(top,glob)**/*.py`.
    pub(super) fn patterns(mut self) -> Self {
        self.command.env("GIT_LITERAL_PATHSPECS", "0");
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
    ///
    /// The pipes are served by threads of their own that nobody waits for: what git
    /// has started may keep them open after git itself was ended.
    pub(super) fn stream(
        mut self,
        mut take: impl FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), GitError> {
        let stdin = if self.input.is_empty() { Stdio::null() } else { Stdio::piped() };
        self.command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().map_err(GitError::NoProgram)?;
        if let Some(mut stdin) = child.stdin.take() {
            let input = std::mem::take(&mut self.input);
            // git may end before it has read everything; its exit code tells.
            thread::spawn(move || stdin.write_all(&input));
        }
        let output = read_aside(child.stdout.take());
        let complaint = read_aside(child.stderr.take());
        let mut run = Run {
            child,
            name: self.name,
            seconds: self.seconds,
            megabytes: self.megabytes,
            deadline: Instant::now() + Duration::from_secs(self.seconds),
        };
        let ended = run.follow(&output, &mut take);
        if !matches!(ended, Ok(End::Closed)) {
            // Reaped when this process ends, should the signal be slow.
            let _gone_already = run.child.kill();
            let _reaped = run.child.try_wait();
        }
        match ended? {
            End::Enough => Ok(()),
            End::Closed => run.conclude(&complaint),
        }
    }
}

/// How following the output ended.
enum End {
    Closed,
    Enough,
}

/// A started git.
struct Run {
    child: Child,
    name: &'static str,
    seconds: u64,
    megabytes: usize,
    deadline: Instant,
}

impl Run {
    fn follow(
        &self,
        output: &Receiver<Vec<u8>>,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<End, GitError> {
        let mut total = 0;
        loop {
            let chunk = match output.recv_timeout(self.time_left()) {
                Ok(chunk) => chunk,
                Err(RecvTimeoutError::Disconnected) => return Ok(End::Closed),
                Err(RecvTimeoutError::Timeout) => return Err(self.late()),
            };
            total += chunk.len();
            if total > self.megabytes << 20 {
                let command = self.name.to_owned();
                return Err(GitError::TooMuch { command, megabytes: self.megabytes });
            }
            if take(&chunk).is_break() {
                return Ok(End::Enough);
            }
        }
    }

    /// Waits for the exit code, which follows the end of the output at once.
    fn conclude(mut self, complaint: &Receiver<Vec<u8>>) -> Result<(), GitError> {
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if self.time_left().is_zero() => {
                    let _gone_already = self.child.kill();
                    return Err(self.late());
                }
                Ok(None) => thread::sleep(POLL),
                Err(error) => return Err(self.failed(error.to_string())),
            }
        };
        if status.success() {
            return Ok(());
        }
        let mut said = Vec::new();
        while let Ok(chunk) = complaint.recv_timeout(self.time_left()) {
            if said.len() < COMPLAINT {
                said.extend_from_slice(&chunk);
            }
        }
        let said = String::from_utf8_lossy(&said);
        let said = said.trim();
        Err(self.failed(if said.is_empty() { status.to_string() } else { first_line(said) }))
    }

    fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    fn late(&self) -> GitError {
        GitError::TimedOut { command: self.name.to_owned(), seconds: self.seconds }
    }

    fn failed(&self, message: String) -> GitError {
        GitError::Failed { command: self.name.to_owned(), message }
    }
}

/// What a pipe gives, read by a thread that runs ahead a little.
fn read_aside(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::sync_channel(CHUNKS_AHEAD);
    let Some(mut pipe) = pipe else { return receiver };
    thread::spawn(move || {
        let mut buffer = vec![0; CHUNK];
        loop {
            match pipe.read(&mut buffer) {
                Ok(0) => return,
                // Nobody listens any more.
                Ok(length) if sender.send(buffer[..length].to_vec()).is_err() => return,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    });
    receiver
}

fn first_line(complaint: &str) -> String {
    let line = complaint.lines().next().unwrap_or_default();
    line.strip_prefix("fatal: ").or(line.strip_prefix("error: ")).unwrap_or(line).to_owned()
}
