//! The pet shop on a real PostgreSQL.

use std::path::Path;

use alembic_server::ServerOptions;
use alembic_testing::{Postgres, Project};
use serde_json::json;

use super::stream::{lines, run, unconfirmed};
use crate::client::Client;
use crate::project::{client, on, source};

fn petshop(url: &str) -> Project {
    let project = Project::from_fixture("petshop");
    on(&project, url);
    project
}

#[tokio::test]
async fn from_empty_to_the_heads_and_back() {
    let database = Postgres::shared().database();
    let project = petshop(&database.url());
    let client = client(&project).await;
    assert_eq!(client.get("/api/status").await.json()["state"], "unstamped");
    let (ended, events) = run(&client, "upgrade", "heads").await;
    assert_eq!(ended["state"], "succeeded", "{ended}\n{}", lines(&events).join("\n"));
    assert_eq!(client.get("/api/status").await.json()["state"], "up-to-date");
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert!(database.sql(tables).parse::<u32>().unwrap() > 4);
    let logged = lines(&events);
    assert!(logged.iter().filter(|line| line.contains("Running upgrade")).count() > 10);

    let (ended, events) = run(&client, "downgrade", "base").await;
    assert_eq!(ended["state"], "succeeded", "{ended}\n{}", lines(&events).join("\n"));
    assert_eq!(client.get("/api/status").await.json()["state"], "unstamped");
}

/// The command line holds the lock of the version table; so does a run of the page, and neither gets past the other.
#[tokio::test]
async fn a_run_waits_for_the_lock_and_gives_up() {
    use alembic_runtime::database::ConnectParts;
    use alembic_runtime::lock::{LockRequest, MigrationLock};
    use alembic_runtime::version_table::VersionTable;

    let database = Postgres::shared().database();
    let project = petshop(&database.url());
    let client = client(&project).await;
    let parts = ConnectParts::of(&database.url().parse().unwrap()).unwrap();
    let request =
        LockRequest { table: VersionTable::default(), key: None, wait: std::time::Duration::ZERO };
    let lock = MigrationLock::acquire(
        &parts,
        &alembic_runtime::database::ConnectOptions::default(),
        &request,
    )
    .await
    .unwrap();
    let (ended, _) = run(&client, "upgrade", "heads").await;
    assert_eq!((&ended["state"], &ended["error"]["code"]), (&json!("failed"), &json!("locked")));
    lock.release().await;
    assert_eq!(database.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
}

#[tokio::test]
async fn a_database_at_a_revision_that_nobody_knows() {
    let database = Postgres::shared().database();
    database.sql(
        "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); \
         INSERT INTO alembic_version VALUES ('0123456789ab')",
    );
    let project = petshop(&database.url());
    let client = client(&project).await;
    let status = client.get("/api/status").await.is(200).json();
    assert_eq!(status["state"], "unknown-revision");
    let body = json!({ "command": "upgrade", "target": "heads" });
    assert_eq!(client.post("/api/runs", body).await.is(409).code(), "unknown-revision");
    let graph = client.get("/api/graph").await.json();
    assert_eq!(graph["database"]["unknown"], json!(["0123456789ab"]));
}

#[tokio::test]
async fn a_dump_comes_first_when_it_is_asked_for() {
    let database = Postgres::shared().database();
    let project = petshop(&database.url());
    let folder = project.home().join("state/backups");
    let options = ServerOptions { backup_folder: Some(folder), ..ServerOptions::default() };
    let client = Client::new(source(&project), options).await;
    let preview = unconfirmed(&client, "upgrade", "05d9058b4714").await.json();
    assert_eq!(preview["preview"]["can_back_up"], true);
    let body = json!({
        "command": "upgrade", "target": "05d9058b4714", "confirm": preview["confirm"], "backup": true,
    });
    let id = client.post("/api/runs", body).await.is(202).json()["id"].as_str().unwrap().to_owned();
    let events = super::stream::output(&client, &id).await.all().await;
    let ended = client.get(&format!("/api/runs/{id}")).await.json();
    assert_eq!(ended["state"], "succeeded", "{ended}\n{}", lines(&events).join("\n"));
    let file = ended["backup"].as_str().unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs_err::metadata(Path::new(file)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    }
}
