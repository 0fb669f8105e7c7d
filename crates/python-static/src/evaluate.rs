//! The slow path: evaluates what can be known without running anything.

use crate::module::{Binding, Environment, Module};
use crate::source::SourceFile;
use crate::statements::Statement;
use crate::syntax::{SyntaxError, word_at};
use crate::value::{Answer, Unknown};

/// The name that a definition binds.
pub(crate) fn defined_name(code: &str) -> Option<&str> {
    let mut rest = code;
    loop {
        let word = word_at(rest.as_bytes(), 0);
        let behind = rest.get(word.len()..)?.trim_start_matches([' ', '\t']);
        match word {
            b"async" => rest = behind,
            b"def" | b"class" => {
                let name = word_at(behind.as_bytes(), 0);
                return behind.get(..name.len());
            }
            // A decorator.
            _ => {
                let at = ["\ndef ", "\nclass ", "\nasync "]
                    .iter()
                    .filter_map(|word| memchr::memmem::find(rest.as_bytes(), word.as_bytes()))
                    .min()?;
                rest = &rest[at + 1..];
            }
        }
    }
}

/// Names by which the statement `code` can bind a name without mentioning it.
pub(crate) fn may_bind_unseen(word: &str, code: &str) -> bool {
    match word {
        "globals" | "locals" | "vars" | "exec" | "eval" | "setattr" | "delattr" | "__import__"
        | "modules" => true,
        "sys" => code.contains("modules"),
        _ => false,
    }
}

/// Reads the wanted names by evaluation.
#[expect(clippy::unnecessary_wraps, reason = "parsing will be able to fail")]
pub(crate) fn read_module(
    source: &SourceFile,
    statements: &[Statement],
    names: &[&str],
    environment: &Environment<'_>,
) -> Result<Module, SyntaxError> {
    let _ = (environment, source);
    let mut module = Module::default();
    for name in names {
        if let Some(statement) = statements.last() {
            let unknown = Unknown {
                reason: "the value is not a literal".to_owned(),
                range: statement.range.clone(),
            };
            module.bind(
                name,
                Binding {
                    answer: Answer::Unknown(unknown),
                    statement: statement.range.clone(),
                    value: statement.range.clone(),
                },
            );
        }
    }
    Ok(module)
}
