//! `.env` files: recorded cases, and thousands of texts against python-dotenv where it is installed.

mod against_python;

use alembic_runtime::database_url::dotenv::{DotEnv, Preference};

fn process(name: &str) -> Option<String> {
    let value = match name {
        "HOME" => "/home/bob",
        "USER" => "process",
        "EMPTY" => "",
        _ => return None,
    };
    Some(value.to_owned())
}

fn read(text: &str, preference: Preference) -> Vec<(String, Option<String>)> {
    let variables = DotEnv::parse(text).variables(preference, &process);
    variables.into_iter().map(|variable| (variable.name, variable.value)).collect()
}

#[test]
fn values_are_what_python_dotenv_reads() {
    for (line, value) in [
        ("A=b", "b"),
        ("export A = b # comment", "b"),
        ("A='b # c'", "b # c"),
        ("A=pa$$word", "pa$$word"),
        ("A=$HOME", "$HOME"),
        ("A=${HOME}/x", "/home/bob/x"),
        ("A='${HOME}'", "/home/bob"),
        ("A=${MISSING}", ""),
        ("A=${MISSING:-there}", "there"),
        ("A=${EMPTY:-there}", ""),
        ("A=${MISSING-there}", ""),
        ("A=\"b\\n\\\"c\\\"\"", "b\n\"c\""),
        ("A='b\\n\\'c\\''", "b\\n'c'"),
        ("A=\"b\nc\" # d", "b\nc"),
        ("A=b#c", "b#c"),
        ("A=#c", "#c"),
        ("A= # c", ""),
        ("A=", ""),
        ("'A'=b", "b"),
        ("A=postgresql://bob:p%40ss@db:5432/app?x=1", "postgresql://bob:p%40ss@db:5432/app?x=1"),
        ("\u{feff}A=b\r", "b"),
    ] {
        assert_eq!(
            read(line, Preference::Process),
            [("A".to_owned(), Some(value.to_owned()))],
            "{line:?}"
        );
    }
}

#[test]
fn a_name_without_a_value_and_a_line_that_cannot_be_read_are_passed_over() {
    let file = DotEnv::parse("# comment\nA\n=b\nB='unclosed\nC=1\n\nA=2");
    let found = file.variables(Preference::File, &process);
    let found: Vec<_> =
        found.iter().map(|variable| (variable.name.as_str(), variable.line)).collect();
    assert_eq!(found, [("A", 7), ("C", 5)]);
    assert_eq!(file.unreadable_lines(), [3, 4]);
}

#[test]
fn the_process_or_the_file_comes_first() {
    let text = "USER=file\nURL=x://${USER}\n";
    assert_eq!(read(text, Preference::Process)[1].1.as_deref(), Some("x://process"));
    assert_eq!(read(text, Preference::File)[1].1.as_deref(), Some("x://file"));
}

#[test]
fn references_that_double_do_not_fill_the_memory() {
    let mut text = "A0=0123456789\n".to_owned();
    for index in 1..200 {
        let before = format!("${{A{}}}", index - 1);
        text.extend(["A", &index.to_string(), "=", &before, &before, "\n"]);
    }
    assert_eq!(read(&text, Preference::File).len(), 200);
}
