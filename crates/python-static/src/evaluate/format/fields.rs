//! `str.format`.

use super::super::calls::Arguments;
use super::super::machine::{Eval, Machine, Stop};
use super::super::object::Object;
use crate::source::TextRange;

impl Machine<'_> {
    /// What `template.format(…)` gives.
    pub(in crate::evaluate) fn format_fields(
        &mut self,
        template: &str,
        arguments: &Arguments,
        range: &TextRange,
    ) -> Eval<String> {
        let mut next = 0;
        self.format_template(template, arguments, &mut next, 0, range)
    }

    fn format_template(
        &mut self,
        template: &str,
        arguments: &Arguments,
        next: &mut usize,
        depth: usize,
        range: &TextRange,
    ) -> Eval<String> {
        let malformed =
            |machine: &Self| machine.raise("ValueError", "malformed format string", range.clone());
        if depth > 2 {
            return Err(malformed(self));
        }
        let mut text = String::new();
        let mut rest = template;
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            self.check_size(text.len(), range)?;
            if let Some(behind) = rest.strip_prefix(brace) {
                text.push_str(brace);
                rest = behind;
            } else if brace == "{" {
                let end = closing(rest).ok_or_else(|| malformed(self))?;
                let field = &rest[..end];
                rest = &rest[end + 1..];
                text.push_str(&self.format_field(field, arguments, next, depth, range)?);
            } else {
                return Err(malformed(self));
            }
        }
        text.push_str(rest);
        Ok(text)
    }

    fn format_field(
        &mut self,
        field: &str,
        arguments: &Arguments,
        next: &mut usize,
        depth: usize,
        range: &TextRange,
    ) -> Eval<String> {
        let (name, spec) = field.split_once(':').unwrap_or((field, ""));
        let (name, conversion) = name.split_once('!').unwrap_or((name, ""));
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut path) = name.split_at(end);
        let index = match first {
            "" => {
                *next += 1;
                Some(*next - 1)
            }
            other => other.parse().ok(),
        };
        let found = match index {
            Some(index) => arguments.positional.get(index),
            None => arguments.keyword(first),
        };
        let Some(mut value) = found.cloned() else {
            let kind = if index.is_some() { "IndexError" } else { "KeyError" };
            return Err(self.raise(
                kind,
                format!("no value for the field `{field}`"),
                range.clone(),
            ));
        };
        while !path.is_empty() {
            (value, path) = self.follow(&value, path, range)?;
        }
        if let Object::Unknown(cause) = value {
            return Err(Stop::Unknown(cause));
        }
        let spec = self.format_template(spec, arguments, next, depth + 1, range)?;
        let value = match conversion {
            "" => value,
            "s" => Object::str(self.text_of(&value, range)?),
            "r" => Object::str(self.known_repr(&value, range)?),
            _ => return Err(self.unknown("this conversion is not followed", range.clone())),
        };
        self.format_value(&value, &spec, range)
    }

    /// `.name` or `[key]` of a field.
    fn follow<'f>(
        &mut self,
        value: &Object,
        path: &'f str,
        range: &TextRange,
    ) -> Eval<(Object, &'f str)> {
        if let Some(rest) = path.strip_prefix('.') {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let value = self.attribute(value, &rest[..end], range.clone())?;
            return Ok((value, &rest[end..]));
        }
        let Some((key, rest)) = path.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
            return Err(self.raise("ValueError", "malformed format string", range.clone()));
        };
        let index = key.parse().map_or_else(|_| Object::str(key), Object::Int);
        Ok((self.subscript(value, &index, range.clone())?, rest))
    }
}

/// Where the brace closes that opened before `rest`.
fn closing(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}
