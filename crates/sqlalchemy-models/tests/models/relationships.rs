//! Relationships.

use insta::assert_snapshot;

use crate::{schema, shown};

#[test]
fn directions_follow_keys() {
    let found = schema(
        r#"
from sqlalchemy import Column, ForeignKey, Integer, Table
from sqlalchemy.orm import backref, declarative_base, relationship

Base = declarative_base()
link = Table("link", Base.metadata, Column("a", ForeignKey("nodes.id")), Column("b", ForeignKey("owners.id")))

class Owner(Base):
    __tablename__ = "owners"
    id = Column(Integer, primary_key=True)
    first_id = Column(ForeignKey("nodes.id"))
    first = relationship("Node", foreign_keys=[first_id])
    all = relationship("Node", secondary=link)
    profile = relationship("Profile", uselist=False, backref="owner")

class Profile(Base):
    __tablename__ = "profiles"
    id = Column(ForeignKey("owners.id"), primary_key=True)

class Node(Base):
    __tablename__ = "nodes"
    id = Column(Integer, primary_key=True)
    parent_id = Column(Integer, ForeignKey("nodes.id"))
    owner_id = Column(Integer)
    children = relationship("Node", backref=backref("parent", remote_side=[id]))
    owner = relationship("Owner", primaryjoin="foreign(Node.owner_id) == Owner.id")
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    link
      a INTEGER
      b INTEGER
      fk ["a"] -> nodes ["id"]
      fk ["b"] -> owners ["id"]
    nodes
      id INTEGER not null pk
      parent_id INTEGER
      owner_id INTEGER
      fk ["parent_id"] -> nodes ["id"]
    owners
      id INTEGER not null pk
      first_id INTEGER
      fk ["first_id"] -> nodes ["id"]
    profiles
      id INTEGER not null pk
      fk ["id"] -> owners ["id"]
    Node is nodes
      children -> models.Node one_to_many list
      owner -> models.Owner many_to_one one
      parent -> models.Node many_to_one one
    Owner is owners
      all -> models.Node many_to_many list
      first -> models.Node many_to_one one
      profile -> models.Profile one_to_many one
    Profile is profiles
      owner -> models.Owner many_to_one one
    "#);
}
