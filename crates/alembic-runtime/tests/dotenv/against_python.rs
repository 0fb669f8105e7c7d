//! Thousands of generated files through python-dotenv and through us.
//!
//! The rule for `A= # comment` came with python-dotenv 1.2.3: an older one would be no measure.

use std::{
    collections::BTreeMap,
    io::Write as _,
    process::{Command, Stdio},
};

use alembic_runtime::database_url::dotenv::Preference;
use alembic_testing::Venv;

const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dotenv/oracle.py");

const PIECES: [&str; 37] = [
    "A", "B", "USER", "export ", "export", "=", "=", "=", " ", " ", "\t", "\n", "\n", "\n", "\r\n",
    "\r", "'", "'", "\"", "\"", "#", " #", "\\", "\\n", "\\'", "\\\"", "$", "$$", "${A}",
    "${USER}", "${NO:-x}", "${", "}", "value", "é", "\u{a0}", "\u{1f}",
];

struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("below a usize")
    }

    fn text(&mut self) -> String {
        (0..self.below(24)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
}

#[test]
fn every_text_reads_as_python_dotenv_reads_it() {
    let mut chance = Chance(0x2026_1122);
    let texts: Vec<_> = (0..6_000).map(|_| chance.text()).collect();
    let mut child = Command::new(Venv::find().python())
        .arg(ORACLE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the oracle starts");
    let mut input = child.stdin.take().expect("stdin is piped");
    input
        .write_all(&serde_json::to_vec(&texts).expect("texts are JSON"))
        .expect("the oracle reads its input");
    drop(input);
    let output = child.wait_with_output().expect("the oracle ends");
    assert!(output.status.success(), "the oracle failed: {}", output.status);
    let answers: Vec<[BTreeMap<String, Option<String>>; 2]> =
        serde_json::from_slice(&output.stdout).expect("the oracle answers in JSON");
    for (text, [process, file]) in texts.iter().zip(answers) {
        let ours =
            |preference| super::read(text, preference).into_iter().collect::<BTreeMap<_, _>>();
        assert_eq!(ours(Preference::Process), process, "{text:?}");
        assert_eq!(ours(Preference::File), file, "{text:?}");
    }
}
