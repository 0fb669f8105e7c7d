//! The child on systems without process groups. It can be killed, not asked to end, and what it has started stays.

use std::{
    io::{self, Read},
    process::{Child, Command},
    time::Duration,
};

use super::{Stream, signals::Signal};

/// How often the child is asked whether it has ended.
const POLL: Duration = Duration::from_millis(10);

/// What happens to the child.
pub(super) enum Event {
    /// It ended.
    Ended { code: u8, signal: Option<i32> },
    /// Never: nothing stops here.
    Stopped(Signal),
}

/// A child that was started.
pub(super) struct Process {
    child: Child,
}

impl Process {
    pub(super) async fn start(mut command: Command, _has_launcher: bool) -> io::Result<Self> {
        Ok(Self { child: command.spawn()? })
    }

    pub(super) fn take_pipes(&mut self) -> Vec<(Stream, Box<dyn Read + Send>)> {
        let mut pipes = Vec::<(Stream, Box<dyn Read + Send>)>::new();
        pipes.extend(self.child.stdout.take().map(|pipe| (Stream::Stdout, Box::new(pipe) as _)));
        pipes.extend(self.child.stderr.take().map(|pipe| (Stream::Stderr, Box::new(pipe) as _)));
        pipes
    }

    pub(super) async fn event(&mut self) -> Option<Event> {
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => {
                    let code = status.code().unwrap_or(1);
                    // Codes of 32 bits: what does not fit is a failure all the same.
                    let code = u8::try_from(code).unwrap_or(u8::MAX);
                    return Some(Event::Ended { code, signal: None });
                }
                Ok(None) => tokio::time::sleep(POLL).await,
                Err(_) => return None,
            }
        }
    }

    pub(super) fn forward(&mut self, signal: Signal) {
        match signal {}
    }

    pub(super) fn terminate(&mut self) {
        self.kill();
    }

    pub(super) fn interrupt(&mut self) {
        self.kill();
    }

    pub(super) fn kill(&mut self) {
        let _gone = self.child.kill();
    }

    pub(super) fn stopped(&mut self, signal: Signal) {
        match signal {}
    }

    pub(super) async fn settle(&mut self, _is_ending: bool, _grace: Duration) {}
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
