//! Replicas that start at once: each revision runs once, and all of them succeed.

use std::process::Child;

use alembic_testing::Postgres;

use crate::shop::Shop;

/// How many start at once.
const REPLICAS: usize = 10;

/// How often, unless `ALEMBIC_RS_TEST_ROUNDS` says otherwise.
const ROUNDS: usize = 2;

#[test]
fn ten_at_once_on_an_empty_database() {
    let rounds = std::env::var("ALEMBIC_RS_TEST_ROUNDS").ok();
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let lines: Vec<usize> = (1..=rounds).map(round).collect();
    assert_eq!(lines, vec![17; rounds]);
    eprintln!("{rounds} rounds out of {rounds}: {REPLICAS} replicas, each revision once");
}

/// Whoever comes second stamps what the first has left: there is never a row of each.
#[test]
fn two_stamps_at_once() {
    let database = Postgres::shared().database();
    let shop = Shop::letters("a <- b", database.url());
    for round in 0..2 * ROUNDS {
        let stamps = ["stamp a", "stamp b"].map(|line| shop.command_line(line).spawn().unwrap());
        for stamp in stamps {
            let output = stamp.wait_with_output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(0), "round {round}: {said}");
        }
        assert_eq!(database.sql("SELECT count(*) FROM alembic_version"), "1");
        // By turns a table that is not there, and an empty one.
        let undo = ["DELETE FROM alembic_version", "DROP TABLE alembic_version"];
        database.sql(undo[round % 2]);
    }
}

/// How many revisions ran, in all the replicas together.
fn round(number: usize) -> usize {
    let database = Postgres::shared().database();
    let shop = Shop::petshop(database.url());
    let start = |_| shop.command_line("upgrade head --lock --wait 10s").spawn().unwrap();
    let replicas: Vec<Child> = (0..REPLICAS).map(start).collect();
    let mut ran = 0;
    for replica in replicas {
        let output = replica.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "round {number}: {said}");
        ran += said.matches("Running upgrade").count();
    }
    assert_eq!(database.sql("SELECT version_num FROM alembic_version"), "873addc1221e");
    ran
}
