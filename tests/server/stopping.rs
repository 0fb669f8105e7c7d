//! A server on a socket: streams, and an orderly end.

use std::time::{Duration, Instant};

use alembic_server::serve;
use alembic_testing::Revision;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::project::{client, letters, scripts};

/// What a plain HTTP/1.1 client gets for a request, up to the end of the connection.
async fn exchange(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn it_answers_on_a_socket_and_stops_when_it_is_asked_to() {
    let project = letters("a");
    let client = client(&project).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (stop, stopping) = mpsc::channel(1);
    let serving = tokio::spawn(serve(listener, client.app.clone(), stopping));
    let request =
        format!("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    assert!(exchange(port, &request).await.starts_with("HTTP/1.1 200"));
    // A request without a host, or with two, names none of ours.
    let request = "GET /healthz HTTP/1.0\r\n\r\n";
    assert!(exchange(port, request).await.contains(" 421 "));
    let twice = format!(
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    );
    assert!(!exchange(port, &twice).await.contains(" 200 "));
    let foreign = format!(
        "GET http://evil.example/healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    );
    assert!(!exchange(port, &foreign).await.contains(" 200 "));
    // A connection that stays open keeps nobody.
    let _idle = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let begun = Instant::now();
    stop.send(()).await.unwrap();
    serving.await.unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(3));
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
}

/// The first signal lets a run come to its end, the second cancels it.
#[tokio::test]
async fn a_run_is_waited_for_and_cancelled_at_the_second_request() {
    let body = "import time\n\ndef upgrade():\n    print('asleep')\n    time.sleep(60)\n\ndef downgrade():\n    pass\n";
    let project = scripts(&[Revision::new("a").body(body)]);
    let client = client(&project).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (stop, stopping) = mpsc::channel(1);
    let serving = tokio::spawn(serve(listener, client.app.clone(), stopping));
    let asked = serde_json::json!({ "command": "upgrade", "target": "head" });
    let confirm = client.post("/api/runs", asked.clone()).await.json()["confirm"].clone();
    let mut confirmed = asked.clone();
    confirmed["confirm"] = confirm;
    client.post("/api/runs", confirmed).await.is(202);
    let current = async || client.get("/api/runs/current").await.json()["run"]["state"].clone();
    tokio::time::sleep(Duration::from_secs(2)).await;
    stop.send(()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(current().await, "running");
    assert!(!serving.is_finished(), "it waits for the run");
    assert_eq!(client.post("/api/runs", asked).await.is(409).code(), "stopping");
    stop.send(()).await.unwrap();
    tokio::time::timeout(Duration::from_secs(20), serving).await.unwrap().unwrap().unwrap();
    assert_eq!(current().await, "cancelled");
}
