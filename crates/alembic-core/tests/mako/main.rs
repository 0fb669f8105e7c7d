//! Templates against real Mako: the same bytes, or a refusal that names the line, and few of those.
//!
//! It needs the environment that `cargo xtask test` makes and never skips. The seed can be set with `MAKO_SEED`, the
//! number of templates with `MAKO_FILES`.

mod generator;

use std::io::Write as _;
use std::process::{Command, Stdio};

use alembic_core::config::{Config, ConfigOptions};
use alembic_core::template::{Template, Variables};
use alembic_testing::Venv;
use serde_json::Value;

const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mako/oracle.py");

#[test]
fn renders_what_mako_renders() {
    let seed = number("MAKO_SEED", 20_261_122);
    let count = number("MAKO_FILES", 300);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ini = folder.path().join("alembic.ini");
    let text = "[alembic]\nscript_location = %(here)s/migrations\n[other]\nkey = 100%%\n";
    fs_err::write(&ini, text).expect("the folder is writable");
    let mut chance = generator::Chance::new(seed);
    let ini = ini.to_str().expect("a path of plain letters");
    let cases: Vec<Value> = (0..count).map(|_| generator::case(&mut chance, ini)).collect();
    let answers = ask_mako(&cases);
    assert_eq!(answers.len(), cases.len());
    let (mut same, mut failing, mut refused, mut wrong) = (0, 0, Vec::new(), Vec::new());
    for (case, answer) in cases.iter().zip(&answers) {
        match (render(case), answer.get("text").and_then(Value::as_str)) {
            (Ok(ours), Some(text)) if ours == text => same += 1,
            (Ok(ours), _) => wrong.push(format!("{case}\nmako: {answer}\nours: {ours:?}")),
            (Err(_), None) => failing += 1,
            (Err(error), Some(_)) => {
                assert!(error.contains(", line "), "{error}");
                refused.push(error);
            }
        }
    }
    assert!(wrong.is_empty(), "seed {seed}, {} differ:\n{}", wrong.len(), wrong.join("\n\n"));
    println!("{same} the same, {failing} failing in both, {} refused", refused.len());
    assert!(refused.len() * 20 <= cases.len(), "too many refusals: {refused:#?}");
    assert!(same * 2 > cases.len(), "only {same} templates can be rendered at all");
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect(variable))
}

fn ask_mako(cases: &[Value]) -> Vec<Value> {
    let mut python = Command::new(Venv::find().python())
        .args(["-I", ORACLE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the environment's Python starts");
    let mut input = python.stdin.take().expect("stdin is piped");
    let body = serde_json::to_vec(cases).expect("cases are JSON");
    // Python reads everything before it writes anything: no two pipes wait for each other.
    input.write_all(&body).expect("Python reads its input");
    drop(input);
    let output = python.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "the oracle failed: {}", output.status);
    serde_json::from_slice(&output.stdout).expect("the oracle answers in JSON")
}

fn render(case: &Value) -> Result<String, String> {
    let mut variables = Variables::new();
    for (name, given) in case["names"].as_object().expect("an object") {
        variables.set(name, &value(given));
    }
    let moment = case["moment"].as_array().expect("a list");
    let mut fields = [0; 7];
    for (field, given) in fields.iter_mut().zip(moment) {
        *field = given.as_i64().expect("a number");
    }
    let offset = moment[7].as_i64().map_or(String::new(), |minutes| {
        let sign = if minutes < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
    });
    // What Python calls a zone that is no more than its offset.
    let zone = match offset.as_str() {
        "" => String::new(),
        "+00:00" => "UTC".to_owned(),
        offset => format!("UTC{offset}"),
    };
    variables.set_moment("create_date", fields, [&offset, &zone], 0);
    variables.set_comma();
    let mut options = ConfigOptions::new("/");
    options.config_files = vec![case["config"].as_str().expect("a path").into()];
    variables.set_config("config", &Config::load(&options).map_err(|error| error.to_string())?);
    let template = case["template"].as_str().expect("a text").as_bytes().to_vec();
    let template =
        Template::parse("script.py.mako", template).map_err(|error| error.to_string())?;
    template.render(&variables).map_err(|error| error.to_string())
}

fn value(given: &Value) -> python_static::Value {
    let items =
        |items: &Value| items.as_array().expect("a list").iter().map(value).collect::<Vec<_>>();
    match given {
        Value::String(text) => python_static::Value::str(text.as_str()),
        Value::Array(_) => python_static::Value::List(items(given).into()),
        Value::Object(tuple) => python_static::Value::Tuple(items(&tuple["tuple"]).into()),
        _ => python_static::Value::None,
    }
}
