//! What the child writes, line by line, read by a thread for each stream.

use std::{
    io::{BufRead, BufReader, Read},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, SystemTime},
};

use tokio::sync::mpsc;

use super::{Line, Stream};

/// The longest piece of a line, in bytes.
const LONGEST: u64 = 64 * 1024;
/// How long after the child's end its streams may stay open: a process that it left behind may hold them.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where lines go, until nobody waits for more.
type Listener = Arc<Mutex<Option<mpsc::Sender<Line>>>>;

/// The threads that read.
pub(super) struct Readers {
    listener: Listener,
    /// Closed when all of them have ended.
    done: mpsc::Receiver<()>,
}

impl Readers {
    /// None.
    pub(super) fn none() -> Self {
        Self { listener: Listener::default(), done: mpsc::channel(1).1 }
    }

    /// Reads the streams to their ends.
    pub(super) fn start(
        pipes: Vec<(Stream, Box<dyn Read + Send>)>,
        lines: mpsc::Sender<Line>,
    ) -> Self {
        let listener = Arc::new(Mutex::new(Some(lines)));
        let (working, done) = mpsc::channel(1);
        for (stream, pipe) in pipes {
            let (listener, working) = (Arc::clone(&listener), working.clone());
            thread::spawn(move || {
                read(stream, pipe, &listener);
                drop(working);
            });
        }
        Self { listener, done }
    }

    /// Waits until everything was read, not for ever. Then the channel is closed, even if a stream is not.
    pub(super) async fn finish(mut self) {
        let _late = tokio::time::timeout(PATIENCE, self.done.recv()).await;
        self.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

fn read(stream: Stream, pipe: Box<dyn Read + Send>, listener: &Listener) {
    let mut pipe = BufReader::new(pipe);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        match pipe.by_ref().take(LONGEST).read_until(b'\n', &mut bytes) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = String::from_utf8_lossy(line).into_owned();
        // When nobody listens any more, reading goes on: a full pipe would stop the child half way.
        let lines = listener.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(lines) = lines {
            let _gone = lines.blocking_send(Line { stream, time: SystemTime::now(), text });
        }
    }
}
