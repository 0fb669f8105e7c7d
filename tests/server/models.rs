//! What the API says of a project's models: the same as the command line, and as they are now.

use std::time::Duration;

use alembic_server::ServerOptions;
use alembic_testing::Project;

use crate::client::Client;
use crate::project::{letters, source_without_python};

const MODELS: &str = "\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Owner(Base):
    __tablename__ = 'owners'
    id: Mapped[int] = mapped_column(primary_key=True)
    pets: Mapped[list['Pet']] = relationship(back_populates='owner')


class Pet(Base):
    __tablename__ = 'pets'
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey('owners.id'))
    owner: Mapped[Owner] = relationship(back_populates='pets')
";

const ENV: &str = "\
from alembic import context
from models import Base
context.configure(url='sqlite://', target_metadata=Base.metadata)
";

async fn client() -> (Project, Client) {
    let project = letters("a <- b");
    project.write("models.py", MODELS.as_bytes());
    project.write("migrations/env.py", ENV.as_bytes());
    let client = Client::new(source_without_python(&project), ServerOptions::default()).await;
    (project, client)
}

#[tokio::test]
async fn the_document_of_the_command_line() {
    let (_project, client) = client().await;
    let models = client.get("/api/models").await.is(200).json();
    assert_eq!(models["version"], 1);
    let tables: Vec<_> = models["tables"].as_array().unwrap().iter().map(|t| &t["name"]).collect();
    assert_eq!(tables, ["owners", "pets"]);
    assert_eq!(models["classes"][1]["relationships"][0]["target"], "models.Owner");
    assert_eq!(models["problems"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_change_of_a_source_is_seen() {
    let (project, client) = client().await;
    let changes = client.get("/api/changes").await.is(200).json();
    assert!(changes["models"].is_null(), "nobody has asked for models");
    client.get("/api/models").await.is(200);
    let before = client.get("/api/changes").await.is(200).json();
    project.write("models.py", MODELS.replace("'pets'\n", "'animals'\n").as_bytes());
    tokio::time::sleep(Duration::from_millis(600)).await;
    let after = client.get("/api/changes").await.is(200).json();
    assert_ne!(before["models"], after["models"]);
    let models = client.get("/api/models").await.is(200).json();
    assert_eq!(models["tables"][0]["name"], "animals");
}

#[tokio::test]
async fn a_diagram_and_a_part_of_it() {
    let (_project, client) = client().await;
    let diagram = client.get("/api/diagram").await.is(200).json();
    assert_eq!(diagram["entities"].as_array().unwrap().len(), 2);
    let relation = &diagram["relations"][0];
    assert_eq!((&relation["child"], &relation["parent"]), (&1.into(), &0.into()));
    assert_eq!(relation["parents"], "exactly_one");
    let part = client.get("/api/diagram?focus=pets&depth=0").await.is(200).json();
    assert_eq!(part["entities"].as_array().unwrap().len(), 1);
    assert_eq!(client.get("/api/diagram?focus=cats").await.is(404).code(), "not-found");
    client.get("/api/diagram?nonsense=1").await.is(400);
}

#[tokio::test]
async fn files_for_other_programs() {
    let (_project, client) = client().await;
    for (format, beginning) in
        [("svg", "<svg "), ("mermaid", "erDiagram"), ("dot", "digraph"), ("dbml", "Table ")]
    {
        let file = client.get(&format!("/api/diagram/{format}")).await;
        file.is(200);
        assert!(file.text().starts_with(beginning), "{format}");
        assert!(file.header("content-disposition").starts_with("attachment"));
    }
    client.get("/api/diagram/exe").await.is(404);
}

#[tokio::test]
async fn models_that_cannot_be_read_say_why() {
    let (project, client) = client().await;
    project.write("migrations/env.py", b"from models import nothing_of_that_name\n");
    let models = client.get("/api/models").await.is(200).json();
    let problems = models["problems"].as_array().unwrap();
    assert!(problems.iter().any(|problem| problem["affects"][0] == "*"), "{problems:?}");
}
