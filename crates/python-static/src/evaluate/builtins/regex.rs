//! `re.sub`, `re.split` and `re.findall`, as far as [`regex`](crate::program::regex) follows their patterns.

use super::super::calls::Arguments;
use super::super::machine::{Eval, Machine};
use super::super::object::Object;
use crate::program::{regex, substitute};
use crate::source::TextRange;

impl Machine<'_> {
    pub(super) fn call_regex(
        &mut self,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let text = |index: usize, name: &str| match arguments.get(index, name) {
            Some(Object::Str(text)) => Some(&**text),
            _ => None,
        };
        let is_plain = arguments
            .keywords
            .iter()
            .all(|(name, _)| matches!(&**name, "repl" | "string" | "count"));
        let found = match name {
            "re.sub" if is_plain && arguments.positional.len() <= 4 => {
                most(arguments).and_then(|most| {
                    let replacement = text(1, "repl")?;
                    substitute(text(0, "pattern")?, replacement, text(2, "string")?, most)
                        .map(Object::str)
                })
            }
            "re.split" | "re.findall" if is_plain && arguments.positional.len() <= 2 => {
                text(0, "pattern")
                    .zip(text(1, "string"))
                    .and_then(|(pattern, text)| regex::list(name == "re.split", pattern, text))
                    .map(|parts| self.new_list(parts.into_iter().map(Object::str).collect()))
            }
            _ => None,
        };
        let Some(found) = found else {
            return Err(self.unknown(format!("this call of `{name}()` is not followed"), range));
        };
        if let Object::Str(text) = &found {
            self.check_size(text.len(), &range)?;
        }
        Ok(found)
    }
}

/// How many matches `re.sub` replaces; nought is all of them.
fn most(arguments: &Arguments) -> Option<usize> {
    match arguments.get(3, "count") {
        None | Some(Object::Int(0)) => Some(usize::MAX),
        Some(Object::Int(count)) => usize::try_from(*count).ok(),
        Some(_) => None,
    }
}
