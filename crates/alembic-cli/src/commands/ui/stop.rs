//! What makes the server stop.

use std::io;

use tokio::sync::mpsc;

/// Asks to stop at each SIGINT and SIGTERM.
#[cfg(unix)]
pub(super) fn on_signals(stop: &mpsc::Sender<()>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut arrivals = signal(kind)?;
        let stop = stop.clone();
        tokio::spawn(async move {
            while arrivals.recv().await.is_some() {
                // A server that is gone needs no asking.
                let _gone = stop.send(()).await;
            }
        });
    }
    Ok(())
}

/// Asks to stop at each Ctrl-C.
#[cfg(not(unix))]
pub(super) fn on_signals(stop: &mpsc::Sender<()>) -> io::Result<()> {
    let stop = stop.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            let _gone = stop.send(()).await;
        }
    });
    Ok(())
}
