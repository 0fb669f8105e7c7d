//! What is read from small projects, and that no text makes the reader stop.

use std::path::Path;

use sqlalchemy_models::schema::Schema;
use sqlalchemy_models::{Options, read};

fn schema(models: &str) -> Schema {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("models.py"), models).unwrap();
    of(folder.path())
}

fn of(folder: &Path) -> Schema {
    let options = Options {
        roots: vec![folder.to_owned()],
        current: folder.to_owned(),
        bases: vec!["models:Base".into()],
        ..Options::default()
    };
    read(&options).unwrap()
}

#[test]
fn a_declarative_class_is_a_table() {
    let found = schema(
        "from sqlalchemy import Column, Integer, String, ForeignKey\nfrom sqlalchemy.orm import declarative_base\nBase = declarative_base()\nclass A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n    name = Column(String(10), nullable=False, index=True)\n    up = Column(ForeignKey('a.id'))\n",
    );
    assert_eq!(found.problems, []);
    let [table] = found.tables.as_slice() else { panic!("{found:?}") };
    let types: Vec<_> =
        table.columns.iter().map(|column| column.type_.as_deref().unwrap()).collect();
    assert_eq!(types, ["INTEGER", "VARCHAR(10)", "INTEGER"]);
    assert_eq!(table.indexes[0].name.as_deref(), Some("ix_a_name"));
    assert_eq!(table.foreign_keys[0].referred_table.as_deref(), Some("a"));
}

#[test]
fn the_environment_is_not_guessed() {
    let found = schema(
        "import os\nfrom sqlalchemy import Column, Integer, String\nfrom sqlalchemy.orm import declarative_base\nBase = declarative_base()\nN = int(os.environ.get('N', '3'))\nclass A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n    name = Column(String(N))\n",
    );
    assert_eq!(found.tables[0].columns[1].unknown, ["type"]);
    assert_eq!(found.problems[0].line, 5);
    assert_eq!(found.problems[0].affects, ["column:a.name"]);
}

#[test]
fn loops_recursion_and_growth_are_bounded() {
    for text in [
        "while True:\n    pass\nBase = 1\n",
        "def f():\n    return f()\nBase = f()\n",
        "x = 'a'\nfor i in range(100):\n    x = x + x\nBase = x\n",
        "Base = [1] * 10 ** 12\n",
        "x = [1]\nx.append(x)\nBase = str(x)\n",
        "import models\nfrom models import Base\n",
        "Base = [[i for i in range(10 ** 6)] for j in range(10 ** 6)]\n",
    ] {
        let found = schema(text);
        assert!(found.tables.is_empty(), "{text}");
        assert!(!found.problems.is_empty(), "{text}");
    }
}
