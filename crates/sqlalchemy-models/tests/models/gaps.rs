//! What is not known is left out, with file and line.

use insta::assert_snapshot;

use crate::{read_module, schema, shown};

#[test]
fn the_environment_is_not_guessed() {
    let found = schema(
        r#"
import os
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()
LENGTH = int(os.environ.get("LENGTH", "3"))

class T(Base):
    __tablename__ = "t"
    id = Column(Integer, primary_key=True)
    name = Column(String(LENGTH), index=bool(os.environ.get("INDEX")))

if os.environ.get("MORE"):
    class More(Base):
        __tablename__ = "more"
        id = Column(Integer, primary_key=True)
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    t
      id INTEGER not null pk
      name ?
      unknown ["indexes"]
    T is t
    models.py:7: the type of the column is not known ["column:t.name"]
    models.py:12: the arguments of a column are not known ["table:t"]
    models.py:12: the result of `bool()` is not known ["column:t.name"]
    models.py:14: the value is only known when the program runs ["*"]
    "#);
}

#[test]
fn a_broken_statement_spoils_itself_alone() {
    let found = schema(
        r#"
from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base
from nowhere import helper, Mixin

Base = declarative_base()

class Lost(Mixin, Base):
    __tablename__ = "lost"
    id = Column(Integer, primary_key=True)
    more = helper()

class Fine(Base):
    __tablename__ = "fine"
    id = Column(Integer, primary_key=True)

lazy import json

class Last(Base):
    __tablename__ = "last"
    id = Column(Integer, primary_key=True)
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    fine
      id INTEGER not null pk
    last
      id INTEGER not null pk
    lost
      id INTEGER not null pk
      unknown ["check_constraints", "columns", "exclude_constraints", "foreign_keys", "indexes", "primary_key", "unique_constraints"]
    Fine is fine
    Last is last
    Lost is lost
    models.py:4: the library `nowhere` is not here to be read ["class:models.Lost"]
    models.py:4: the library `nowhere` is not here to be read ["table:lost"]
    models.py:17: the statement could not be read: invalid syntax. Got unexpected token 'import' ["*"]
    "#);
}

#[test]
fn a_base_that_is_not_there_is_an_error() {
    for (text, message) in [
        ("x = 1\n", "`models:Base` names nothing"),
        ("Base = 1\n", "`models:Base` is no base class and no MetaData"),
    ] {
        assert_eq!(read_module(text).unwrap_err().to_string(), message);
    }
}

#[test]
fn a_key_that_may_be_one_is_null() {
    let found = schema(
        r#"
import os
from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()

class Pet(Base):
    __tablename__ = "pets"
    id = Column(Integer, primary_key=os.environ["KEY"] == "id")
"#,
    );
    let column = serde_json::to_value(&found.tables[0].columns[0]).unwrap();
    assert_eq!(column["primary_key"], serde_json::Value::Null);
    assert_eq!(column["unknown"], serde_json::json!(["primary_key", "nullable"]));
}
