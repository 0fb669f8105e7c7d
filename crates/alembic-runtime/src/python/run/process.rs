//! The child and its process group.

use std::{
    io::{self, Read},
    os::unix::process::CommandExt as _,
    process::{Child, Command},
    thread,
    time::Duration,
};

use nix::{
    errno::Errno,
    sys::{
        signal::{Signal, killpg},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::Pid,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use super::{
    Stream,
    terminal::{self, Terminal},
    watchdog::Watchdog,
};

/// How often a group is asked whether anybody is left in it.
const POLL: Duration = Duration::from_millis(10);

/// What happens to the child.
pub(super) enum Event {
    /// It ended; the code is 128 and more for a signal.
    Ended { code: u8, signal: Option<i32> },
    /// It was stopped.
    Stopped(Signal),
}

type Pipes = Vec<(Stream, Box<dyn Read + Send>)>;

/// A child that was started.
pub(super) struct Process {
    group: Pid,
    events: mpsc::UnboundedReceiver<Event>,
    pipes: Pipes,
    terminal: Option<Terminal>,
    has_launcher: bool,
    is_over: bool,
}

impl Process {
    /// Starts the child in a thread of its own, which waits for it too.
    pub(super) async fn start(mut command: Command, has_launcher: bool) -> io::Result<Self> {
        command.process_group(0);
        die_with_parent(&mut command, has_launcher);
        let (started, answer) = oneshot::channel();
        let (sender, events) = mpsc::unbounded_channel();
        let supervise = move || supervise(command, started, &sender);
        thread::Builder::new().name("alembic-child".to_owned()).spawn(supervise)?;
        let lost = |_| io::Error::other("the thread that starts it has ended");
        let (group, pipes) = answer.await.map_err(lost)??;
        let terminal = pipes.is_empty().then(Terminal::open).flatten();
        Ok(Self { group, events, pipes, terminal, has_launcher, is_over: false })
    }

    pub(super) fn take_pipes(&mut self) -> Pipes {
        std::mem::take(&mut self.pipes)
    }

    /// What happens next; `None` when nobody can tell.
    pub(super) async fn event(&mut self) -> Option<Event> {
        let event = self.events.recv().await;
        self.is_over |= !matches!(event, Some(Event::Stopped(_)));
        event
    }

    pub(super) fn forward(&mut self, signal: Signal) {
        if signal != Signal::SIGTSTP || terminal::has_shell() {
            self.signal(signal);
        }
    }

    /// Asks the group to end.
    pub(super) fn terminate(&mut self) {
        self.signal(Signal::SIGTERM);
        // A process that is stopped would not hear it.
        self.signal(Signal::SIGCONT);
    }

    /// Asks the group to end as Ctrl-C does.
    pub(super) fn interrupt(&mut self) {
        self.signal(Signal::SIGINT);
        self.signal(Signal::SIGCONT);
    }

    /// Ends the group.
    pub(super) fn kill(&mut self) {
        self.signal(Signal::SIGKILL);
    }

    /// The child was stopped: for want of the terminal, or because the user wants all of it stopped.
    pub(super) fn stopped(&mut self, signal: Signal) {
        if let Some(terminal) = &mut self.terminal {
            terminal.child_stopped(self.group, signal);
        }
    }

    /// Nothing of the group is left when this returns, as far as it belongs to the run: whoever holds a lock for the child
    /// must not let go of it before.
    pub(super) async fn settle(&mut self, is_ending: bool, grace: Duration) {
        if let Some(terminal) = &mut self.terminal {
            terminal.take_back();
        }
        if is_ending {
            self.signal(Signal::SIGKILL);
        } else if !self.has_launcher {
            // What env.py left running on purpose is its own affair.
            return;
        }
        let deadline = Instant::now() + grace;
        while self.is_inhabited() && Instant::now() < deadline {
            tokio::time::sleep(POLL).await;
        }
        self.signal(Signal::SIGKILL);
    }

    fn is_inhabited(&self) -> bool {
        // As the first process of a container we inherit orphans, which count until they are waited for.
        let orphans = Pid::from_raw(-self.group.as_raw());
        while let Ok(WaitStatus::Exited(..) | WaitStatus::Signaled(..)) =
            waitpid(orphans, Some(WaitPidFlag::WNOHANG))
        {}
        killpg(self.group, None) != Err(Errno::ESRCH)
    }

    fn signal(&self, signal: Signal) {
        // It may have ended by now.
        let _gone = killpg(self.group, signal);
    }
}

/// A run that is given up leaves nothing behind.
impl Drop for Process {
    fn drop(&mut self) {
        if !self.is_over {
            self.signal(Signal::SIGKILL);
        }
    }
}

/// Starts the child under a watchdog that is there before it.
fn spawn(mut command: Command) -> io::Result<(Child, Watchdog)> {
    let watchdog = Watchdog::start()?;
    watchdog.watch(&mut command)?;
    Ok((command.spawn()?, watchdog))
}

/// Starts the child, says so, and tells what happens to it until its end.
fn supervise(
    command: Command,
    started: oneshot::Sender<io::Result<(Pid, Pipes)>>,
    events: &mpsc::UnboundedSender<Event>,
) {
    let (mut child, watchdog) = match spawn(command) {
        Ok(spawned) => spawned,
        Err(error) => return drop(started.send(Err(error))),
    };
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("a process id fits"));
    let mut pipes = Pipes::new();
    pipes.extend(child.stdout.take().map(|pipe| (Stream::Stdout, Box::new(pipe) as _)));
    pipes.extend(child.stderr.take().map(|pipe| (Stream::Stderr, Box::new(pipe) as _)));
    if started.send(Ok((pid, pipes))).is_err() {
        // The run was given up in the meantime.
        let _gone = killpg(pid, Signal::SIGKILL);
    }
    while let Some(event) = next_event(pid) {
        let is_end = matches!(event, Event::Ended { .. });
        if is_end {
            drop(watchdog);
            let _nobody_listens = events.send(event);
            return;
        }
        let _nobody_listens = events.send(event);
    }
}

fn next_event(pid: Pid) -> Option<Event> {
    loop {
        match waitpid(pid, Some(WaitPidFlag::WUNTRACED)) {
            Ok(WaitStatus::Exited(_, code)) => {
                let code = u8::try_from(code & 0xff).expect("masked");
                return Some(Event::Ended { code, signal: None });
            }
            Ok(WaitStatus::Signaled(_, signal, _)) => {
                let number = signal as i32;
                let code = u8::try_from(128 + number).unwrap_or(u8::MAX);
                return Some(Event::Ended { code, signal: Some(number) });
            }
            Ok(WaitStatus::Stopped(_, signal)) => return Some(Event::Stopped(signal)),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return None,
        }
    }
}

/// Has the kernel end the child when the thread that started it ends.
#[cfg(target_os = "linux")]
fn die_with_parent(command: &mut Command, has_launcher: bool) {
    use nix::{sys::prctl, unistd};

    // uv and PDM pass SIGTERM on to their Python, and could not pass on SIGKILL.
    let signal = if has_launcher { Signal::SIGTERM } else { Signal::SIGKILL };
    let parent = unistd::getpid();
    let before_exec = move || {
        prctl::set_pdeathsig(signal)?;
        // A parent that ended before the call above will not end again: then the child goes at once.
        if unistd::getppid() == parent { Ok(()) } else { Err(Errno::ESRCH.into()) }
    };
    #[expect(unsafe_code, reason = "the closure runs between fork and exec")]
    // SAFETY: there only async-signal-safe functions may be called, and no memory allocated. The closure calls prctl and
    // getppid, which are bare system calls, and makes its errors from numbers.
    unsafe {
        command.pre_exec(before_exec);
    }
}

/// Other systems have no such promise: the watchdog does it.
#[cfg(not(target_os = "linux"))]
fn die_with_parent(_command: &mut Command, _has_launcher: bool) {}
