//! What a run has written, numbered, for any number of readers at once.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::response::sse::Event;
use futures_util::Stream;
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

/// How many bytes of output a run keeps; what comes first goes first.
const KEPT: usize = 8 << 20;

/// Server-sent events of a run.
pub(crate) type OutputEvents = Pin<Box<dyn Stream<Item = Result<Event, Infallible>> + Send>>;

/// Who wrote a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OutputStream {
    /// Alembic, to its standard output.
    Stdout,
    /// Alembic, to its standard error: its log lines.
    Stderr,
    /// alembic-rs.
    Note,
}

/// A line of output.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OutputLine {
    /// Who wrote it.
    pub stream: OutputStream,
    /// When it was read, in milliseconds since 1970.
    pub time_ms: u64,
    /// The line without its end.
    pub text: String,
}

/// A point in time in milliseconds since 1970.
pub(crate) fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// One event.
#[derive(Debug, Clone)]
struct Entry {
    kind: &'static str,
    data: Arc<str>,
}

/// All events of a run.
#[derive(Debug)]
pub(super) struct Output {
    log: Mutex<Log>,
    /// The id of the last event, for those who wait.
    last: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Log {
    entries: VecDeque<Entry>,
    /// How many events were dropped: ids begin at 1.
    dropped: u64,
    bytes: usize,
    is_over: bool,
}

impl Output {
    pub(super) fn new() -> Self {
        Self { log: Mutex::default(), last: watch::Sender::new(0) }
    }

    /// Adds an event; after an `end` none is taken.
    pub(super) fn push(&self, kind: &'static str, data: &impl Serialize) {
        let data = serde_json::to_string(data).expect("events are plain");
        let mut log = self.lock();
        if log.is_over {
            return;
        }
        log.is_over = kind == "end";
        log.bytes += data.len();
        log.entries.push_back(Entry { kind, data: data.into() });
        while log.bytes > KEPT && log.entries.len() > 1 {
            let first = log.entries.pop_front().expect("there is more than one");
            log.bytes -= first.data.len();
            log.dropped += 1;
        }
        let last = log.dropped + log.entries.len() as u64;
        drop(log);
        self.last.send_replace(last);
    }

    /// The event behind `id`, with its own id and how many were dropped in between; whether it is the end. Whoever
    /// claims to have seen what never was is told of the end.
    fn after(&self, id: u64) -> Next {
        let log = self.lock();
        let last = log.dropped + log.entries.len() as u64;
        let id = if log.is_over && id > last { last - 1 } else { id };
        let wanted = id.saturating_add(1).max(log.dropped + 1);
        let index = usize::try_from(wanted - log.dropped - 1).unwrap_or(usize::MAX);
        match log.entries.get(index) {
            Some(entry) => {
                Next::Entry { id: wanted, missed: wanted - id - 1, entry: entry.clone() }
            }
            None if log.is_over => Next::Over,
            None => Next::Later,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Next {
    Entry {
        id: u64,
        missed: u64,
        entry: Entry,
    },
    /// Nothing yet.
    Later,
    /// Nothing any more.
    Over,
}

/// What a reader has seen, and what it waits for.
struct Reader<T> {
    owner: T,
    seen: u64,
    last: watch::Receiver<u64>,
    stop: watch::Receiver<bool>,
}

/// The events behind `seen`, to the end or until the server stops.
pub(super) fn events<T>(owner: T, seen: u64, stop: watch::Receiver<bool>) -> OutputEvents
where
    T: AsRef<Output> + Send + 'static,
{
    let last = owner.as_ref().last.subscribe();
    let reader = Reader { owner, seen, last, stop };
    Box::pin(futures_util::stream::unfold(reader, async |mut reader| {
        let event = next(&mut reader).await?;
        Some((Ok(event), reader))
    }))
}

async fn next<T: AsRef<Output>>(reader: &mut Reader<T>) -> Option<Event> {
    loop {
        // Before looking, so that nothing that comes in between is slept through.
        reader.last.mark_unchanged();
        match reader.owner.as_ref().after(reader.seen) {
            Next::Entry { id, missed, entry } => {
                if missed > 0 {
                    reader.seen = id - 1;
                    let data = format!("{{\"missed\":{missed}}}");
                    return Some(
                        Event::default().id(reader.seen.to_string()).event("gap").data(data),
                    );
                }
                reader.seen = id;
                return Some(
                    Event::default().id(id.to_string()).event(entry.kind).data(&*entry.data),
                );
            }
            Next::Over => return None,
            Next::Later => {}
        }
        tokio::select! {
            changed = reader.last.changed() => changed.ok()?,
            _stopping = reader.stop.wait_for(|stop| *stop) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(output: &Output, text: &str) {
        output.push("line", &text);
    }

    #[test]
    fn a_reader_takes_up_where_it_was() {
        let output = Output::new();
        push(&output, "a");
        push(&output, "b");
        let Next::Entry { id, missed, entry } = output.after(1) else { panic!("there is one") };
        assert_eq!((id, missed, &*entry.data), (2, 0, "\"b\""));
        assert!(matches!(output.after(2), Next::Later));
        output.push("end", &"done");
        assert!(matches!(output.after(3), Next::Over));
        push(&output, "too late");
        assert!(matches!(output.after(3), Next::Over));
    }

    #[test]
    fn an_id_that_never_was_is_told_of_the_end() {
        let output = Output::new();
        push(&output, "a");
        assert!(matches!(output.after(u64::MAX), Next::Later));
        output.push("end", &"done");
        for never in [3, 999_999, u64::MAX] {
            let Next::Entry { id, missed, entry } = output.after(never) else { panic!("{never}") };
            assert_eq!((id, missed, entry.kind), (2, 0, "end"));
        }
        assert!(matches!(output.after(2), Next::Over));
    }

    #[test]
    fn what_is_too_much_is_dropped_and_said() {
        let output = Output::new();
        let long = "x".repeat(KEPT / 2);
        for _ in 0..5 {
            push(&output, &long);
        }
        let Next::Entry { id, missed, .. } = output.after(0) else { panic!("there is one") };
        assert_eq!((id, missed), (5, 4));
    }
}
