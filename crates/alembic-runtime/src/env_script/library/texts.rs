//! Functions of Python's library that make texts of texts: `re.sub`, `os.path.expandvars`.

use std::rc::Rc;

use python_static::{TextRange, program::substitute};

use crate::env_script::{
    calls::Arguments,
    machine::Machine,
    value::{Scope, Trail, Value},
};

impl Machine<'_> {
    /// `re.sub(pattern, replacement, text, count)`
    pub(super) fn substituted(&self, arguments: &Arguments) -> Option<Value> {
        if arguments.get(4, "flags").is_some() {
            return None;
        }
        let most = match arguments.get(3, "count") {
            None | Some(Value::Int(0)) => usize::MAX,
            Some(Value::Int(count)) => usize::try_from(*count).ok()?,
            Some(_) => return None,
        };
        let (Value::Str(replacement, from), Value::Str(text, trail)) =
            (arguments.get(1, "repl")?, arguments.get(2, "string")?)
        else {
            return None;
        };
        let out = substitute(arguments.text(0, "pattern")?, replacement, text, most)?;
        let changed = *out != **text;
        Some(Value::text(out, if changed { trail.and(from) } else { trail.clone() }))
    }

    /// `$NAME` and `${NAME}`; a variable that is not set stays as it is written.
    pub(super) fn expanded(&mut self, scope: &Scope, range: &TextRange, value: &Value) -> Value {
        let Value::Str(text, trail) = value else { return value.clone() };
        let mut parts = Vec::new();
        let mut rest: &str = text;
        while let Some(at) = rest.find('$') {
            let (before, behind) = rest.split_at(at);
            let (name, end) = reference(&behind[1..]);
            parts.push(Value::text(before, trail.clone()));
            let written = &behind[..=end];
            let set = if name.is_empty() { None } else { self.variable(scope, range, name) };
            parts.push(set.unwrap_or_else(|| Value::text(written, trail.clone())));
            rest = &behind[end + 1..];
        }
        if parts.is_empty() {
            return Value::Str(Rc::clone(text), trail.clone());
        }
        parts.push(Value::text(rest, Trail::default()));
        self.concatenated(scope, range, &parts)
    }
}

/// The name behind a dollar sign, and where it ends; empty when it is none.
fn reference(text: &str) -> (&str, usize) {
    if let Some(inside) = text.strip_prefix('{') {
        return inside.split_once('}').map_or(("", 0), |(name, _)| (name, name.len() + 2));
    }
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let end = text.find(|character| !is_part(character)).unwrap_or(text.len());
    (&text[..end], end)
}
