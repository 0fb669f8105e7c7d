//! Types and expressions.

use insta::assert_snapshot;

use crate::{schema, shown};

#[test]
fn types_are_those_of_postgresql() {
    let found = schema(
        r#"
import enum
from typing import Optional
from sqlalchemy import ARRAY, DECIMAL, JSON, Column, DateTime, Enum, Integer, Interval, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

class Kind(enum.Enum):
    big = 1
    small = 2

class Base(DeclarativeBase):
    pass

class Path(TypeDecorator):
    impl = String
    cache_ok = True

class T(Base):
    __tablename__ = "t"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    maybe: Mapped[Optional[float]]
    a = Column(ARRAY(String(3, collation="de_DE")))
    b = Column(JSON().with_variant(JSONB(), "postgresql"))
    c = Column(Path(40))
    d = Column(DECIMAL(5, 2))
    e = Column(DateTime(timezone=True))
    f = Column(Interval(second_precision=3))
    g = Column(Enum(Kind, native_enum=False))
    h = Column(Text(9))
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    t
      id INTEGER not null pk
      kind kind not null
      maybe DOUBLE PRECISION
      a VARCHAR(3)[] COLLATE "de_DE"
      b JSONB
      c VARCHAR(40)
      d DECIMAL(5, 2)
      e TIMESTAMP WITH TIME ZONE
      f INTERVAL (3)
      g VARCHAR(5)
      h TEXT(9)
    T is t
    "#);
}

#[test]
fn brackets_follow_the_precedence_of_operators() {
    let found = schema(
        r#"
from sqlalchemy import Boolean, CheckConstraint, Column, Integer, String, and_, case, func, not_, or_
from sqlalchemy.orm import declarative_base

Base = declarative_base()

class T(Base):
    __tablename__ = "t"
    id = Column(Integer, primary_key=True)
    n = Column(Integer)
    s = Column(String)
    b = Column(Boolean)
    __table_args__ = (
        CheckConstraint((n + 1) * 2 > 3, name="a"),
        CheckConstraint(or_(and_(n > 1, b), s.is_(None)), name="b"),
        CheckConstraint(not_(and_(b, n == 1)), name="c"),
        CheckConstraint(~s.in_(["x", "50%"]), name="d"),
        CheckConstraint(s + "x" == func.lower(s), name="e"),
        CheckConstraint(case((b, 1), else_=0) + n > 0, name="f"),
    )
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    t
      id INTEGER not null pk
      n INTEGER
      s VARCHAR
      b BOOLEAN
      ck Some("a") (n + 1) * 2 > 3
      ck Some("b") n > 1 AND b OR s IS NULL
      ck Some("c") NOT (b AND n = 1)
      ck Some("d") (s NOT IN ('x', '50%%'))
      ck Some("e") (s || 'x') = lower(s)
      ck Some("f") CASE WHEN b THEN 1 ELSE 0 END + n > 0
    T is t
    "#);
}

#[test]
fn literals_of_casts_and_texts_of_json_are_written_as_sqlalchemy_does() {
    let found = schema(
        r#"
from json import dumps
from typing import Annotated, Optional
from sqlalchemy import *
from sqlalchemy.orm import *

str5 = Annotated[str, 5]
named = Annotated[str5, mapped_column(index=True)]

class Base(DeclarativeBase):
    type_annotation_map = {str5: String(5)}

class T(Base):
    __tablename__ = "t"
    id = mapped_column(Integer, primary_key=True)
    n = mapped_column(Numeric, server_default=cast("1.5", Numeric(4, 2)))
    j = mapped_column(JSON, server_default=dumps({"k": [1, None], "é": "it's"}))
    a: Mapped[str5]
    b: Mapped[named]
    kept = relationship("T", collection_class=attribute_keyed_dict("a"), viewonly=True)
    up: Mapped[Optional[int]] = mapped_column(ForeignKey(id))
"#,
    );
    assert_snapshot!(shown(&found), @r#"
    t
      id INTEGER not null pk
      n NUMERIC default CAST(1.5 AS NUMERIC(4, 2))
      j JSON default '{"k": [1, null], "\u00e9": "it''s"}'
      a VARCHAR(5) not null
      b VARCHAR not null
      up INTEGER
      fk ["up"] -> t ["id"]
      ix Some("ix_t_b") ["b"] unique=false
    T is t
      kept -> models.T one_to_many list
    "#);
}
