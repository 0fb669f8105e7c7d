//! What was read, what was taken for granted, what is not known.

use sqlalchemy_models::{Options, Reading, version};

use super::text::{Rows, counted, heading};

pub(super) fn render(options: &Options, reading: &Reading) -> String {
    let mut out = String::new();
    let schema = &reading.schema;
    out.push_str(&heading(&format!("modules read: {}", reading.modules.len())));
    out.push('\n');
    let mut rows = Rows::indented(2);
    for (name, path) in &reading.modules {
        let shown = path.strip_prefix(&options.current).unwrap_or(path);
        rows.push([name.clone(), shown.display().to_string()]);
    }
    rows.write(&mut out);
    out.extend(["\n", &heading("taken for granted"), "\n"]);
    let mut rows = Rows::indented(2);
    for line in assumptions(options) {
        rows.push([line]);
    }
    rows.write(&mut out);
    let title = if schema.problems.is_empty() {
        "everything is known".to_owned()
    } else {
        format!("not known: {}", counted(schema.problems.len(), "thing"))
    };
    out.extend(["\n", &heading(&title), "\n"]);
    let mut rows = Rows::indented(2);
    for problem in &schema.problems {
        let place = format!("{}:{}", problem.path, problem.line);
        rows.push([place, problem.message.clone()]);
        rows.push([String::new(), concerned(&problem.affects)]);
    }
    rows.write(&mut out);
    out
}

fn assumptions(options: &Options) -> Vec<String> {
    let (major, minor) = options.version.sqlalchemy;
    let origin = |name: &str| {
        version::origin(&options.current, name)
            .map_or_else(|| "the newest known".to_owned(), |from| format!("as in {from}"))
    };
    let (a, b, c) = options.version.sqlmodel;
    let mut lines = vec![
        format!("SQLAlchemy {major}.{minor}, {}", origin("sqlalchemy")),
        format!("SQLModel {a}.{b}.{c}, {}", origin("sqlmodel")),
        "Python 3.12, PostgreSQL, `TYPE_CHECKING` false, no environment variables".to_owned(),
    ];
    for base in &options.bases {
        lines.push(format!("the models of `{base}`"));
    }
    if let (true, Some(env)) = (options.bases.is_empty(), &options.env) {
        let env = env.strip_prefix(&options.current).unwrap_or(env);
        lines.push(format!("the models of `target_metadata` in {}", env.display()));
    }
    lines
}

/// What a problem affects, in words.
fn concerned(affects: &[String]) -> String {
    let parts: Vec<String> = affects
        .iter()
        .map(|affected| match affected.split_once(':') {
            Some((kind, name)) => format!("{kind} {name}"),
            None => "there may be more tables and classes".to_owned(),
        })
        .collect();
    parts.join(", ")
}
