//! Starts the child that runs Alembic, stays with it to its end, and answers its code.
//!
//! How processes and signals go together (Unix):
//!
//! * The child is the leader of a process group of its own. So everything that it starts (`uv run` starts Python) can be
//!   reached at once, and a signal that arrives here is passed on exactly once: Ctrl-C on a terminal reaches this
//!   process's group alone, and from here the child's. When the child wants to read from the terminal it is given the
//!   terminal, as a shell does; then Ctrl-C reaches the child's group alone.
//! * No child outlives this process, however that ends. On Linux the kernel ends the child itself (`PR_SET_PDEATHSIG`),
//!   and everywhere a small shell that holds the other end of a pipe ends the group as soon as the pipe breaks. Where there
//!   is no `/bin/sh`, the first alone holds; on Windows neither does.
//! * The thread that starts the child waits for it too: the kernel's promise is bound to that thread, not to the process.
//!
//! Signals that the process was told to ignore (`nohup`) stay ignored, here and in the child.

use std::{
    future::Future,
    io,
    path::PathBuf,
    pin::pin,
    process::{Command, Stdio},
    time::{Duration, SystemTime},
};

use miette::Diagnostic;
use thiserror::Error;
use tokio::{sync::mpsc, time::Instant};

use super::command_line::CommandLine;

mod lines;
#[cfg(not(unix))]
#[path = "run/process_other.rs"]
mod process;
#[cfg(unix)]
mod process;
#[cfg(not(unix))]
#[path = "run/signals_other.rs"]
mod signals;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod watchdog;

pub use self::signals::Interruption;
use self::{
    lines::Readers,
    process::{Event, Process},
    signals::Signals,
};

/// How long a child that is asked to end may take, unless told otherwise.
const GRACE: Duration = Duration::from_secs(10);

/// Where the child's streams go.
#[derive(Debug)]
pub enum Streams {
    /// They are this process's own, untouched.
    Inherited,
    /// Nothing to read; what is written arrives line by line. A slow receiver slows the child down, a closed one does not
    /// stop it.
    Piped(mpsc::Sender<Line>),
}

/// A stream of the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A line that the child has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where.
    pub stream: Stream,
    /// When it was read.
    pub time: SystemTime,
    /// The line without its end; bytes that are no UTF-8 are replaced. A line beyond 64 KiB comes in pieces.
    pub text: String,
}

/// How to run.
#[derive(Debug)]
pub struct RunOptions {
    /// Where the streams go.
    pub streams: Streams,
    /// Are SIGINT, SIGTERM, SIGHUP, SIGQUIT and Ctrl-Z passed on to the child? A server cancels instead.
    pub forwards_signals: bool,
    /// Where the child runs; `None` is the current directory.
    pub current_dir: Option<PathBuf>,
    /// How long the child may run; `None` is as long as it likes.
    pub timeout: Option<Duration>,
    /// How long it may take to end when it is asked to; then it is killed.
    pub grace: Duration,
    /// Is a cancelled child interrupted, as by Ctrl-C, rather than terminated? Python then unwinds: it rolls back,
    /// closes its connection and says where it was.
    pub interrupts: bool,
}

impl RunOptions {
    /// No limit, 10 seconds to end, in the current directory; signals are passed on when the streams are inherited.
    pub fn new(streams: Streams) -> Self {
        let forwards_signals = matches!(streams, Streams::Inherited);
        Self {
            streams,
            forwards_signals,
            current_dir: None,
            timeout: None,
            grace: GRACE,
            interrupts: false,
        }
    }
}

/// Why the child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// By itself, or because of a signal from elsewhere.
    Itself,
    /// The run was cancelled.
    Cancelled,
    /// The time was up.
    TimedOut,
}

/// How the child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Its exit code; 128 and the signal's number when a signal ended it.
    pub code: u8,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Why.
    pub reason: Reason,
}

/// The child could not be run.
#[derive(Debug, Error, Diagnostic)]
#[non_exhaustive]
pub enum RunError {
    /// The program does not start.
    #[error("cannot run `{program}`: {error}")]
    #[diagnostic(help("name the python of the project's environment: `--python PATH`"))]
    NotStarted {
        /// The program.
        program: String,
        /// What the system said.
        error: io::Error,
    },
    /// The system did not say how the child ended.
    #[error("lost sight of `{program}`")]
    #[diagnostic(help(
        "look whether it still runs, then check the database's revision with `status`"
    ))]
    Lost {
        /// The program.
        program: String,
    },
}

/// Runs the command to its end. When `cancel` completes, the child's group gets SIGTERM (or SIGINT, if it is to be
/// interrupted), and SIGKILL after the grace period. Dropping the future kills the group at once.
///
/// Needs a tokio runtime with its I/O and time drivers. Handlers of signals that are passed on stay installed.
///
/// # Errors
///
/// When the program does not start.
pub async fn run(
    command: &CommandLine,
    options: RunOptions,
    cancel: impl Future<Output = ()>,
) -> Result<Ended, RunError> {
    let program = || command.program().to_string_lossy().into_owned();
    // Before the child is there: a signal in between must not end us alone.
    let signals = if options.forwards_signals { Signals::listen() } else { Signals::none() };
    let started = Process::start(prepare(command, &options), command.has_launcher()).await;
    let mut process =
        started.map_err(|error| RunError::NotStarted { program: program(), error })?;
    let readers = match options.streams {
        Streams::Piped(sender) => Readers::start(process.take_pipes(), sender),
        Streams::Inherited => Readers::none(),
    };
    let limits = Limits {
        timeout: options.timeout,
        grace: options.grace,
        interrupts: options.interrupts,
    };
    let ended = follow(&mut process, signals, limits, cancel).await;
    readers.finish().await;
    ended.ok_or_else(|| RunError::Lost { program: program() })
}

fn prepare(command: &CommandLine, options: &RunOptions) -> Command {
    let mut prepared = Command::new(command.program());
    prepared.args(command.arguments());
    prepared.envs(command.environment().iter().map(|(name, value)| (name, value)));
    if let Some(folder) = &options.current_dir {
        prepared.current_dir(folder);
    }
    if matches!(options.streams, Streams::Piped(_)) {
        prepared.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Else Python keeps what it prints until its end.
        prepared.env("PYTHONUNBUFFERED", "1");
    }
    prepared
}

#[derive(Clone, Copy)]
struct Limits {
    timeout: Option<Duration>,
    grace: Duration,
    interrupts: bool,
}

/// Passes signals on and keeps to the limits until the child has ended.
async fn follow(
    process: &mut Process,
    mut signals: Signals,
    limits: Limits,
    cancel: impl Future<Output = ()>,
) -> Option<Ended> {
    let mut cancel = pin!(cancel);
    let mut reason = Reason::Itself;
    let mut next = limits.timeout.map(|limit| Instant::now() + limit);
    loop {
        let is_ending = reason != Reason::Itself;
        tokio::select! {
            event = process.event() => match event? {
                Event::Ended { code, signal } => {
                    process.settle(is_ending, limits.grace).await;
                    return Some(Ended { code, signal, reason });
                }
                Event::Stopped(stop) => process.stopped(stop),
            },
            signal = signals.next() => process.forward(signal),
            () = &mut cancel, if !is_ending => {
                (reason, next) = (Reason::Cancelled, Some(Instant::now() + limits.grace));
                if limits.interrupts { process.interrupt() } else { process.terminate() }
            }
            () = at(next), if next.is_some() => {
                if is_ending {
                    next = None;
                    process.kill();
                } else {
                    (reason, next) = (Reason::TimedOut, Some(Instant::now() + limits.grace));
                    process.terminate();
                }
            }
        }
    }
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}
