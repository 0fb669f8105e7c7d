//! The scripts of `--sql`, letter by letter what real Alembic writes.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use alembic_runtime::{
    dialect::{
        Dialect,
        sql::{SqlScript, Transactions, VersionSql},
    },
    version_table::VersionTable,
};
use alembic_testing::Venv;
use proptest::{
    strategy::{Strategy as _, ValueTree as _},
    test_runner::TestRunner,
};
use serde_json::{Value, json};

use crate::support::{delete, insert, update};

const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/database/sql_oracle.py");

/// Names worth a look: words that some dialect reserves, capitals, digits, marks.
const NAMES: &[&str] = &[
    "alembic_version",
    "Alembic",
    "user",
    "order",
    "table",
    "temp",
    "rank",
    "_x",
    "x$y",
    "$x",
    "1x",
    "a b",
    "a.b",
    "a-b",
    "Al\"x",
    "Al`x",
    "größe",
    "it's",
    "select",
    "SELECT",
    "main",
    "lateral",
    "index",
];

/// A version table, and what `context.configure` says of transactions.
struct Case {
    dialect: Dialect,
    table: VersionTable,
    transactional_ddl: Option<bool>,
    per_migration: bool,
}

fn ours(case: &Case) -> String {
    let sql = VersionSql::new(case.dialect, &case.table);
    let transactional_ddl =
        case.transactional_ddl.unwrap_or_else(|| case.dialect.has_transactional_ddl());
    let mut script = SqlScript::new(Transactions::new(transactional_ddl, case.per_migration));
    script.begin();
    script.statement(&sql.create());
    for changes in [&[insert("b"), update("a", "c")][..], &[delete("c")]] {
        script.begin_step();
        script.running("upgrade a -> b");
        for change in changes {
            script.statement(&sql.change(change));
        }
        script.commit_step();
    }
    script.statement(&sql.purge());
    script.commit();
    script.text().to_owned()
}

fn cases() -> Vec<Case> {
    let mut runner = TestRunner::deterministic();
    let random = "[a-zA-Z0-9_$ .é\"`]{1,6}";
    let random: Vec<String> = (0..60)
        .map(|_| random.new_tree(&mut runner).expect("nothing is filtered").current())
        .collect();
    let names: Vec<&str> = NAMES.iter().copied().chain(random.iter().map(String::as_str)).collect();
    let mut cases = Vec::new();
    for dialect in [Dialect::PostgreSql, Dialect::MySql, Dialect::Sqlite] {
        for (at, name) in names.iter().enumerate() {
            let schema = (at % 3 > 0).then(|| names[(at * 7 + 3) % names.len()].to_owned());
            let name = (*name).to_owned();
            cases.push(Case {
                dialect,
                table: VersionTable { name, schema, primary_key: at % 2 == 0 },
                transactional_ddl: [None, Some(true), Some(false)][at / 2 % 3],
                per_migration: at / 6 % 2 == 1,
            });
        }
    }
    cases
}

fn alembic(cases: &[Case]) -> Vec<String> {
    let told: Vec<Value> = cases
        .iter()
        .map(|Case { dialect, table, transactional_ddl, per_migration }| {
            json!({
                "dialect": dialect.name(),
                "name": table.name,
                "schema": table.schema,
                "pk": table.primary_key,
                "transactional_ddl": transactional_ddl,
                "per_migration": per_migration,
            })
        })
        .collect();
    let mut python = Command::new(Venv::find().python())
        .arg(ORACLE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the environment has a Python");
    let mut stdin = python.stdin.take().expect("it is piped");
    stdin.write_all(Value::from(told).to_string().as_bytes()).expect("the oracle reads all");
    drop(stdin);
    let output = python.wait_with_output().expect("the oracle ends");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("the oracle writes JSON")
}

#[test]
fn scripts_are_what_alembic_writes() {
    let cases = cases();
    let alembic = alembic(&cases);
    assert_eq!(alembic.len(), cases.len());
    for (case, alembic) in cases.iter().zip(alembic) {
        assert_eq!(ours(case), alembic, "{} {:?}", case.dialect, case.table);
    }
}
