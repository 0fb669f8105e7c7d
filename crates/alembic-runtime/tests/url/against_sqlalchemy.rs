//! The same thousands of texts through SQLAlchemy and through us.
//!
//! The number of texts can be set with `URL_TEXTS`.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use alembic_runtime::database_url::{DatabaseUrl, Secret};
use alembic_testing::Venv;
use serde_json::{Value, json};

const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/url/oracle.py");

/// What texts are put together from: the characters of the grammar, and what stands between them.
const PIECES: [&str; 48] = [
    "postgresql",
    "sqlite",
    "mysql",
    "+asyncpg",
    "+",
    "://",
    "://",
    "://",
    ":/",
    "//",
    ":",
    ":",
    "@",
    "@",
    "/",
    "/",
    "?",
    "?",
    "&",
    "=",
    "=",
    "#",
    "[",
    "]",
    "::1",
    "%40",
    "%2F",
    "%",
    "%zz",
    "%C3%A9",
    "%c3",
    "é",
    " ",
    "user",
    "pa$$word",
    "localhost",
    "db.example.com",
    "5432",
    "0",
    "65535",
    "host",
    "password",
    "app",
    ".",
    "-",
    "_",
    ":memory:",
    "\n",
];

struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((value ^ (value >> 31)) % limit as u64).expect("below a usize")
    }

    fn pieces(&mut self, limit: usize) -> String {
        (0..self.below(limit)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }

    fn one(&mut self, of: &[&str]) -> String {
        of[self.below(of.len())].to_owned()
    }

    /// A text that is nearly a URL.
    fn text(&mut self) -> String {
        if self.below(4) == 0 {
            return self.pieces(9);
        }
        let mut text = self.one(&[
            "postgresql",
            "postgresql+psycopg2",
            "mysql+pymysql",
            "sqlite",
            "a+b+c",
            "é_1",
        ]);
        text += "://";
        if self.below(2) == 0 {
            text += &(self.pieces(3) + &self.one(&[":", ""]) + &self.pieces(4) + "@");
        }
        text += &self.one(&["localhost", "[::1]", "[fe80::1%25eth0]", "", "10.0.0.1"]);
        text += &self.one(&[":5432", "", "", ":", ":x", ": 54_32 ", ":+1"]);
        if self.below(3) > 0 {
            text += &("/".to_owned() + &self.pieces(4));
        }
        if self.below(2) == 0 {
            text += &("?".to_owned()
                + &self.one(&["host=/run/x", "a=1&a=2&b", "x=&y=+%2B", ""])
                + &self.pieces(5));
        }
        text
    }
}

#[test]
fn every_part_is_what_sqlalchemy_makes_of_it() {
    let count = std::env::var("URL_TEXTS")
        .map_or(4_000, |text| text.parse().expect("URL_TEXTS is a number"));
    let mut chance = Chance(20_261_122);
    let texts: Vec<_> = (0..count).map(|_| chance.text()).collect();
    let answers = ask_sqlalchemy(&texts);
    let mut readable = 0;
    for (text, expected) in texts.iter().zip(&answers) {
        let port = &expected["port"];
        // Python takes any integer; no connection can be made to a port beyond these.
        let impossible =
            port.is_i64() && port.as_u64().is_none_or(|port| port > 65_535) || port.is_f64();
        match text.parse::<DatabaseUrl>() {
            Err(error) => {
                assert!(
                    expected.get("error").is_some() || impossible,
                    "{text:?}: {error}\n{expected}"
                );
            }
            Ok(url) => {
                readable += 1;
                let expected = without_shown(expected);
                assert_eq!(ours(&url), expected, "{text:?}");
            }
        }
    }
    assert!(readable * 2 > texts.len(), "only {readable} texts are URLs");
}

/// The masked form is compared where we hide no more than SQLAlchemy does.
fn without_shown(answer: &Value) -> Value {
    let mut answer = answer.clone();
    let more = ["host", "database"]
        .iter()
        .any(|part| answer[*part].as_str().is_some_and(|text| text.contains('@')))
        || answer["query"].as_object().is_some_and(|query| !query.is_empty());
    if more && let Some(fields) = answer.as_object_mut() {
        fields.remove("shown");
    }
    answer
}

fn ours(url: &DatabaseUrl) -> Value {
    let mut answer = json!({
        "name": url.drivername,
        "backend": url.backend_name(),
        "user": url.username,
        "password": url.password.as_ref().map(Secret::expose),
        "host": url.host,
        "port": url.port,
        "database": url.database,
        "query": url.query.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        "shown": url.to_string(),
        "full": url.render_with_password(),
    });
    let contains = |part: &Option<String>| part.as_ref().is_some_and(|text| text.contains('@'));
    if (contains(&url.host) || contains(&url.database) || !url.query.is_empty())
        && let Some(fields) = answer.as_object_mut()
    {
        fields.remove("shown");
    }
    answer
}

fn ask_sqlalchemy(texts: &[String]) -> Vec<Value> {
    let mut child = Command::new(Venv::find().python())
        .arg(ORACLE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the oracle starts");
    let mut input = child.stdin.take().expect("stdin is piped");
    // Python reads everything before it writes anything: no two pipes wait for each other.
    input
        .write_all(&serde_json::to_vec(texts).expect("texts are JSON"))
        .expect("the oracle reads its input");
    drop(input);
    let output = child.wait_with_output().expect("the oracle ends");
    assert!(output.status.success(), "the oracle failed: {}", output.status);
    serde_json::from_slice(&output.stdout).expect("the oracle answers in JSON")
}
