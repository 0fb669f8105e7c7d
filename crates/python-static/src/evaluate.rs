//! The slow path: evaluates what can be known without running anything.
//!
//! Only the statements that can matter for the wanted names are parsed and evaluated ([`relevance`]). A value is known
//! or it carries the cause why it is not ([`object::Cause`]); conditions that are not known fork the state, and what both
//! ways agree on stays known ([`state::State::join`]). Steps, depth and sizes are bounded ([`machine`]).

mod alone;
mod attributes;
mod branches;
mod builtins;
mod calls;
mod classes;
mod comparisons;
mod containers;
mod enums;
mod export;
mod expressions;
mod format;
mod imports;
mod library;
mod loops;
mod machine;
mod methods;
mod object;
mod operators;
mod relevance;
mod state;
mod statements;

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use rustpython_parser::ast::{Constant, Expr, Stmt};

use crate::ast::{ParseFailure, parse};
use crate::identifiers::identifiers;
use crate::module::{Binding, DOCSTRING, Environment, Module};
use crate::source::{SourceFile, TextRange};
use crate::statements::{Statement, StatementKind};
use crate::syntax::{SyntaxError, word_at};
use crate::value::{Answer, Refused, Unknown};
pub use alone::percent;
use machine::{FileContext, Machine, Stop};
use object::{Cause, Object};

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
pub(crate) fn read_module<'n>(
    source: &SourceFile,
    statements: &[Statement],
    names: &[&'n str],
    environment: &Environment<'_>,
) -> Result<Module<'n>, SyntaxError> {
    let text = source.text();
    let plan = relevance::plan(text, statements, names);
    let main = FileContext {
        path: environment.file.to_owned(),
        name: script_name(environment.file),
        package: None,
        needed: plan.needed.iter().map(|name| Arc::from(name.as_str())).collect(),
    };
    let mut machine = Machine::new(environment.project, main);
    if let Some(first) = statements.first() {
        machine.bind_docstring(text, first)?;
    }
    let stop = machine.run_main(text, statements, &plan.statements)?;
    let mut module = Module::default();
    for &name in names {
        if let Some(binding) = machine.binding(name, stop.as_ref()) {
            module.bind(name, binding);
        }
    }
    Ok(module)
}

/// `__name__` of a file that Alembic loads by its path.
fn script_name(file: &Path) -> Arc<str> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    name.chars().map(|c| if is_word(c) { c } else { '_' }).collect::<String>().into()
}

impl Machine<'_> {
    fn bind_docstring(&mut self, text: &str, first: &Statement) -> Result<(), SyntaxError> {
        let begins_string =
            text[first.range.clone()].starts_with(['\'', '"', '(', 'r', 'R', 'u', 'U']);
        if first.kind != StatementKind::Simple || !begins_string {
            return Ok(());
        }
        match parse(text, first) {
            Ok(parsed) => {
                if let [Stmt::Expr(expr)] = parsed.as_slice()
                    && let Expr::Constant(constant) = &*expr.value
                    && let Constant::Str(docstring) = &constant.value
                {
                    self.statement = first.range.clone();
                    self.value = first.range.clone();
                    self.bind_in(0, DOCSTRING, Object::str(docstring.as_str()));
                }
                Ok(())
            }
            Err(failure) if failure.certain => Err(SyntaxError::new(failure.reason, failure.range)),
            Err(_) => Ok(()),
        }
    }

    /// Runs the chosen statements; returns why it stopped before the end, if it did.
    fn run_main(
        &mut self,
        text: &str,
        statements: &[Statement],
        chosen: &[usize],
    ) -> Result<Option<Stop>, SyntaxError> {
        for &index in chosen {
            let statement = &statements[index];
            let parsed = match parse(text, statement) {
                Ok(parsed) => parsed,
                Err(failure) if failure.certain => {
                    return Err(SyntaxError::new(failure.reason, failure.range));
                }
                Err(failure) => {
                    self.refuse(&text[statement.range.clone()], &failure);
                    continue;
                }
            };
            self.statement = statement.range.clone();
            self.value = statement.range.clone();
            match self.block(&parsed) {
                Ok(_) => {}
                Err(Stop::Unknown(_)) => self.doubts += 1,
                Err(stop) => return Ok(Some(stop)),
            }
        }
        Ok(None)
    }

    /// A statement that could not be read spoils the names that it mentions, and no others.
    pub(super) fn refuse(&mut self, code: &str, failure: &ParseFailure) {
        let cause = Rc::new(Cause {
            reason: failure.reason.as_str().into(),
            range: failure.range.clone(),
            file: self.frame.file,
            refused: true,
        });
        self.statement = failure.range.clone();
        self.value = failure.range.clone();
        let scope = self.frame.scope;
        let needed = self.files[self.frame.file].needed.clone();
        let defined = defined_name(code);
        for name in needed {
            let spoilt = match defined {
                Some(defined) => *name == *defined,
                None => identifiers(code).any(|word| word == &*name),
            };
            if spoilt {
                self.bind_in(scope, &name, Object::Unknown(Rc::clone(&cause)));
            }
        }
    }

    fn binding(&self, name: &str, stop: Option<&Stop>) -> Option<Binding> {
        let place = self.state.places.get(name);
        let statement = place.map_or(self.statement.clone(), |place| place.statement.clone());
        let value = place.map_or(self.statement.clone(), |place| place.value.clone());
        let answer = match stop {
            None => {
                let object = self.state.scope(0).names.get(name)?;
                match export::to_value(&self.state, object) {
                    Ok(known) => Answer::Known(known),
                    Err(cause) => unanswered(&cause, &value),
                }
            }
            Some(Stop::Raise(raised)) => {
                let range =
                    if raised.file == 0 { raised.range.clone() } else { self.statement.clone() };
                Answer::Unknown(Unknown { reason: raised.sentence(), range })
            }
            Some(Stop::Unknown(cause) | Stop::Limit(cause)) => unanswered(cause, &value),
        };
        Some(Binding { answer, statement, value })
    }
}

/// The answer for a value that is not known. A cause in another file is shown where its value is used.
fn unanswered(cause: &Cause, value: &TextRange) -> Answer {
    let range = if cause.file == 0 && !cause.range.is_empty() {
        cause.range.clone()
    } else {
        value.clone()
    };
    let reason = cause.reason.to_string();
    if cause.refused {
        Answer::Refused(Refused { reason, range })
    } else {
        Answer::Unknown(Unknown { reason, range })
    }
}
