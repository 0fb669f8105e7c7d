//! Ctrl-C and its relatives, while nothing but the demo itself is there to hear them.

use std::io;

/// Signals that end the demo.
pub(crate) struct Interrupt {
    #[cfg(unix)]
    signals: Vec<(u8, tokio::signal::unix::Signal)>,
}

#[cfg(unix)]
impl Interrupt {
    /// From now on a signal ends nothing by itself.
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        let wanted = [
            (1, SignalKind::hangup()),
            (2, SignalKind::interrupt()),
            (15, SignalKind::terminate()),
        ];
        let signals = wanted.map(|(number, kind)| Ok((number, signal(kind)?)));
        Ok(Self { signals: signals.into_iter().collect::<io::Result<_>>()? })
    }

    /// Waits for the next one; the exit code that goes with it.
    pub(crate) async fn next(&mut self) -> u8 {
        std::future::poll_fn(|context| {
            for (number, arrivals) in &mut self.signals {
                if arrivals.poll_recv(context).is_ready() {
                    return std::task::Poll::Ready(128 + *number);
                }
            }
            std::task::Poll::Pending
        })
        .await
    }
}

#[cfg(not(unix))]
impl Interrupt {
    /// From now on Ctrl-C ends nothing by itself.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for Ctrl-C; the exit code that goes with it.
    pub(crate) async fn next(&mut self) -> u8 {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        130
    }
}
