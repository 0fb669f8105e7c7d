//! Serving, from the first request to an orderly end.

use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::{AppState, router};

/// How long connections may take to end when the server stops.
const DRAIN: Duration = Duration::from_secs(2);

/// Serves until somebody asks to stop: each message of `stop` is one such request.
///
/// The first lets a run that is going on come to its end, and pages go on seeing it; the second cancels the run. Then
/// streams end, connections are closed, and this returns.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    app: AppState,
    mut stop: mpsc::Receiver<()>,
) -> io::Result<()> {
    let mut stopping = app.shutdown.clone();
    let drained = async move {
        let _stopped = stopping.wait_for(|stop| *stop).await;
    };
    let ending = app.clone();
    let ended = async move {
        wait_for_the_end(&ending, &mut stop).await;
        ending.stop.send_replace(true);
        tokio::time::sleep(DRAIN).await;
    };
    let serving = axum::serve(listener, router(app)).with_graceful_shutdown(drained);
    tokio::select! {
        served = serving.into_future() => served,
        () = ended => Ok(()),
    }
}

async fn wait_for_the_end(app: &AppState, stop: &mut mpsc::Receiver<()>) {
    stop.recv().await;
    app.runs.close();
    let Some(run) = app.runs.latest().filter(|run| run.is_running()) else { return };
    tokio::select! {
        () = run.ended() => {}
        _again = stop.recv() => {
            run.cancel();
            run.ended().await;
        }
    }
}
