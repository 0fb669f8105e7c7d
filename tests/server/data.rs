//! The data of a real PostgreSQL, through the API (S13, S17, S21).

use std::time::{Duration, Instant};

use alembic_server::{ServerOptions, serve};
use alembic_testing::{Postgres, PostgresDatabase, Project};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::client::Client;
use crate::project::{letters, on, source_without_python};

const TABLES: &str = "CREATE TABLE owners (id int PRIMARY KEY, name text NOT NULL);
    CREATE TABLE pets (id int PRIMARY KEY, name text, owner_id int REFERENCES owners, notes jsonb);
    INSERT INTO owners SELECT n, 'owner ' || n FROM generate_series(1, 10) n;
    INSERT INTO pets SELECT n, 'pet ' || n, 1 + n % 10, NULL FROM generate_series(1, 1000) n;
    ANALYZE";

/// A shop on a database of its own.
struct Shop {
    database: PostgresDatabase<'static>,
    project: Project,
}

impl Shop {
    fn open() -> Self {
        let database = Postgres::shared().database();
        database.sql(TABLES);
        let project = letters("a");
        on(&project, &database.url());
        Self { database, project }
    }

    async fn client(&self, read_only: bool) -> Client {
        let options = ServerOptions { read_only, ..ServerOptions::default() };
        Client::new(source_without_python(&self.project), options).await
    }
}

fn table(name: &str) -> Value {
    json!({ "schema": "public", "name": name })
}

#[tokio::test]
async fn catalogue_pages_values_and_counts() {
    let shop = Shop::open();
    let client = shop.client(false).await;
    assert_eq!(client.get("/api/environment").await.json()["browsable"], true);
    let server = client.get("/api/data/server").await.is(200).json();
    assert_eq!(
        (&server["database"], &server["is_superuser"]),
        (&json!(shop.database.name()), &json!(true))
    );
    let catalogue = client.get("/api/data/catalogue").await.is(200).text();
    assert!(catalogue.contains("\"pets\"") && catalogue.contains("\"owners\""));
    let pets = client.get("/api/data/tables/public/pets").await.is(200).text();
    assert!(pets.contains("owner_id"));
    assert_eq!(client.get("/api/data/tables/public/nope").await.is(404).code(), "unknown-table");

    let first =
        client.post("/api/data/page", json!({ "table": table("pets") })).await.is(200).json();
    assert_eq!(first["rows"].as_array().unwrap().len(), 100);
    assert_eq!(first["rows"][0]["cells"][0], "1");
    let next =
        json!({ "table": table("pets"), "position": { "at": "after", "cursor": first["next"] } });
    let next = client.post("/api/data/page", next).await.is(200).json();
    assert_eq!(next["rows"][0]["cells"][0], "101");
    let filtered = json!({
        "table": table("pets"),
        "filters": [{ "kind": "compare", "column": "name", "operator": "equal", "value": "pet 7" }],
    });
    let filtered = client.post("/api/data/page", filtered).await.is(200).json();
    assert_eq!(filtered["rows"].as_array().unwrap().len(), 1);
    let bad = json!({
        "table": table("pets"),
        "filters": [{ "kind": "compare", "column": "id", "operator": "equal", "value": "seven" }],
    });
    let refused = client.post("/api/data/page", bad).await;
    assert_eq!(refused.is(422).code(), "invalid-value");
    assert!(refused.json()["server"]["sqlstate"].as_str().is_some());

    let peek = json!({ "table": table("owners"), "key": [{ "column": "id", "value": "3" }] });
    let peek = client.post("/api/data/peek", peek).await.is(200).json();
    assert_eq!(peek["rows"][0]["cells"][1], "owner 3");
    let cell = json!({ "table": table("pets"), "row": first["rows"][0]["id"], "column": "name" });
    assert_eq!(client.post("/api/data/cell", cell).await.is(200).json()["value"], "pet 1");
    let count = json!({ "table": table("pets"), "kind": { "kind": "exact" } });
    assert_eq!(client.post("/api/data/count", count).await.is(200).json()["rows"], 1000);
}

#[tokio::test]
async fn edits_are_shown_then_done_and_conflicts_are_no_errors() {
    let shop = Shop::open();
    let client = shop.client(false).await;
    let page =
        client.post("/api/data/page", json!({ "table": table("pets"), "limit": 1 })).await.json();
    let row = &page["rows"][0]["id"];
    let edit = |name: &str| {
        let changes = json!([{ "column": "name", "value": { "kind": "text", "text": name } }]);
        json!({ "edits": [{ "kind": "update", "table": table("pets"), "row": row, "changes": changes }] })
    };
    let preview = client.post("/api/data/edits/preview", edit("Rex")).await.is(200).text();
    assert!(preview.contains("UPDATE") && preview.contains("Rex"), "{preview}");
    assert_eq!(shop.database.sql("SELECT name FROM pets WHERE id = 1"), "pet 1");
    let done = client.post("/api/data/edits", edit("Rex")).await.is(200).json();
    assert_eq!(done["outcome"], "applied");
    assert_eq!(shop.database.sql("SELECT name FROM pets WHERE id = 1"), "Rex");
    let conflict = client.post("/api/data/edits", edit("Tom")).await.is(200).json();
    assert_eq!(conflict["outcome"], "conflict");
    assert_eq!(shop.database.sql("SELECT name FROM pets WHERE id = 1"), "Rex");
}

/// Names that would be SQL are names, and values that would be SQL are values.
#[tokio::test]
async fn s13_names_are_quoted_and_values_bound() {
    let shop = Shop::open();
    let name = "we\"ird; drop table pets; -- é";
    shop.database
        .sql("CREATE TABLE \"we\"\"ird; drop table pets; -- é\" (\"a'b\" text PRIMARY KEY)");
    let client = shop.client(false).await;
    let value = "'); DROP TABLE pets; --";
    let insert = json!({ "edits": [{
        "kind": "insert", "table": table(name),
        "values": [{ "column": "a'b", "value": { "kind": "text", "text": value } }],
    }] });
    assert_eq!(client.post("/api/data/edits", insert).await.is(200).json()["outcome"], "applied");
    let filters =
        json!([{ "kind": "compare", "column": "a'b", "operator": "equal", "value": value }]);
    let page = json!({ "table": table(name), "filters": filters });
    let page = client.post("/api/data/page", page).await.is(200).json();
    assert_eq!(page["rows"][0]["cells"][0], value);
    assert_eq!(shop.database.sql("SELECT count(*) FROM pets"), "1000");
}

#[tokio::test]
async fn queries_plans_and_activity() {
    let shop = Shop::open();
    let client = shop.client(false).await;
    let run = async |sql: &str| {
        client.post("/api/queries", json!({ "id": "q-1", "query": { "sql": sql } })).await
    };
    let outcome = run("SELECT 1 AS one; SELECT nope").await.is(200).json();
    assert_eq!(outcome["results"][0]["rows"], json!([["1"]]));
    assert!(outcome["failure"]["error"]["message"].as_str().unwrap().contains("nope"));
    assert_eq!(
        run("INSERT INTO owners VALUES (11, 'new')").await.is(200).json()["failure"],
        Value::Null
    );
    assert_eq!(shop.database.sql("SELECT count(*) FROM owners"), "11");
    for id in ["", "a b", "../x", &"x".repeat(65)] {
        client
            .post("/api/queries", json!({ "id": id, "query": { "sql": "SELECT 1" } }))
            .await
            .is(422);
    }
    let explained =
        client.post("/api/queries/explain", json!({ "sql": "SELECT * FROM pets" })).await;
    assert!(explained.is(200).json()["plan"].as_str().unwrap().contains("Seq Scan"));
    // The status is asked on another connection than the activity: both are ours.
    client.get("/api/status").await;
    let activity = client.get("/api/activity").await.is(200).json();
    let sessions = activity["sessions"].as_array().unwrap().iter();
    let of_shop: Vec<_> =
        sessions.filter(|session| session["database"] == shop.database.name()).collect();
    assert!(of_shop.len() > 1, "{of_shop:?}");
    for session in of_shop {
        let is_ours = session["application_name"] == "alembic-rs ui";
        assert_eq!(session["is_own"], is_ours, "{session}");
    }
    assert_eq!(client.get("/api/activity/statements").await.is(200).json()["kind"], "unavailable");
    client.get("/api/activity/usage").await.is(200);
    let nobody = client.post("/api/activity/2147483647/cancel", json!(null)).await;
    assert_eq!(nobody.is(200).json()["found"], false);
}

/// How many sessions sleep in the database.
fn sleeping(shop: &Shop) -> String {
    shop.database.sql(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' \
         AND datname = current_database() AND pid <> pg_backend_pid()",
    )
}

async fn until_sleeping(shop: &Shop, number: &str) -> Duration {
    let begun = Instant::now();
    while sleeping(shop) != number {
        assert!(begun.elapsed() < Duration::from_secs(10), "{} sessions sleep", sleeping(shop));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s21_a_query_is_cancelled_by_its_name() {
    let shop = Shop::open();
    let client = std::sync::Arc::new(shop.client(false).await);
    let running = tokio::spawn({
        let client = client.clone();
        let query = json!({ "id": "sleep", "query": { "sql": "SELECT pg_sleep(999)", "timeout_ms": 600_000 } });
        async move { client.post("/api/queries", query).await.status.as_u16() }
    });
    until_sleeping(&shop, "1").await;
    client.delete("/api/queries/sleep").await.is(204);
    assert_eq!(running.await.unwrap(), 409);
    assert!(until_sleeping(&shop, "0").await < Duration::from_secs(2));
    client.delete("/api/queries/sleep").await.is(404);
}

/// A tab that is closed leaves nothing behind on the server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s21_a_closed_tab_cancels_its_query() {
    let shop = Shop::open();
    let token = "a secret of enough letters";
    let options = ServerOptions { token: Some(token.to_owned()), ..ServerOptions::default() };
    let client = Client::new(source_without_python(&shop.project), options).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopping) = mpsc::channel(1);
    let serving = tokio::spawn(serve(listener, client.app.clone(), stopping));
    let body = r#"{"id":"tab","query":{"sql":"SELECT pg_sleep(999)","timeout_ms":600000}}"#;
    let mut tab = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "POST /api/queries HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    tab.write_all(request.as_bytes()).await.unwrap();
    until_sleeping(&shop, "1").await;
    drop(tab);
    let gone = until_sleeping(&shop, "0").await;
    assert!(gone < Duration::from_secs(2), "{gone:?}");
    stop.send(()).await.unwrap();
    serving.await.unwrap().unwrap();
}

/// Read-only mode is the server's: whatever a request asks for, nothing is written.
#[tokio::test]
async fn s17_read_only_lets_no_writing_in() {
    let shop = Shop::open();
    let client = shop.client(true).await;
    let run = async |sql: &str| {
        let query = json!({ "id": "q", "query": { "sql": sql, "read_only": false } });
        client.post("/api/queries", query).await
    };
    assert_eq!(
        run("SELECT count(*) FROM pets").await.is(200).json()["results"][0]["rows"],
        json!([["1000"]])
    );
    for sql in [
        "DELETE FROM pets",
        "SELECT 1; DELETE FROM pets",
        "SET transaction_read_only = off; DELETE FROM pets",
        "COPY pets TO PROGRAM 'cat'",
        "WITH gone AS (DELETE FROM pets RETURNING 1) SELECT * FROM gone",
        "EXPLAIN ANALYZE DELETE FROM pets",
        "SELECT pg_advisory_lock(1)",
        "SELECT lo_create(0)",
        "ROLLBACK; DELETE FROM pets",
    ] {
        let answer = run(sql).await;
        let failed = answer.status.as_u16() == 403 || answer.json()["failure"] != Value::Null;
        assert!(failed, "{sql}: {}", answer.text());
    }
    // Browsing is read-only too, conditions in SQL included: whatever one does is rolled back.
    for condition in [
        "lo_create(0) > 0",
        "id IN (DELETE FROM pets RETURNING id)",
        "set_config('a.b', 'c', false) = 'c'",
    ] {
        let raw =
            json!({ "table": table("pets"), "filters": [{ "kind": "raw", "sql": condition }] });
        client.post("/api/data/page", raw).await;
    }
    for path in ["/api/data/page", "/api/data/count"] {
        let raw = json!({ "kind": "raw", "sql": "pg_advisory_lock(101) is null" });
        let mut body = json!({ "table": table("pets"), "filters": [raw] });
        if path.ends_with("count") {
            body["kind"] = json!({ "kind": "exact" });
        }
        let answer = client.post(path, body).await;
        assert_eq!(answer.is(403).code(), "not-read-only", "{path}");
    }
    assert_eq!(shop.database.sql("SELECT count(*) FROM pets"), "1000");
    assert_eq!(shop.database.sql("SELECT count(*) FROM pg_largeobject_metadata"), "0");
}

#[tokio::test]
async fn an_export_is_a_stream_that_is_fetched_once() {
    let shop = Shop::open();
    let client = shop.client(false).await;
    let export = json!({
        "source": { "kind": "table", "rows": { "table": table("pets") } },
        "format": { "kind": "csv", "header": true },
    });
    let ready = client.post("/api/exports", export).await.is(201).json();
    assert_eq!(ready["file_name"], "pets.csv");
    let path = ready["path"].as_str().unwrap();
    let file = client.get(path).await;
    assert_eq!(file.is(200).text().lines().count(), 1001);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"pets.csv\"");
    client.get(path).await.is(404);
    // What fails at once has an answer.
    let failing = json!({
        "source": { "kind": "query", "sql": "SELECT 1 / (2 - id) FROM pets ORDER BY id" },
        "format": { "kind": "csv", "header": true },
    });
    let ready = client.post("/api/exports", failing).await.is(201).json();
    let answer = client.get(ready["path"].as_str().unwrap()).await;
    assert_eq!(answer.is(422).json()["server"]["sqlstate"], "22012");
}
