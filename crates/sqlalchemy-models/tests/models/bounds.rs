//! No text makes the reader panic, loop, or take memory without bound.

use std::fmt::Write;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::{read_module, schema};

/// More than any of these texts may take in a debug build, on a machine with much else to do.
const PATIENCE: Duration = Duration::from_mins(3);

fn bounded(text: &str) {
    let start = Instant::now();
    let _any = read_module(text);
    assert!(start.elapsed() < PATIENCE, "{} s:\n{text}", start.elapsed().as_secs());
}

#[test]
fn loops_recursion_and_growth() {
    for text in [
        "while True:\n    pass\nBase = 1\n",
        "def f():\n    return f()\nBase = f()\n",
        "x = 'a'\nfor i in range(100):\n    x = x + x\nBase = x\n",
        "Base = [1] * 10 ** 12\n",
        "Base = ['a' * 1000000 for i in range(1000000)]\n",
        "Base = [[i for i in range(10 ** 6)] for j in range(10 ** 6)]\n",
        "Base = {i: i for i in range(10 ** 6)}\n",
        "Base = {i for i in range(10 ** 6)}\n",
        "Base = ''.join('ab' for i in range(10 ** 6)).replace('a', 'aaaaaaaa' * 1000)\n",
        "import re\nBase = re.sub('(a+)+$', '', 'a' * 5000 + 'b')\n",
    ] {
        bounded(text);
    }
}

#[test]
fn nesting_and_sharing() {
    for text in [
        "x = [1]\nx.append(x)\nBase = str(x)\n",
        "x = []\ny = [x]\nx.append(y)\nBase = x == y\n",
        "x = []\ny = [x]\nx.append(x)\nx.append(y)\ny.remove(y)\nx.remove(y)\nx.pop(0)\nBase = x\n",
        "s = set()\nt = {1}\ns.add(s)\ns.add(t)\ns.discard(t)\ns.update(s)\ns.discard(s)\nBase = s\n",
        "d = {}\ne = {1: d}\nd[d] = 1\nd[e] = 2\nd.update(d)\nd.pop(e)\nBase = d.get(d)\n",
        "x = 1\nfor i in range(10 ** 6):\n    x = [x]\nBase = 1\n",
        "x = 1\nfor i in range(10 ** 6):\n    x = lambda y=x: y\nBase = 1\n",
        "x = (1,)\nfor i in range(60):\n    x = (x, x)\nBase = str(x)\n",
        "x = (1,)\ny = (1,)\nfor i in range(60):\n    x = (x, x)\n    y = (y, y)\nBase = x == y\n",
        "from sqlalchemy import column\nx = column('a')\nfor i in range(10 ** 5):\n    x = x + x\nBase = x\n",
        "from typing import Optional\nX = int\nfor i in range(300):\n    X = Optional[X]\nBase = X\n",
    ] {
        bounded(text);
    }
    bounded(&format!("Base = {}1{}\n", "(".repeat(50_000), ")".repeat(50_000)));
    bounded(&format!("Base = {}\n", "1 + ".repeat(50_000) + "1"));
}

#[test]
fn definitions_in_a_ring() {
    bounded("import models\nfrom models import Base\n");
    bounded("class Base(Base):\n    pass\n");
    let found = schema(
        "from sqlalchemy import Column, ForeignKey\nfrom sqlalchemy.orm import declarative_base\nBase = declarative_base()\nclass A(Base):\n    __tablename__ = 'a'\n    id = Column(ForeignKey('b.id'), primary_key=True)\nclass B(Base):\n    __tablename__ = 'b'\n    id = Column(ForeignKey('a.id'), primary_key=True)\n",
    );
    assert_eq!(found.tables.len(), 2);
    assert_eq!(found.tables[0].columns[0].unknown, ["type"]);
}

#[test]
fn a_file_of_twenty_thousand_lines() {
    let mut text = String::from(
        "from sqlalchemy import Column, ForeignKey, Integer, String\nfrom sqlalchemy.orm import declarative_base, relationship\nBase = declarative_base()\n",
    );
    for number in 0..2000 {
        write!(text, "class T{number}(Base):\n    __tablename__ = 't{number}'\n    id = Column(Integer, primary_key=True)\n    up = Column(ForeignKey('t{}.id'))\n    a = Column(String(5), index=True)\n    b = Column(Integer, server_default='1')\n    c = Column(Integer)\n    d = Column(Integer)\n    e = Column(Integer)\n", number / 2).unwrap();
    }
    let start = Instant::now();
    let found = schema(&text);
    assert_eq!((found.tables.len(), found.problems.len()), (2000, 0));
    assert!(start.elapsed() < PATIENCE);
}

/// Pieces that programs are made of, and what does not belong together.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "class A(Base):",
        "class Base(DeclarativeBase): pass",
        "    __tablename__ = 'a'",
        "    id = Column(Integer, primary_key=True)",
        "    x: Mapped[int | None]",
        "    y: Mapped['A'] = relationship(back_populates='y')",
        "    @declared_attr",
        "    def f(cls): return Column(ForeignKey(cls.id))",
        "for i in range(3):",
        "while x:",
        "    x = [x]",
        "x = Base",
        "Base = declarative_base()",
        "from models import *",
        "from sqlalchemy import *",
        "from sqlalchemy.orm import *",
        "import models",
        "if x == y:",
        "else:",
        "try:",
        "except Exception:",
        "    pass",
        "    raise ValueError",
        "A.z = Column(String(x))",
        "t = Table('t', Base.metadata, Column('a', ForeignKey('t.a')))",
        "Index(None, t.c.a, A.id > 5)",
        "x = lambda y=x: y(y)",
        "x(x)",
        "del Base",
        "\t(",
        "]",
        "'''",
        "x = f'{x!r:>{x}}'",
        "x = {**x, 'a': x}",
        "x += x",
        "type(x, (Base,), {'__tablename__': x})",
        "setattr(Base, 'metadata', MetaData(schema=x))",
        "class A(A): x = A",
        "    return x",
        "yield x",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_program_has_an_end(pieces in prop::collection::vec(piece(), 0..30)) {
        let text = format!(
            "from sqlalchemy import *\nfrom sqlalchemy.orm import *\nBase = declarative_base()\n{}\n",
            pieces.join("\n")
        );
        bounded(&text);
    }

    #[test]
    fn any_text_has_an_end(text in "\\PC{0,200}") {
        bounded(&text);
    }
}
