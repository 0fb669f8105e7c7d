//! `models`: the list, one table, what is not known, and how it fails.

use alembic_testing::{Output, Project, TestContext};
use insta::assert_snapshot;

use crate::context;

const MODELS: &str = "\
import os
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Owner(Base):
    __tablename__ = 'owners'
    id = Column(Integer, primary_key=True)
    name = Column(String(int(os.environ.get('LENGTH', '9'))), nullable=False)
    pets = relationship('Pet', back_populates='owner')


class Pet(Base):
    __tablename__ = 'pets'
    id = Column(Integer, primary_key=True)
    owner_id = Column(ForeignKey('owners.id', ondelete='CASCADE'), index=True)
    kind = Column(String(5), server_default='cat', comment='of the animal')
    owner = relationship('Owner', back_populates='pets')
";

fn shop() -> TestContext {
    let project = Project::from_letters("a <- b");
    project.write("models.py", MODELS);
    context(project)
}

fn run(arguments: &[&str]) -> Output {
    shop().run([&["models", "--base", "models:Base"], arguments].concat())
}

#[test]
fn a_line_for_each_table() {
    assert_snapshot!(run(&[]), @r#"
    exit: 0
    --- stdout
    owners  2 columns  models.Owner
    pets    3 columns  models.Pet
    --- stderr
    note: one thing is not known; `alembic-rs models --explain` says what and where
    "#);
}

#[test]
fn one_table_in_full() {
    assert_snapshot!(run(&["pets"]), @r#"
    exit: 0
    --- stdout
    pets
      models.Pet

      columns
        id        INTEGER     not null, primary key
        owner_id  INTEGER
        kind      VARCHAR(5)  default 'cat', -- of the animal

      keys and constraints
        primary key  (id)
        foreign key  (owner_id) -> owners (id) on delete cascade

      indexes
        ix_pets_owner_id  (owner_id)

      relationships
        Pet.owner  many to one  models.Owner
    --- stderr
    note: one thing is not known; `alembic-rs models --explain` says what and where
    "#);
}

#[test]
fn what_was_read_and_what_is_not_known() {
    assert_snapshot!(run(&["--explain"]), @r#"
    exit: 0
    --- stdout
    modules read: 1
      models  models.py

    taken for granted
      SQLAlchemy 2.1, the newest known
      SQLModel 0.0.50, the newest known
      Python 3.12, PostgreSQL, `TYPE_CHECKING` false, no environment variables
      the models of `models:Base`

    not known: 1 thing
      models.py:11  the type of the column is not known
                    column owners.name
    --- stderr
    "#);
}

#[test]
fn the_document() {
    let output = run(&["--json"]);
    assert_eq!((output.code(), output.stderr()), (Some(0), String::new()));
    let document: serde_json::Value = serde_json::from_str(&output.stdout()).expect("JSON");
    assert_eq!(document["version"], 1);
    assert_eq!(document["tables"][0]["columns"][1]["unknown"][0], "type");
    assert_eq!(document["problems"][0]["affects"][0], "column:owners.name");
    assert_eq!(document["classes"][1]["relationships"][0]["target"], "models.Owner");
}

#[test]
fn the_variable_names_a_base() {
    let context = shop();
    let output = context.invocation(["models"]).env("SQLALCHEMY_BASE", "models:Base").run();
    assert_eq!(output.code(), Some(0));
    assert!(output.stdout().starts_with("owners"), "{}", output.stdout());
}

#[test]
fn exit_codes() {
    assert_eq!(run(&["--strict"]).code(), Some(1));
    assert_snapshot!(run(&["dogs"]), @r#"
    exit: 2
    --- stdout
    --- stderr
      × there is no table `dogs` among the models
      help: `alembic-rs models` lists the tables
    "#);
    assert_snapshot!(shop().run(["models", "--base", "models:Bass"]), @r#"
    exit: 3
    --- stdout
    --- stderr
      × the models cannot be read: `models:Bass` names nothing
      help: name a base class or MetaData with `--base module:Name`
    "#);
    assert_snapshot!(shop().run(["models", "--base", "modules:Base"]), @r#"
    exit: 3
    --- stdout
    --- stderr
      × the models cannot be read: the module of `modules:Base` is not there
      help: modules are looked for in `prepend_sys_path`, here, and in `.venv`
    "#);
    assert_snapshot!(shop().run(["models", "--base", "models"]), @r#"
    exit: 3
    --- stdout
    --- stderr
      × the models cannot be read: `models` is no `module:Name`
      help: name a base class or MetaData with `--base module:Name`
    "#);
    assert_snapshot!(context(Project::empty()).run(["models"]), @r#"
    exit: 3
    --- stdout
    --- stderr
      × No 'script_location' key found in configuration.
      help: `alembic.ini` does not exist: name a configuration with `-c`, or create one with `init`
    "#);
}

#[test]
fn env_py_that_is_not_there() {
    let project = Project::from_letters("a");
    fs_err::remove_file(project.path("migrations/env.py")).ok();
    assert_snapshot!(context(project).run(["models"]), @r#"
    exit: 4
    --- stdout
    --- stderr
      × the models cannot be read: `{P}/migrations/env.py` cannot be read
      help: name a base class or MetaData instead, with `--base module:Name`
    "#);
}
