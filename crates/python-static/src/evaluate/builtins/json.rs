//! `json.dumps` with its usual separators.

use super::super::calls::Arguments;
use super::super::machine::{Eval, Machine, Stop};
use super::super::object::Object;
use crate::source::TextRange;
use crate::text::json_text;

impl Machine<'_> {
    pub(super) fn call_json(&mut self, arguments: &Arguments, range: TextRange) -> Eval {
        match arguments.positional.as_slice() {
            [value] if arguments.keywords.is_empty() => {
                let mut out = String::new();
                self.write_json(&mut out, value, &range)?;
                Ok(Object::str(out))
            }
            _ => Err(self.unknown("this call of `json.dumps()` is not followed", range)),
        }
    }

    fn write_json(&mut self, out: &mut String, value: &Object, range: &TextRange) -> Eval<()> {
        match value {
            Object::Unknown(cause) => return Err(Stop::Unknown(cause.clone())),
            Object::None => out.push_str("null"),
            Object::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Object::Int(value) => out.push_str(&value.to_string()),
            Object::Str(text) => out.push_str(&json_text(text)),
            Object::List(_) | Object::Tuple(_) => {
                let items = self.members_at(value, range.clone())?;
                self.write_json_parts(
                    out,
                    ['[', ']'],
                    items.iter().map(|item| (None, item)),
                    range,
                )?;
            }
            Object::Dict(id) => {
                let items = self.dict_items(*id)?;
                let parts = items.iter().map(|(key, item)| (Some(key), item));
                self.write_json_parts(out, ['{', '}'], parts, range)?;
            }
            _ => return Err(self.unknown("the JSON of this value is not followed", range.clone())),
        }
        self.check_size(out.len(), range)
    }

    fn write_json_parts<'o>(
        &mut self,
        out: &mut String,
        [open, close]: [char; 2],
        parts: impl Iterator<Item = (Option<&'o Object>, &'o Object)>,
        range: &TextRange,
    ) -> Eval<()> {
        out.push(open);
        for (at, (key, item)) in parts.enumerate() {
            out.push_str(if at > 0 { ", " } else { "" });
            match key {
                None => {}
                Some(Object::Str(key)) => {
                    out.push_str(&json_text(key));
                    out.push_str(": ");
                }
                Some(_) => {
                    return Err(self.unknown("the JSON of this key is not followed", range.clone()));
                }
            }
            self.deeper(|machine| machine.write_json(out, item, range))?;
        }
        out.push(close);
        Ok(())
    }
}
