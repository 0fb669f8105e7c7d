//! Systems without signals: Ctrl-C reaches the child through the console, and nothing is passed on.

/// A signal; there is none.
pub(super) enum Signal {}

/// Waits until Ctrl-C asks this process to end. From its making on, that ends nothing by itself.
pub struct Interruption(());

impl Interruption {
    /// Takes Ctrl-C over. Needs a tokio runtime.
    pub fn listen() -> Self {
        Self(())
    }

    /// Completes when the process is asked to end; the exit code that says so.
    pub async fn wait(&mut self) -> u8 {
        match tokio::signal::ctrl_c().await {
            Ok(()) => 130,
            Err(_) => std::future::pending().await,
        }
    }
}

/// None ever arrives.
pub(super) struct Signals;

impl Signals {
    pub(super) fn none() -> Self {
        Self
    }

    pub(super) fn listen() -> Self {
        Self
    }

    pub(super) async fn next(&mut self) -> Signal {
        std::future::pending().await
    }
}
