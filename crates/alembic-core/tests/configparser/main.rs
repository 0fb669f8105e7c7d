//! The ini reader against Python's configparser, over thousands of generated files.
//!
//! It needs `python3` on PATH and never skips: without Python the proof does not exist. The seed can be set with
//! `CONFIGPARSER_SEED`, the number of files with `CONFIGPARSER_FILES`.

mod generator;

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use alembic_core::config::{ConfigError, Outcome, ini::IniFile};
use serde_json::{Value, json};

const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/configparser/oracle.py");
/// Sentences of configparser change between versions of Python; these are the ones that are reimplemented.
const SENTENCES_OF: [u64; 2] = [3, 11];

#[test]
fn reads_what_pythons_configparser_reads() {
    let seed = number("CONFIGPARSER_SEED", 20_240_607);
    let count = number("CONFIGPARSER_FILES", 3_000);
    let mut chance = generator::Chance::new(seed);
    let texts = (0..count).map(|_| generator::file(&mut chance)).collect::<Vec<_>>();
    let python = ask_python(&texts);
    let with_sentences = python["version"] == json!(SENTENCES_OF);
    let answers = python["answers"].as_array().expect("a list of answers");
    assert_eq!(answers.len(), texts.len());
    let (mut readable, mut failing) = (0, 0);
    for (text, expected) in texts.iter().zip(answers) {
        let expected = comparable(expected.clone(), with_sentences);
        let actual = comparable(ours(text), with_sentences);
        assert!(
            actual == expected,
            "seed {seed}, file {text:?}\npython: {expected:#}\nours:   {actual:#}"
        );
        readable += usize::from(expected.get("error").is_none());
        failing += usize::from(expected.to_string().contains("Interpolation"));
    }
    // Files that all fail alike would prove nothing.
    assert!(readable * 4 > texts.len(), "only {readable} files are readable");
    assert!(failing * 20 > texts.len(), "only {failing} interpolations fail");
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect(variable))
}

fn ask_python(texts: &[String]) -> Value {
    let mut python = Command::new("python3")
        .args(["-I", ORACLE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect(
            "this test compares with Python's configparser: install python3 and have it on PATH",
        );
    let mut input = python.stdin.take().expect("stdin is piped");
    let body = serde_json::to_vec(texts).expect("texts are JSON");
    // Python reads everything before it writes anything: no two pipes wait for each other.
    input.write_all(&body).expect("python3 reads its input");
    drop(input);
    let output = python.wait_with_output().expect("python3 ends");
    assert!(output.status.success(), "the oracle failed: {}", output.status);
    serde_json::from_slice(&output.stdout).expect("the oracle answers in JSON")
}

/// What our reader says, in the oracle's form.
fn ours(text: &str) -> Value {
    let file = match IniFile::parse("alembic.ini", text, "/project") {
        Ok(file) => file,
        Err(error) => return json!({ "error": failure(&error) }),
    };
    let sections =
        file.sections().chain(["DEFAULT"]).map(|name| section(&file, name)).collect::<Vec<_>>();
    json!({ "sections": sections })
}

fn section(file: &IniFile, name: &str) -> Value {
    let options = file
        .options(name)
        .into_iter()
        .map(|option| match file.get(name, option) {
            Ok(value) => json!({ "name": option, "raw": file.raw(name, option), "value": value }),
            Err(error) => {
                json!({ "name": option, "raw": file.raw(name, option), "error": failure(&error) })
            }
        })
        .collect::<Vec<_>>();
    match file.items(name) {
        Ok(items) => json!({ "name": name, "options": options, "items": items }),
        Err(error) => json!({ "name": name, "options": options, "error": failure(&error) }),
    }
}

fn failure(error: &ConfigError) -> Value {
    let class = match error.outcome() {
        Outcome::Traceback(class) => class,
        Outcome::Refused => "CommandError",
    };
    json!({ "class": class, "message": error.to_string() })
}

/// Without the sentences of errors, when they are another version's.
fn comparable(mut answer: Value, with_sentences: bool) -> Value {
    if !with_sentences {
        drop_sentences(&mut answer);
    }
    answer
}

fn drop_sentences(answer: &mut Value) {
    match answer {
        Value::Object(fields) => {
            if fields.contains_key("class") {
                fields.remove("message");
            }
            fields.values_mut().for_each(drop_sentences);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_sentences),
        _ => {}
    }
}
