//! Classes and tables.

use insta::assert_snapshot;

use crate::{schema, shown};

#[test]
fn a_class_is_a_table() {
    let found = schema(
        r#"
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, UniqueConstraint
from sqlalchemy.orm import declarative_base

Base = declarative_base(metadata=MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_N_name)s", "ix": "i_%(column_0_label)s"}))

class Pet(Base):
    __tablename__ = "pets"
    id = Column(Integer, primary_key=True)
    name = Column(String(10), nullable=False, index=True, server_default="it's")
    mother = Column(ForeignKey("pets.id"))
    __table_args__ = (UniqueConstraint("name", "mother"), {"comment": "all of them"})
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    pets
      id INTEGER not null pk
      name VARCHAR(10) not null default 'it''s'
      mother INTEGER
      fk ["mother"] -> pets ["id"]
      uq Some("uq_pets_name_mother") ["name", "mother"]
      ix Some("i_pets_name") ["name"] unique=false
    Pet is pets
    "#);
}

#[test]
fn columns_stand_in_the_order_of_the_table() {
    let found = schema(
        r#"
from sqlalchemy import Column, ForeignKey, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

class Base(DeclarativeBase):
    pass

class Named:
    note = Column(Text)
    @declared_attr
    def owner(cls):
        return Column(ForeignKey("owners.id"))
    late: Mapped[str]

class Owner(Named, Base):
    __tablename__ = "owners"
    bare: Mapped[int]
    plain = Column(Integer)
    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    owners
      id INTEGER not null pk
      plain INTEGER
      bare INTEGER not null
      note TEXT
      late VARCHAR not null
      owner INTEGER
      fk ["owner"] -> owners ["id"]
    Owner is owners
    "#);
}

#[test]
fn subclasses_share_or_join_tables() {
    let found = schema(
        r#"
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()

class Key:
    id = Column(Integer, primary_key=True)

class Animal(Key, Base):
    __tablename__ = "animals"
    kind = Column(String(9))

class Cat(Animal):
    lives = Column(Integer)

class Dog(Animal):
    __tablename__ = "dogs"
    id = Column(ForeignKey("animals.id"), primary_key=True)
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    animals
      kind VARCHAR(9)
      id INTEGER not null pk
      lives INTEGER
    dogs
      id INTEGER not null pk
      fk ["id"] -> animals ["id"]
    Animal is animals
    Cat is animals
    Dog is dogs
    "#);
}

#[test]
fn what_is_attached_later_counts() {
    let found = schema(
        r#"
from sqlalchemy import Column, Index, Integer, Table, func
from sqlalchemy.orm import declarative_base

Base = declarative_base()

class Pet(Base):
    __tablename__ = "pets"
    id = Column(Integer, primary_key=True)
    age = Column(Integer)
    by_age = Index("by_age", age.desc())

Pet.weight = Column(Integer)
Index("by_weight", Pet.weight, func.lower(Pet.age), unique=True)
for name in ("cats", "dogs"):
    Table(name, Base.metadata, Column("id", Integer, primary_key=True))
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    cats
      id INTEGER not null pk
    dogs
      id INTEGER not null pk
    pets
      id INTEGER not null pk
      age INTEGER
      weight INTEGER
      ix Some("by_age") ["age DESC"] unique=false
      ix Some("by_weight") ["weight", "lower(age)"] unique=true
    Pet is pets
    "#);
}

#[test]
fn an_annotated_column_brings_its_order() {
    let found = schema(
        r#"
from typing import Annotated, Optional
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

class Base(DeclarativeBase):
    type_annotation_map = {str: String(77)}

Key = Annotated[int, mapped_column(primary_key=True, sort_order=5)]

class Pet(Base):
    __tablename__ = "pets"
    id: Mapped[Key]
    first: Mapped[Key] = mapped_column(sort_order=-1)
    name: Mapped[Annotated[Optional[str], "any"]]
    age: MappedColumn[int]
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    pets
      first INTEGER not null pk
      name VARCHAR(77)
      age INTEGER not null
      id INTEGER not null pk
    Pet is pets
    "#);
}

#[test]
fn a_replaced_column_leaves_its_index() {
    let found = schema(
        r#"
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table
from sqlalchemy.orm import declarative_base

Base = declarative_base()
Table("links", Base.metadata, Column("a", Integer, index=True), Column("b", Integer, unique=True))
Table("links", Base.metadata, Column("a", BigInteger), Column("b", BigInteger), extend_existing=True)
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    links
      a BIGINT
      b BIGINT
      uq None ["b"]
      ix Some("ix_links_a") ["a"] unique=false
    "#);
}

#[test]
fn tables_leave_their_metadata_and_copies_are_no_secret() {
    let found = schema(
        r#"
from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.orm import declarative_base

Base = declarative_base()
gone = Table("gone", Base.metadata, Column("id", Integer, primary_key=True))
kept = Table("kept", Base.metadata, Column("id", Integer, primary_key=True))
Base.metadata.remove(gone)
kept.to_metadata(Base.metadata, name="copy")
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    kept
      id INTEGER not null pk
    models.py:9: the copy of a table is not known ["*"]
    "#);
}

#[test]
fn a_foreign_key_constraint_is_of_the_table_that_holds_it() {
    let found = schema(
        r#"
import os
from sqlalchemy import *
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declarative_base

Base = declarative_base()
one = Table("one", Base.metadata, Column("id", Integer, primary_key=True), Column("d", JSONB))
two = Table(
    "two",
    Base.metadata,
    Column("id", Integer, primary_key=bool(os.environ.get("KEY"))),
    Column("a", Integer),
    ForeignKeyConstraint(["a"], [one.c.id]),
)
Index("i", cast(one.c.d["k"].astext, Integer), one.c.d["k"].astext)
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    one
      id INTEGER not null pk
      d JSONB
      ix Some("i") ["CAST(d ->> 'k' AS INTEGER)", "(d ->> 'k')"] unique=false
    two
      id INTEGER
      a INTEGER
      fk ["a"] -> one ["id"]
      unknown ["primary_key"]
    models.py:12: the result of `bool()` is not known ["column:two.id"]
    models.py:12: whether a column is a primary key is not known ["table:two"]
    "#);
    assert_eq!(found.tables[1].columns[0].unknown, ["primary_key", "nullable"]);
}
