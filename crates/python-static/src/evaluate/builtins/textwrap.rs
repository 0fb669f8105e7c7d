//! `textwrap.indent` and `textwrap.dedent`.

use super::super::calls::Arguments;
use super::super::machine::{Eval, Machine};
use super::super::object::Object;
use crate::source::TextRange;

impl Machine<'_> {
    pub(super) fn call_textwrap(
        &mut self,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let made = match (name, arguments.positional.as_slice()) {
            _ if !arguments.keywords.is_empty() => None,
            ("textwrap.indent", [Object::Str(text), Object::Str(prefix)]) => {
                is_plain(text).then(|| indent(text, prefix))
            }
            ("textwrap.dedent", [Object::Str(text)]) => is_plain(text).then(|| dedent(text)),
            _ => None,
        };
        let Some(made) = made else {
            return Err(self.unknown(format!("this call of `{name}()` is not followed"), range));
        };
        self.check_size(made.len(), &range)?;
        Ok(Object::str(made))
    }
}

/// Whether `\n` alone parts its lines, and blanks and tabs alone are blank in it, whatever the version of Python.
fn is_plain(text: &str) -> bool {
    !text.contains(|c: char| {
        matches!(c, '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1f}')
            || !c.is_ascii() && c.is_whitespace()
    })
}

/// The prefix before each line that is not blank.
fn indent(text: &str, prefix: &str) -> String {
    let line = |line: &str| {
        if line.trim().is_empty() { line.to_owned() } else { format!("{prefix}{line}") }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Without what all lines that are not blank begin with; of blank ones nothing is left.
fn dedent(text: &str) -> String {
    let lines = text.split('\n').map(|line| if line.trim().is_empty() { "" } else { line });
    let margins = lines.clone().filter(|line| !line.is_empty());
    let margins =
        margins.map(|line| &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]);
    let margin = margins.reduce(common).unwrap_or_default().len();
    let kept: Vec<&str> = lines.map(|line| line.get(margin..).unwrap_or_default()).collect();
    kept.join("\n")
}

fn common<'t>(a: &'t str, b: &'t str) -> &'t str {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    &a[..same]
}
