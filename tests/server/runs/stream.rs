//! Reading a run's output as a browser does.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Response;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::client::{Answer, Client};

/// Nothing here takes longer.
pub(super) const DEADLINE: Duration = Duration::from_mins(1);

/// One server-sent event, and when it arrived.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) id: u64,
    pub(super) kind: String,
    pub(super) data: Value,
    pub(super) at: Instant,
}

/// Events as they arrive.
pub(super) struct Events {
    body: axum::body::BodyDataStream,
    rest: String,
}

impl Events {
    pub(super) fn of(response: Response<Body>) -> Self {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), rest: String::new() }
    }

    /// The next event; `None` when the stream has ended.
    pub(super) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((block, _)) = self.rest.split_once("\n\n") {
                let (event, read) = (parse(block), block.len() + 2);
                self.rest.drain(..read);
                match event {
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            let piece = tokio::time::timeout(DEADLINE, self.body.next()).await.expect("in time")?;
            self.rest.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        }
    }

    /// Everything to the end.
    pub(super) async fn all(mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }

    /// Reads until a line holds the text.
    pub(super) async fn until_line(&mut self, text: &str) -> Event {
        loop {
            let event = self.next().await.expect("the line comes");
            if event.data["text"].as_str().is_some_and(|line| line.contains(text)) {
                return event;
            }
        }
    }
}

fn parse(block: &str) -> Option<Event> {
    let field = |name: &str| {
        block
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned))
    };
    let data = field("data")?;
    Some(Event {
        id: field("id").unwrap().parse().unwrap(),
        kind: field("event").unwrap(),
        data: serde_json::from_str(&data).unwrap(),
        at: Instant::now(),
    })
}

/// The text of all lines.
pub(super) fn lines(events: &[Event]) -> Vec<String> {
    let lines = events.iter().filter(|event| event.kind == "line");
    lines.map(|event| event.data["text"].as_str().unwrap().to_owned()).collect()
}

/// Asks for a run without confirming it.
pub(super) async fn unconfirmed(client: &Client, command: &str, target: &str) -> Answer {
    let answer = client.post("/api/runs", json!({ "command": command, "target": target })).await;
    assert_eq!(answer.is(409).code(), "confirmation-required", "{}", answer.text());
    answer
}

/// Asks for a run and confirms it; its id.
pub(super) async fn start(client: &Client, command: &str, target: &str) -> String {
    let confirm = unconfirmed(client, command, target).await.json()["confirm"].clone();
    let body = json!({ "command": command, "target": target, "confirm": confirm });
    let answer = client.post("/api/runs", body).await;
    answer.is(202).json()["id"].as_str().unwrap().to_owned()
}

/// Runs something to its end; the run and its events.
pub(super) async fn run(client: &Client, command: &str, target: &str) -> (Value, Vec<Event>) {
    let id = start(client, command, target).await;
    let events = output(client, &id).await.all().await;
    assert_eq!(events.last().unwrap().kind, "end");
    (client.get(&format!("/api/runs/{id}")).await.json(), events)
}

/// The output of a run from its beginning.
pub(super) async fn output(client: &Client, id: &str) -> Events {
    Events::of(client.stream(&format!("/api/runs/{id}/output")).await)
}
