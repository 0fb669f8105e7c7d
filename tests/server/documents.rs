//! What the API says of a project: the same as the command line, and as it is now.

use std::time::{Duration, Instant};

use alembic_server::ServerOptions;
use alembic_testing::{Postgres, Project, Revision};
use serde_json::{Value, json};

use crate::client::Client;
use crate::project::{client, letters, on, plain_client, scripts, source_without_python};

/// Longer than what is known may be old.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(600)).await;
}

#[tokio::test]
async fn a_project_without_its_database_file() {
    let (_project, client) = plain_client().await;
    let status = client.get("/api/status").await.is(200).json();
    assert_eq!(status["state"], "no-database");
    assert_eq!(status["project"]["revisions"], 2);
    let graph = client.get("/api/graph").await.is(200).json();
    let ids: Vec<_> = graph["revisions"].as_array().unwrap().iter().map(|r| &r["id"]).collect();
    assert_eq!(ids, ["b", "a"]);
    assert_eq!(graph["revisions"][0]["lane"], 0);
    assert_eq!(graph["database"], Value::Null);
    let environment = client.get("/api/environment").await.is(200).json();
    assert_eq!(environment["place"], "local");
    assert_eq!(
        (&environment["dialect"], &environment["browsable"]),
        (&json!("sqlite"), &json!(false))
    );
    for path in ["/api/data/server", "/api/data/catalogue", "/api/activity"] {
        assert_eq!(client.get(path).await.is(409).code(), "no-postgresql");
    }
}

#[tokio::test]
async fn a_revision_in_full() {
    let project = letters("a <- b, a <- c, b <- d, c <- d");
    let client = Client::new(source_without_python(&project), ServerOptions::default()).await;
    let detail = client.get("/api/revisions/a").await.is(200).json();
    let children: Vec<_> =
        detail["children"].as_array().unwrap().iter().map(|c| &c["id"]).collect();
    assert_eq!(children, ["b", "c"]);
    let source = detail["source"].as_str().unwrap();
    assert!(source.contains("revision = 'a'") || source.contains("revision = \"a\""), "{source}");
    assert!(!detail["path"].as_str().unwrap().starts_with('/'), "seen from the project");
    let missing = client.get("/api/revisions/nope").await;
    assert_eq!(missing.is(404).code(), "not-found");
}

#[tokio::test]
async fn a_broken_script_is_a_card_with_the_report_of_the_command_line() {
    let project = letters("a <- b");
    let client = Client::new(source_without_python(&project), ServerOptions::default()).await;
    client.get("/api/status").await.is(200);
    let broken = "revision = 'c'\ndown_revision = 'b'\ndef upgrade(:\n    pass\n";
    project.write("migrations/versions/c.py", broken.as_bytes());
    project.write("migrations/versions/d.py", b"revision = input()\ndown_revision = 'b'\n");
    settle().await;
    let status = client.get("/api/status").await;
    assert_eq!(status.is(409).code(), "scripts-broken");
    let problems = client.get("/api/problems").await.is(200).json();
    let errors = problems["errors"].as_array().unwrap();
    assert!(!errors.is_empty());
    let card = errors.last().unwrap();
    assert!(card["path"].as_str().unwrap().ends_with("d.py"), "{card}");
    assert_eq!(card["line"], 1);
    assert!(card["excerpt"]["text"].as_str().unwrap().contains("revision = input()"));
    assert!(card["report"].as_str().unwrap().contains("revision = input()"));
    assert!(card["help"].as_str().is_some());
    assert_eq!(client.get("/api/graph").await.is(409).json()["problems"], problems["errors"]);
    fs_err::remove_file(project.path("migrations/versions/c.py")).unwrap();
    fs_err::remove_file(project.path("migrations/versions/d.py")).unwrap();
    settle().await;
    client.get("/api/status").await.is(200);
    assert_eq!(client.get("/api/problems").await.json()["errors"], json!([]));
}

#[tokio::test]
async fn a_folder_without_a_project() {
    let project = Project::empty();
    let client = Client::new(source_without_python(&project), ServerOptions::default()).await;
    for path in ["/api/status", "/api/graph", "/api/plan?command=upgrade&target=head"] {
        assert_eq!(client.get(path).await.is(409).code(), "configuration-broken", "{path}");
    }
    assert_eq!(client.get("/api/problems").await.json()["errors"].as_array().unwrap().len(), 1);
    assert_eq!(client.get("/api/environment").await.is(200).json()["place"], "none");
    client.get("/api/changes").await.is(200);
    client.get("/api/versions").await.is(200);
}

/// What is done outside shows within three seconds without a reload.
#[tokio::test]
async fn changes_outside_show() {
    let project = letters("a <- b");
    let client = Client::new(source_without_python(&project), ServerOptions::default()).await;
    let before = client.get("/api/changes").await.json();
    project.add(&Revision::new("c").down(["b"]));
    settle().await;
    let after = client.get("/api/changes").await.json();
    assert_ne!(before["project"], after["project"]);
    assert_eq!(client.get("/api/status").await.json()["project"]["revisions"], 3);
}

#[tokio::test]
async fn a_plan_without_running_anything() {
    let project = letters("a <- b <- c");
    let client = client(&project).await;
    let preview = client.get("/api/plan?command=upgrade&target=heads").await.is(200).json();
    let steps: Vec<_> =
        preview["plan"]["steps"].as_array().unwrap().iter().map(|s| &s["revision"]).collect();
    assert_eq!(steps, ["a", "b", "c"]);
    let line = preview["command_line"].as_str().unwrap();
    assert!(line.ends_with("-m alembic upgrade heads"), "{line}");
    assert_eq!(preview["can_back_up"], false);
    assert_eq!(
        client.get("/api/plan?command=upgrade&target=nope").await.is(422).code(),
        "invalid-target"
    );
    client.get("/api/plan?command=upgrade").await.is(400);
    client.get("/api/plan?command=nope&target=head").await.is(400);
    assert!(!project.path("test.db").exists());
}

#[tokio::test]
async fn a_database_that_is_down_is_said_at_once() {
    let project = letters("a <- b");
    on(&project, "postgresql://postgres@127.0.0.1:1/nowhere");
    let client = Client::new(source_without_python(&project), ServerOptions::default()).await;
    let begun = Instant::now();
    let status = client.get("/api/status").await;
    assert_eq!(status.is(503).code(), "database-unreachable");
    assert!(status.json()["help"].as_str().unwrap().contains("start the database"));
    client.get("/api/graph").await.is(200);
    assert_eq!(
        client.get("/api/plan?command=upgrade&target=head").await.is(503).code(),
        "database-unreachable"
    );
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

/// The database may come and go while the page is open.
#[tokio::test]
async fn a_database_that_goes_and_comes_back() {
    let mut server = Postgres::start();
    let project = letters("a <- b");
    on(&project, &format!("postgresql://postgres@127.0.0.1:{}/postgres", server.port()));
    let client = Client::new(source_without_python(&project), ServerOptions::default()).await;
    assert_eq!(client.get("/api/status").await.is(200).json()["state"], "unstamped");
    let up = client.get("/api/changes").await.json();
    server.stop();
    settle().await;
    client.get("/api/status").await.is(503);
    assert_ne!(client.get("/api/changes").await.json()["database"], up["database"]);
    server.restart();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    client.get("/api/status").await.is(200);
    assert_eq!(client.get("/api/changes").await.json()["database"], up["database"]);
}

#[tokio::test]
async fn a_guess_is_looked_at_and_never_written_to() {
    let project = scripts(&[Revision::new("a")]);
    project.write("migrations/env.py", b"import settings\nurl = settings.url()\nrun(url)\n");
    let client = Client::new(source_without_python(&project), ServerOptions::default()).await;
    let status = client.get("/api/status").await.is(200).json();
    assert_eq!(status["url"]["proven"], false);
    let body = json!({ "command": "upgrade", "target": "head" });
    assert_eq!(client.post("/api/runs", body).await.is(409).code(), "database-guessed");
}

/// The URL may stand in a module that env.py imports, which may import another.
#[tokio::test]
async fn settings_that_env_py_imports_are_followed() {
    let project = letters("a <- b");
    let url = |name: &str| format!("URL = 'sqlite:///{}'\n", project.path(name).display());
    project.write("app/__init__.py", "");
    project.write("app/settings.py", "from app.parts import URL\n");
    project.write("app/parts.py", url("first.db"));
    project.write(
        "migrations/env.py",
        "from alembic import context
from sqlalchemy import create_engine
from app.settings import URL

with create_engine(URL).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
",
    );
    let client = Client::new(source_without_python(&project), ServerOptions::default()).await;
    let database = async || {
        let environment = client.get("/api/environment").await.is(200).json();
        environment["database"].as_str().unwrap_or_default().to_owned()
    };
    assert!(database().await.ends_with("first.db"), "{}", database().await);
    for name in ["second.db", "third.db"] {
        settle().await;
        project.write("app/parts.py", url(name));
        settle().await;
        assert!(database().await.ends_with(name), "{}", database().await);
    }
}
