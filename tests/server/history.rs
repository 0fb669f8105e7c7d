//! The statements that were run, kept for the next time (S18, S23).

use alembic_server::ServerOptions;
use alembic_testing::{Postgres, Project};
use axum::http::Method;
use serde_json::{Value, json};

use crate::client::Client;
use crate::project::{letters, on, source_without_python};

async fn client(project: &Project) -> Client {
    let history_file = Some(project.home().join("state/alembic-rs/query-history.jsonl"));
    let options = ServerOptions { history_file, ..ServerOptions::default() };
    Client::new(source_without_python(project), options).await
}

async fn run(client: &Client, sql: &str) {
    let query = json!({ "id": "a", "query": { "sql": sql } });
    client.post("/api/queries", query).await.is(200);
}

async fn statements(client: &Client) -> Vec<String> {
    let history = client.get("/api/history").await.is(200).json();
    let all = history["statements"].as_array().unwrap().iter();
    all.map(|ran| ran["sql"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn s23_statements_outlive_the_server_in_a_file_of_their_own_without_passwords() {
    let database = Postgres::shared().database();
    let project = letters("a");
    on(&project, &database.url());
    let first = client(&project).await;
    run(&first, "SELECT 1").await;
    run(&first, "SELECT nonsense").await;
    run(&first, "SELECT 'ALTER ROLE x PASSWORD hidden'").await;

    let second = client(&project).await;
    assert_eq!(statements(&second).await, ["SELECT nonsense", "SELECT 1"]);
    let file = project.home().join("state/alembic-rs/query-history.jsonl");
    assert!(!fs_err::read_to_string(&file).unwrap().contains("hidden"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode =
            |path: &std::path::Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    }

    let other = Postgres::shared().database();
    on(&project, &other.url());
    assert_eq!(statements(&client(&project).await).await, [""; 0], "another database");
}

#[tokio::test]
async fn switching_it_off_forgets_everything_and_keeps_nothing() {
    let database = Postgres::shared().database();
    let project = letters("a");
    on(&project, &database.url());
    let client = client(&project).await;
    run(&client, "SELECT 1").await;
    client.ask(Method::PUT, "/api/settings", Some(json!({ "keep_history": false }))).await.is(200);
    run(&client, "SELECT 2").await;
    let history = client.get("/api/history").await.json();
    assert_eq!((&history["statements"], &history["is_kept"]), (&json!([]), &json!(false)));
    assert!(!project.home().join("state/alembic-rs/query-history.jsonl").exists());

    client.ask(Method::PUT, "/api/settings", Some(json!({}))).await.is(200);
    run(&client, "SELECT 3").await;
    assert_eq!(statements(&client).await, ["SELECT 3"]);
    client.delete("/api/history").await.is(204);
    assert_eq!(statements(&client).await, [""; 0]);
}

#[tokio::test]
async fn without_a_place_for_it_nothing_is_kept() {
    let database = Postgres::shared().database();
    let project = letters("a");
    on(&project, &database.url());
    let client = Client::new(source_without_python(&project), ServerOptions::default()).await;
    run(&client, "SELECT 1").await;
    let history = client.get("/api/history").await.json();
    let nothing =
        json!({ "statements": [], "is_kept": false, "file": Value::Null, "problem": Value::Null });
    assert_eq!(history, nothing);
}
