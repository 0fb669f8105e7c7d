//! Any bytes as a migration script: decoding, the cut into statements, the values of the five names that a script is read for.
//!
//! The bytes may be refused. If they are not:
//!
//! * the text is itself once decoded: it comes out the same when it is read as UTF-8;
//! * statements come in order, do not overlap, and leave out blanks, comments and semicolons alone;
//! * every range of an answer or an error lies within the text, on boundaries of characters;
//! * known values are the same whichever way the lines end.
#![no_main]

use std::{path::Path, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use python_static::{
    Answer, DOCSTRING, Environment, Module, Project, SourceFile, SyntaxError, TextRange,
    read_module, statements,
};

const NAMES: [&str; 5] = [DOCSTRING, "revision", "down_revision", "branch_labels", "depends_on"];

/// No folder to import from: what is read must depend on the input alone.
static PROJECT: LazyLock<Project> = LazyLock::new(|| Project::new([]));

fuzz_target!(|data: &[u8]| {
    let Ok(source) = SourceFile::decode("x.py", data.to_vec()) else {
        return;
    };
    decoding_is_done(&source);
    statements_cover(source.text());
    let module = read(&source);
    match &module {
        Ok(module) => answers_have_places(module, source.text()),
        Err(error) => is_within(&error.range, source.text()),
    }
    line_ends_mean_nothing(&source, module.ok().as_ref());
});

fn read(source: &SourceFile) -> Result<Module<'static>, SyntaxError> {
    read_module(source, &NAMES, &Environment { file: Path::new("x.py"), project: &PROJECT })
}

/// A byte order mark says UTF-8. Beside it no other cookie is allowed, and the text of a file in another encoding keeps
/// its cookie: those are refused.
fn decoding_is_done(source: &SourceFile) {
    let marked = ["\u{feff}", source.text()].concat().into_bytes();
    if let Ok(again) = SourceFile::decode("x.py", marked) {
        assert_eq!(again.text(), source.text());
    }
}

fn statements_cover(text: &str) {
    let statements = match statements::cut(text) {
        Ok(statements) => statements,
        Err(error) => return is_within(&error.range, text),
    };
    let mut end = 0;
    for statement in statements {
        is_within(&statement.range, text);
        assert!(end <= statement.range.start && !statement.range.is_empty());
        says_nothing(&text[end..statement.range.start]);
        end = statement.range.end;
    }
    says_nothing(&text[end..]);
}

fn says_nothing(gap: &str) {
    for line in gap.split(['\n', '\r']) {
        let rest = line.trim_start_matches([' ', '\t', '\u{c}', ';', '\\']);
        assert!(rest.is_empty() || rest.starts_with('#'), "left out: {rest:?}");
    }
}

fn answers_have_places(module: &Module<'_>, text: &str) {
    for (name, binding) in module.bindings() {
        assert!(NAMES.contains(&name));
        is_within(&binding.statement, text);
        is_within(&binding.value, text);
        match &binding.answer {
            Answer::Known(_) => {}
            Answer::Unknown(unknown) => is_within(&unknown.range, text),
            Answer::Refused(refused) => is_within(&refused.range, text),
        }
    }
}

fn is_within(range: &TextRange, text: &str) {
    assert!(text.get(range.clone()).is_some(), "{range:?} of {}", text.len());
}

fn line_ends_mean_nothing(source: &SourceFile, module: Option<&Module<'_>>) {
    if !source.text().contains('\r') {
        return;
    }
    let plain = source.text().replace("\r\n", "\n").replace('\r', "\n");
    let again = read(&SourceFile::new("x.py", plain)).ok();
    assert_eq!(known(module), known(again.as_ref()));
}

/// As text, in which a float that is no number equals itself.
fn known(module: Option<&Module<'_>>) -> Option<Vec<String>> {
    let values = |module: &Module<'_>| {
        let answers = NAMES.iter().map(|name| module.binding(name)?.answer.known());
        answers.map(|value| format!("{value:?}")).collect()
    };
    module.map(values)
}
