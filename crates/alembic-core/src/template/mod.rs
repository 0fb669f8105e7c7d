//! The Mako that `script.py.mako` files use, rendered without Python.
//!
//! Three layers. `lexer` cuts a template the way Mako's own lexer does: text, `${expression | filters}`, control
//! lines, comments, `<%doc>`, `<%text>`, `<% %>` and `<%! %>` blocks. `program` makes of it a Python module, as Mako
//! does, with the names that Alembic passes as literals. `python_static` works out what that module would print: it
//! runs nothing, and what it cannot know it refuses with a reason and a place. What stock templates say needs none of
//! this and is answered by `plain`.
//!
//! Not understood, and said so with the line: tags that define or inherit (`<%def>`, `<%block>`, `<%include>` …), and
//! whatever depends on a running program. Nothing is ever rendered by half.

pub mod builtin;
mod error;
mod lexer;
mod literal;
mod plain;
mod program;
mod refusal;
mod variables;

use std::path::Path;

use miette::NamedSource;
use python_static::{Answer, Environment, Project, SourceFile, TextRange, Value};

pub use error::{TemplateError, TemplateErrorKind};
use lexer::Node;
use program::{Program, RESULT};
pub use variables::Variables;

/// What was rendered, and of every expression that was printed its node and its text.
type Rendered = (String, Vec<(usize, String)>);

/// What stands for an undefined name in the rendered program; see `runtime/base.py`.
const UNDEFINED_TEXT: &str = "-0.0";

/// A template that was read.
#[derive(Debug)]
pub struct Template {
    name: String,
    text: String,
    nodes: Vec<Node>,
}

impl Template {
    /// Reads a template from the bytes of its file, `name`.
    ///
    /// # Errors
    /// When the bytes are no text, or Mako's syntax is broken or not understood here.
    pub fn parse(name: &str, bytes: Vec<u8>) -> Result<Self, TemplateError> {
        let text = decode(name, bytes)?;
        match lexer::cut(&text) {
            Ok(nodes) => {
                if let Some((node, word)) = program::assigned::reserved(&nodes) {
                    let message = format!("Reserved words declared in template: {word}");
                    let kind = TemplateErrorKind::Syntax { message };
                    return Err(TemplateError::new(kind, source(name, &text), node.range()));
                }
                Ok(Self { name: name.to_owned(), text, nodes })
            }
            Err((kind, at)) => Err(TemplateError::new(kind, source(name, &text), at)),
        }
    }

    /// Renders the template: all of it, or nothing.
    ///
    /// # Errors
    /// What cannot be worked out, with its place in the template.
    pub fn render(&self, variables: &Variables) -> Result<String, TemplateError> {
        if let Some(text) = plain::render(&self.nodes, variables) {
            return Ok(text);
        }
        let program = Program::new(&self.nodes, variables, None);
        match self.run(&program) {
            Ok((text, printed)) => self.check_undefined(&program, text, &printed),
            Err((reason, at)) => {
                let reason = refusal::in_plain_words(&reason);
                let place = program.place(&at).or_else(|| self.first_failure(variables));
                let kind = TemplateErrorKind::Unknown { reason };
                Err(TemplateError::new(kind, source(&self.name, &self.text), place.unwrap_or(0..0)))
            }
        }
    }

    /// A name that Alembic does not pass is falsy and cannot be printed: Mako's `UNDEFINED`.
    fn check_undefined(
        &self,
        program: &Program,
        text: String,
        printed: &[(usize, String)],
    ) -> Result<String, TemplateError> {
        let leaked = printed.iter().find(|(_, text)| text.contains(UNDEFINED_TEXT));
        match leaked {
            Some((index, _)) if program.has_undefined() => {
                let at = self.nodes.get(*index).map_or(0..0, Node::range);
                let reason = "an undefined name is printed here".to_owned();
                let kind = TemplateErrorKind::Unknown { reason };
                Err(TemplateError::new(kind, source(&self.name, &self.text), at))
            }
            _ => Ok(text),
        }
    }

    /// The first expression without which the template could be rendered: where a failure inside of a function of the
    /// runtime comes from.
    fn first_failure(&self, variables: &Variables) -> Option<TextRange> {
        let fails = |limit: usize| {
            let program = Program::new(&self.nodes, variables, Some(limit));
            self.run(&program).is_err()
        };
        let (mut good, mut bad) = (0, self.nodes.len());
        if fails(0) {
            return None;
        }
        while bad - good > 1 {
            let middle = usize::midpoint(good, bad);
            if fails(middle) { bad = middle } else { good = middle }
        }
        self.nodes.get(good).map(Node::range)
    }

    /// The text, and of every expression that was printed its node and its text; else why not, and where in the
    /// program.
    fn run(&self, program: &Program) -> Result<Rendered, (String, TextRange)> {
        let project = Project::new([]);
        let environment = Environment { file: Path::new(&self.name), project: &project };
        let file = SourceFile::new(self.name.as_str(), program.text());
        let module = python_static::read_module(&file, &[RESULT], &environment)
            .map_err(|error| (error.message, error.range))?;
        let answer = module.binding(RESULT).map(|binding| &binding.answer);
        match answer {
            Some(Answer::Known(value)) => {
                result_of(value).ok_or_else(|| ("the result is no text".to_owned(), 0..0))
            }
            Some(Answer::Unknown(unknown)) => Err((unknown.reason.clone(), unknown.range.clone())),
            Some(Answer::Refused(refused)) => Err((refused.reason.clone(), refused.range.clone())),
            None => Err(("nothing is rendered".to_owned(), 0..0)),
        }
    }
}

/// Takes the program's result apart: `(text, [(node, text), …], calls)`.
fn result_of(value: &Value) -> Option<Rendered> {
    let [text, printed, _calls] = value.elements()? else { return None };
    let pair = |item: &Value| match item.elements()? {
        [Value::Int(node), text] => Some((usize::try_from(*node).ok()?, text.as_str()?.to_owned())),
        _ => None,
    };
    let printed = printed.elements()?.iter().map(pair).collect::<Option<_>>()?;
    Some((text.as_str()?.to_owned(), printed))
}

/// Decodes a template as Mako does: a coding comment in the first line, else UTF-8.
fn decode(name: &str, bytes: Vec<u8>) -> Result<String, TemplateError> {
    let unreadable = |message: String, text: &str, at: usize| {
        let kind = TemplateErrorKind::Undecodable { message };
        TemplateError::new(kind, source(name, text), at..at)
    };
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let declares = lexer::coding_comment(&String::from_utf8_lossy(first)).is_some();
    if declares {
        return SourceFile::decode(name, bytes)
            .map(SourceFile::into_text)
            .map_err(|error| unreadable(error.message, "", 0));
    }
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => {
            let first = rest.split(|&byte| byte == b'\n').next().unwrap_or_default();
            let first = String::from_utf8_lossy(first);
            if let Some(named) = lexer::coding_name(&first).filter(|name| *name != "utf-8") {
                let message = format!(
                    "Found utf-8 BOM in file, with conflicting magic encoding comment of '{named}'"
                );
                return Err(unreadable(message, "", 0));
            }
            rest.to_vec()
        }
        None => bytes,
    };
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let message = "the template is not UTF-8".to_owned();
        unreadable(message, &String::from_utf8_lossy(error.as_bytes()), at)
    })
}

fn source(name: &str, text: &str) -> NamedSource<String> {
    NamedSource::new(name, text.to_owned())
}

#[cfg(test)]
mod tests;
