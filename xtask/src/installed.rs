//! What a run has installed on this machine, for one line at its end.

use std::sync::{Mutex, PoisonError};

static INSTALLED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Notes something that was not there before.
pub(crate) fn note(what: impl Into<String>) {
    INSTALLED.lock().unwrap_or_else(PoisonError::into_inner).push(what.into());
}

/// The line.
pub(crate) fn line() -> String {
    let installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if installed.is_empty() {
        return "installed: nothing, everything was there".to_owned();
    }
    format!("installed: {}", installed.join("; "))
}
