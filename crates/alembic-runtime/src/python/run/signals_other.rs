//! Systems without signals: Ctrl-C reaches the child through the console, and nothing is passed on.

/// A signal; there is none.
pub(super) enum Signal {}

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
