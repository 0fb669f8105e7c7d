//! Runs on a SQLite file, with real Alembic.

use alembic_server::ServerOptions;
use alembic_testing::{Project, Revision};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::stream::{lines, output, run, start, unconfirmed};
use crate::client::{Client, HOST};
use crate::project::{client, letters, scripts, source};

/// A revision whose upgrade prints a line each half second, three times.
fn slow() -> Project {
    let body = "import time\n\ndef upgrade():\n    for number in range(3):\n        print(f'tick {number}')\n\
                \x20       time.sleep(0.5)\n\ndef downgrade():\n    pass\n";
    scripts(&[Revision::new("a").body(body)])
}

/// A revision that sleeps, and says so.
fn sleepy() -> Project {
    let body = "import time\n\ndef upgrade():\n    print('going to sleep')\n    time.sleep(60)\n\n\
                def downgrade():\n    pass\n";
    scripts(&[Revision::new("a"), Revision::new("b").down(["a"]).body(body)])
}

#[tokio::test]
async fn up_down_and_stamp() {
    let project = letters("a <- b <- c");
    let client = client(&project).await;
    let (ended, events) = run(&client, "upgrade", "heads").await;
    assert_eq!(ended["state"], "succeeded", "{ended}\n{:?}", lines(&events));
    assert_eq!((&ended["exit_code"], &ended["to"]), (&json!(0), &json!(["c"])));
    assert_eq!(client.get("/api/status").await.json()["state"], "up-to-date", "at once");
    let graph = client.get("/api/graph").await.json();
    assert_eq!(graph["database"]["heads"], json!(["c"]));
    assert_eq!(graph["revisions"][0]["marks"], json!(["head", "current"]));

    let (ended, _) = run(&client, "downgrade", "-1").await;
    assert_eq!((&ended["state"], &ended["to"]), (&json!("succeeded"), &json!(["b"])));
    let (ended, events) = run(&client, "stamp", "a").await;
    assert_eq!((&ended["state"], &ended["to"]), (&json!("succeeded"), &json!(["a"])), "{ended}");
    assert_eq!(ended["command_line"], Value::Null);
    assert!(lines(&events).iter().any(|line| line.contains("stamp_revision b -> a")));
    let (ended, _) = run(&client, "downgrade", "base").await;
    assert_eq!((&ended["state"], &ended["to"]), (&json!("succeeded"), &json!([])));
    assert_eq!(client.get("/api/runs").await.json().as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn s19_a_run_needs_the_confirmation_of_its_own_plan() {
    let project = letters("a <- b <- c");
    let client = client(&project).await;
    let first = unconfirmed(&client, "upgrade", "a").await.json();
    assert_eq!(first["preview"]["plan"]["steps"][0]["revision"], "a");
    assert!(!project.path("test.db").exists(), "nothing ran");
    let ask = async |target: &str, confirm: &Value| {
        let body = json!({ "command": "upgrade", "target": target, "confirm": confirm });
        client.post("/api/runs", body).await
    };
    let confirm = &first["confirm"];
    for (target, confirm) in [("b", confirm), ("a", &json!("0123")), ("a", &json!(""))] {
        assert_eq!(ask(target, confirm).await.is(409).code(), "confirmation-stale");
    }
    let (ended, _) = run(&client, "upgrade", "a").await;
    assert_eq!(ended["state"], "succeeded");
    // The database has moved.
    assert_eq!(ask("a", confirm).await.is(409).code(), "confirmation-stale");
    // A script has changed.
    let next = unconfirmed(&client, "upgrade", "b").await.json();
    let path = fs_err::read_dir(project.path("migrations/versions")).unwrap();
    let script = path.map(|entry| entry.unwrap().path()).find(|path| {
        path.extension().is_some_and(|extension| extension == "py")
            && fs_err::read_to_string(path).unwrap().contains("revision = 'b'")
    });
    let script = script.expect("the script of b");
    let text = fs_err::read_to_string(&script).unwrap();
    fs_err::write(&script, format!("{text}\n# one more line\n")).unwrap();
    // At once: nothing that was known a moment ago counts.
    assert_eq!(ask("b", &next["confirm"]).await.is(409).code(), "confirmation-stale");
    // Another server's means nothing here.
    let other = crate::project::client(&project).await;
    let theirs = unconfirmed(&other, "upgrade", "b").await.json();
    assert_eq!(ask("b", &theirs["confirm"]).await.is(409).code(), "confirmation-stale");
}

/// A migration that prints each half second is seen to print each half second.
#[tokio::test]
async fn output_comes_as_it_is_written() {
    let project = slow();
    let client = client(&project).await;
    let id = start(&client, "upgrade", "head").await;
    let events = output(&client, &id).await.all().await;
    let ticks: Vec<_> = events
        .iter()
        .filter(|event| event.data["text"].as_str().is_some_and(|text| text.starts_with("tick")))
        .collect();
    assert_eq!(ticks.len(), 3, "{:?}", lines(&events));
    for pair in ticks.windows(2) {
        let apart = pair[1].at - pair[0].at;
        assert!((400..900).contains(&apart.as_millis()), "{apart:?}");
        let written =
            pair[1].data["time_ms"].as_u64().unwrap() - pair[0].data["time_ms"].as_u64().unwrap();
        assert!((400..900).contains(&written), "{written}");
    }
}

/// A second tab sees all of it, and a reload loses nothing.
#[tokio::test]
async fn s22_a_second_tab_sees_the_same_run_and_starts_none() {
    let project = slow();
    let client = client(&project).await;
    let id = start(&client, "upgrade", "head").await;
    let second = client.another().await;
    let current = second.get("/api/runs/current").await.json();
    assert_eq!(current["run"]["id"], json!(id));
    let refused = json!({ "command": "downgrade", "target": "base" });
    assert_eq!(second.post("/api/runs", refused).await.is(409).code(), "run-in-progress");
    let changes = second.get("/api/changes").await.json();
    assert_eq!((&changes["run"], &changes["running"]), (&json!(id), &json!(true)));

    let mut reloaded = output(&client, &id).await;
    let seen = reloaded.until_line("tick 0").await;
    drop(reloaded);
    let from = format!("/api/runs/{id}/output?after={}", seen.id);
    let rest = super::stream::Events::of(client.stream(&from).await).all().await;
    assert_eq!(rest[0].id, seen.id + 1);
    let whole = output(&second, &id).await.all().await;
    let ids: Vec<u64> = whole.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<_>>());
    assert!(lines(&whole).iter().any(|line| line == "tick 2"));
    assert_eq!(rest.len(), whole.len() - usize::try_from(seen.id).unwrap());

    // An id that never was is told of the end.
    let beyond = format!("/api/runs/{id}/output?after=999999");
    let beyond = super::stream::Events::of(client.stream(&beyond).await).all().await;
    assert_eq!(beyond.len(), 1);
    assert_eq!((beyond[0].kind.as_str(), beyond[0].id), ("end", whole.len() as u64));

    // What a browser sends by itself says the same.
    let request = Request::builder().uri(format!("/api/runs/{id}/output")).header("host", HOST);
    let bearer = request.header("last-event-id", (whole.len() - 1).to_string());
    let without_session = client.open(bearer.body(Body::empty()).unwrap()).await;
    assert_eq!(without_session.status(), 401);
}

#[tokio::test]
async fn a_run_is_cancelled() {
    let project = sleepy();
    let client = client(&project).await;
    let id = start(&client, "upgrade", "head").await;
    let mut events = output(&client, &id).await;
    events.until_line("going to sleep").await;
    let path = format!("/api/runs/{id}");
    assert_eq!(client.delete(&path).await.is(202).json()["state"], "cancelling");
    let rest = events.all().await;
    let ended = client.get(&path).await.json();
    assert_eq!(ended["state"], "cancelled", "{ended}");
    assert!(
        lines(&rest).iter().any(|line| line.contains("KeyboardInterrupt")),
        "Python unwinds: {:?}",
        lines(&rest)
    );
    let took = ended["ended_ms"].as_u64().unwrap() - ended["started_ms"].as_u64().unwrap();
    assert!(took < 20_000, "{took}");
    assert_eq!(client.delete(&path).await.is(409).code(), "run-ended");
    // The next one may start.
    unconfirmed(&client, "upgrade", "a").await;
}

#[tokio::test]
async fn a_migration_that_fails_shows_why() {
    let body =
        "def upgrade():\n    raise RuntimeError('the cat ate it')\n\ndef downgrade():\n    pass\n";
    let project = scripts(&[Revision::new("a").body(body)]);
    let client = client(&project).await;
    let (ended, events) = run(&client, "upgrade", "head").await;
    assert_eq!(
        (&ended["state"], &ended["exit_code"], &ended["to"]),
        (&json!("failed"), &json!(1), &json!([]))
    );
    assert!(lines(&events).iter().any(|line| line.contains("the cat ate it")));
}

#[tokio::test]
async fn nothing_runs_without_a_python() {
    let project = letters("a");
    let mut source = source(&project);
    source.python = Some("/nowhere/python".into());
    let client = Client::new(source, ServerOptions::default()).await;
    let body = json!({ "command": "upgrade", "target": "head" });
    assert_eq!(client.post("/api/runs", body).await.is(409).code(), "no-python");
    client.get("/api/runs/nope").await.is(404);
    client.get("/api/runs/nope/output").await.is(404);
    client.delete("/api/runs/nope").await.is(404);
    assert_eq!(client.get("/api/runs/current").await.json()["run"], Value::Null);
}
