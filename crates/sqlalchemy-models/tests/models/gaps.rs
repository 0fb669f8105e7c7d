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
    assert_snapshot!(shown(&found), @"");
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

class = 1

class Last(Base):
    __tablename__ = "last"
    id = Column(Integer, primary_key=True)
"#,
    );
    assert_snapshot!(shown(&found), @"");
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
