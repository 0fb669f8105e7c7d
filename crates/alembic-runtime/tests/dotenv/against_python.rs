//! Thousands of generated files through python-dotenv and through us.
//!
//! The Python is the one that `ALEMBIC_RS_TEST_DOTENV_PYTHON` names, else `python3`; without python-dotenv the
//! recorded cases stand alone.

use std::{
    collections::BTreeMap,
    io::Write as _,
    process::{Command, Stdio},
};

use alembic_runtime::database_url::dotenv::Preference;

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
    let python =
        std::env::var("ALEMBIC_RS_TEST_DOTENV_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    // The rule for `A= # comment` came with 1.2.3: an older one is no measure.
    let new_enough = "import importlib.metadata as m, sys; \
                      sys.exit(tuple(map(int, m.version('python-dotenv').split('.')[:3])) < (1, 2, 3))";
    let available = Command::new(&python).args(["-c", new_enough]).stderr(Stdio::null()).status();
    if !available.is_ok_and(|status| status.success()) {
        eprintln!("skipped: `{python}` has no python-dotenv 1.2.3 or newer");
        return;
    }
    let mut chance = Chance(0x2026_1122);
    let texts: Vec<_> = (0..6_000).map(|_| chance.text()).collect();
    let mut child = Command::new(&python)
        .arg(ORACLE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
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
