//! The signals that are passed on to the child.

use nix::sys::signal::Signal;
use tokio::signal::unix::{self, SignalKind};

/// What is passed on. SIGTSTP is Ctrl-Z: the child is to stop with us.
const FORWARDED: [Signal; 5] =
    [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT, Signal::SIGTSTP];

/// Signals as they arrive.
pub(super) struct Signals(Vec<(Signal, unix::Signal)>);

impl Signals {
    /// None ever arrives.
    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    /// Takes the signals over from now on, except those that are ignored.
    pub(super) fn listen() -> Self {
        let ignored = ignored();
        let wanted =
            FORWARDED.into_iter().filter(|signal| ignored >> (*signal as u32 - 1) & 1 == 0);
        let listen = |signal: Signal| {
            let kind = SignalKind::from_raw(signal as i32);
            // It fails for signals that cannot be caught, which these can.
            Some((signal, unix::signal(kind).ok()?))
        };
        Self(wanted.filter_map(listen).collect())
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> Signal {
        std::future::poll_fn(|context| {
            for (signal, arrivals) in &mut self.0 {
                if let std::task::Poll::Ready(Some(())) = arrivals.poll_recv(context) {
                    return std::task::Poll::Ready(*signal);
                }
            }
            std::task::Poll::Pending
        })
        .await
    }
}

/// Waits for a signal that asks this process to end. From its making on, such signals end nothing by themselves.
pub struct Interruption(Signals);

impl Interruption {
    /// Takes the signals over. Needs a tokio runtime with its I/O driver.
    pub fn listen() -> Self {
        Self(Signals::listen())
    }

    /// Completes when the process is asked to end; the exit code that says so.
    pub async fn wait(&mut self) -> u8 {
        loop {
            let signal = self.0.next().await;
            if signal != Signal::SIGTSTP {
                return u8::try_from(128 + signal as i32).unwrap_or(u8::MAX);
            }
        }
    }
}

/// The signals that this process ignores, a bit for each (`SigIgn`). Only Linux tells without changing anything.
fn ignored() -> u64 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}
