//! What the names of a module hold after it has run.

use std::path::Path;

use crate::evaluate;
use crate::identifiers::identifiers;
use crate::literal;
use crate::project::Project;
use crate::source::{SourceFile, TextRange};
use crate::statements::{self, Statement, StatementKind};
use crate::syntax::SyntaxError;
use crate::value::{Answer, Value};

/// The name that the docstring is bound to.
pub const DOCSTRING: &str = "__doc__";

/// What surrounds a file while it is read.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'a> {
    /// Where the file lies: gives `__file__` and `__name__`.
    pub file: &'a Path,
    /// Where imported modules are looked for; shared by all files of a project.
    pub project: &'a Project,
}

/// A name and what is bound to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// The value after the module has run.
    pub answer: Answer,
    /// The statement that bound it last.
    pub statement: TextRange,
    /// The expression in it that the value comes from; the statement when there is no such expression.
    pub value: TextRange,
}

/// The names that were asked for.
#[derive(Clone, Debug, Default)]
pub struct Module<'n> {
    bindings: Vec<(&'n str, Binding)>,
}

impl<'n> Module<'n> {
    /// What `name` holds; `None` if it was not asked for or is never bound.
    pub fn binding(&self, name: &str) -> Option<&Binding> {
        let found = self.bindings.iter().find(|(known, _)| *known == name);
        found.map(|(_, binding)| binding)
    }

    /// All names that are bound, in the order in which they were bound first.
    pub fn bindings(&self) -> impl Iterator<Item = (&'n str, &Binding)> {
        self.bindings.iter().map(|(name, binding)| (*name, binding))
    }

    pub(crate) fn bind(&mut self, name: &'n str, binding: Binding) {
        match self.bindings.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = binding,
            None => self.bindings.push((name, binding)),
        }
    }
}

/// Reads the last value, after the module has run, of each of the wanted names.
///
/// `__doc__` is bound by the docstring, unless a statement binds it again.
///
/// # Errors
/// When no Python 3 compiles the file. Syntax that is newer than this crate is no error: it makes the names that the
/// statement mentions [`Answer::Refused`], and bodies of functions are not looked at.
pub fn read_module<'n>(
    source: &SourceFile,
    names: &[&'n str],
    environment: &Environment<'_>,
) -> Result<Module<'n>, SyntaxError> {
    let statements = statements::cut(source.text())?;
    match read_plain(source.text(), &statements, names) {
        Some(module) => Ok(module),
        None => evaluate::read_module(source, &statements, names, environment)
            .map_err(|error| error.on_characters_of(source.text())),
    }
}

/// The fast path: succeeds when the wanted names are bound by plain literals alone.
fn read_plain<'n>(text: &str, statements: &[Statement], names: &[&'n str]) -> Option<Module<'n>> {
    let mut module = Module { bindings: Vec::with_capacity(names.len()) };
    let mut definitions = Vec::new();
    let mut mentions_definition = false;
    for (index, statement) in statements.iter().enumerate() {
        let code = &text[statement.range.clone()];
        match statement.kind {
            StatementKind::Definition => {
                definitions.extend(evaluate::defined_name(code));
                if code.starts_with('@') {
                    let decorators = decorators(code);
                    mentions_definition |=
                        identifiers(decorators).any(|word| definitions.contains(&word));
                }
                continue;
            }
            StatementKind::Simple => {
                if index == 0
                    && let Some(docstring) = docstring(text, statement)?
                {
                    bind_if_wanted(
                        &mut module,
                        names,
                        DOCSTRING,
                        docstring,
                        statement,
                        statement.range.clone(),
                    );
                    continue;
                }
                if let Some(found) = literal::assignment(text, statement.range.clone())
                    && names.contains(&found.name)
                {
                    if let Some(range) = found.value {
                        let value = literal::read(text, range.clone())?;
                        bind_if_wanted(&mut module, names, found.name, value, statement, range);
                    }
                    continue;
                }
            }
            StatementKind::Import | StatementKind::Compound => {}
        }
        for word in identifiers(code) {
            if names.contains(&word) || evaluate::may_bind_unseen(word, code) {
                return None;
            }
            mentions_definition |= definitions.contains(&word);
        }
        if statement.kind == StatementKind::Import && code.ends_with('*') {
            return None;
        }
    }
    // A function of the file may bind a global when the module calls it.
    if mentions_definition && memchr::memmem::find(text.as_bytes(), b"global").is_some() {
        return None;
    }
    Some(module)
}

/// The decorators of a definition.
fn decorators(code: &str) -> &str {
    let end = ["\ndef ", "\nclass ", "\nasync "]
        .iter()
        .filter_map(|word| memchr::memmem::find(code.as_bytes(), word.as_bytes()))
        .min();
    &code[..end.unwrap_or(code.len())]
}

/// The docstring that `statement` is, if it is one: `Some(None)` when it is none, `None` when the parser must tell.
#[expect(clippy::option_option, reason = "no docstring and no answer are two things")]
fn docstring(text: &str, statement: &Statement) -> Option<Option<Value>> {
    let code = &text.as_bytes()[statement.range.clone()];
    let may_be_string =
        matches!(code, [b'\'' | b'"' | b'(', ..] | [b'r' | b'R' | b'u' | b'U', b'\'' | b'"', ..]);
    if !may_be_string {
        return Some(None);
    }
    match literal::read(text, statement.range.clone()) {
        Some(value @ Value::Str(_)) => Some(Some(value)),
        Some(_) => Some(None),
        None => None,
    }
}

fn bind_if_wanted<'n>(
    module: &mut Module<'n>,
    names: &[&'n str],
    name: &str,
    value: Value,
    statement: &Statement,
    range: TextRange,
) {
    if let Some(name) = names.iter().find(|wanted| **wanted == name) {
        let binding = Binding {
            answer: Answer::Known(value),
            statement: statement.range.clone(),
            value: range,
        };
        module.bind(name, binding);
    }
}
