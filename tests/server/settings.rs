//! Settings, and read-only mode (S17, S23).

use alembic_server::ServerOptions;
use axum::http::Method;
use serde_json::json;

use crate::client::Client;
use crate::project::{letters, plain_client, source_without_python};

#[tokio::test]
async fn s23_settings_are_kept_in_a_file_of_their_own() {
    let project = letters("a");
    let file = project.home().join("config/alembic-rs/ui.json");
    let options = ServerOptions { settings_file: Some(file.clone()), ..ServerOptions::default() };
    let client = Client::new(source_without_python(&project), options.clone()).await;
    let shown = client.get("/api/settings").await.json();
    assert_eq!(
        shown["settings"],
        json!({ "theme": "dark", "rows_per_page": 100, "read_only": false, "time_display": "stored", "keep_history": true })
    );
    assert!(!file.exists(), "nothing is written before something is changed");
    let changed = json!({ "theme": "light", "rows_per_page": 50, "read_only": false, "time_display": "local", "keep_history": true });
    let answer = client.ask(Method::PUT, "/api/settings", Some(changed.clone())).await;
    assert_eq!(answer.is(200).json()["settings"], changed);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode =
            |path: &std::path::Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&file), 0o600);
        assert_eq!(mode(file.parent().unwrap()), 0o700);
    }
    let another = Client::new(source_without_python(&project), options).await;
    assert_eq!(another.get("/api/settings").await.json()["settings"], changed);
}

#[tokio::test]
async fn settings_that_make_no_sense_change_nothing() {
    let (_project, client) = plain_client().await;
    for settings in [
        json!({ "theme": "pink" }),
        json!({ "rows_per_page": 0 }),
        json!({ "rows_per_page": 1_000_000 }),
        json!({ "rows_per_page": -1 }),
        json!({ "font": "comic" }),
        json!(null),
    ] {
        client.ask(Method::PUT, "/api/settings", Some(settings)).await.is(422);
    }
    assert_eq!(client.get("/api/settings").await.json()["settings"]["theme"], "dark");
}

/// Everything that changes something is refused, whoever asks and however it was switched on.
#[tokio::test]
async fn s17_read_only_is_the_servers_own_affair() {
    let project = letters("a");
    let forced = ServerOptions { read_only: true, ..ServerOptions::default() };
    let client = Client::new(source_without_python(&project), forced).await;
    refuses_changes(&client).await;
    let off = json!({ "read_only": false });
    let answer = client.ask(Method::PUT, "/api/settings", Some(off)).await.json();
    assert_eq!(
        (&answer["settings"]["read_only"], &answer["read_only_forced"]),
        (&json!(true), &json!(true))
    );
    refuses_changes(&client).await;
    assert_eq!(client.get("/api/environment").await.json()["read_only"], true);

    let (_project, client) = plain_client().await;
    let on = json!({ "read_only": true });
    client.ask(Method::PUT, "/api/settings", Some(on)).await.is(200);
    refuses_changes(&client).await;
}

async fn refuses_changes(client: &Client) {
    let table = json!({ "schema": "public", "name": "pets" });
    for (path, body) in [
        ("/api/runs", json!({ "command": "upgrade", "target": "head" })),
        ("/api/runs", json!({ "command": "stamp", "target": "head", "confirm": "x" })),
        (
            "/api/data/edits",
            json!({ "edits": [{ "kind": "insert", "table": table, "values": [] }] }),
        ),
        ("/api/queries/explain", json!({ "sql": "DELETE FROM pets", "analyze": true })),
        ("/api/activity/1/cancel", json!(null)),
        ("/api/activity/1/terminate", json!(null)),
    ] {
        let answer = client.post(path, body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "read-only"), "{path}");
    }
}
