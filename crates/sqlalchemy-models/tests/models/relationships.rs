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
    assert_snapshot!(shown(&found), @"");
}
