//! What the server says beside a result.
//!
//! The driver hands notices to `tracing` and to nothing else, so they are picked up there, while the future of one
//! statement is being polled.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    instrument::WithSubscriber as _,
    span::{Attributes, Id, Record},
};

use super::Notice;

/// The driver's target for notices.
const TARGET: &str = "sqlx::postgres::notice";
/// Notices of one statement that are kept.
const CAPACITY: usize = 1000;

/// Runs a future and collects the notices that come meanwhile.
pub(super) async fn collected<T>(future: impl Future<Output = T>) -> (T, Vec<Notice>) {
    let notices = Arc::new(Mutex::new(Vec::new()));
    let outcome = future.with_subscriber(Collector(Arc::clone(&notices))).await;
    let notices = std::mem::take(&mut *notices.lock().unwrap_or_else(PoisonError::into_inner));
    (outcome, notices)
}

struct Collector(Arc<Mutex<Vec<Notice>>>);

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == TARGET
    }

    fn event(&self, event: &Event<'_>) {
        if event.metadata().target() != TARGET {
            return;
        }
        let mut message = Message::default();
        event.record(&mut message);
        let severity = match *event.metadata().level() {
            tracing::Level::ERROR | tracing::Level::WARN => "WARNING",
            tracing::Level::INFO => "NOTICE",
            tracing::Level::DEBUG => "DEBUG",
            tracing::Level::TRACE => "INFO",
        };
        let mut notices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notices.len() < CAPACITY {
            notices.push(Notice { severity: severity.to_owned(), message: message.0 });
        }
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}
