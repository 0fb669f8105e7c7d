//! Conversions to text, numbers and collections.

use std::sync::Arc;

use super::super::calls::Arguments;
use super::super::machine::{Eval, Machine};
use super::super::object::{Cell, Object};
use super::super::operators::as_int;
use crate::source::TextRange;
use crate::text;

impl Machine<'_> {
    pub(super) fn call_conversion(
        &mut self,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let unknown = |machine: &Self| {
            machine.unknown(format!("`{name}()` of this is not followed"), range.clone())
        };
        let Some(first) = arguments.first() else {
            return match name {
                "str" => Ok(Object::str("")),
                "int" => Ok(Object::Int(0)),
                "bool" => Ok(Object::Bool(false)),
                _ => Err(unknown(self)),
            };
        };
        match (name, first) {
            ("bool", _) => self.truth(first, range).map(Object::Bool),
            ("str", Object::Bytes(_))
                if arguments.positional.len() > 1 || !arguments.keywords.is_empty() =>
            {
                let rest = Arguments::of(arguments.positional[1..].to_vec());
                self.call_method(&first.clone(), "decode", &rest, range)
            }
            ("str", _) => self.text_of(&first.clone(), &range).map(Object::str),
            ("repr", _) => self.repr(first).map(Object::str).ok_or_else(|| unknown(self)),
            ("ascii", _) => {
                let text = self.repr(first).map(|text| text::only_ascii(&text));
                text.map(Object::str).ok_or_else(|| unknown(self))
            }
            ("format", _) => {
                let spec = match arguments.positional.get(1) {
                    Some(Object::Str(spec)) => spec.to_string(),
                    _ => String::new(),
                };
                self.format_value(&first.clone(), &spec, &range).map(Object::str)
            }
            ("int", Object::Str(text)) => self.parse_int(text, arguments, range),
            ("int" | "round", Object::Int(_) | Object::Bool(_))
                if arguments.positional.len() == 1 =>
            {
                Ok(Object::Int(as_int(first)))
            }
            ("int", Object::Float(value)) if value.abs() < 1e15 => {
                Ok(Object::Int(truncate(*value)))
            }
            ("float", Object::Int(_) | Object::Bool(_)) => {
                self.binary(first, rustpython_parser::ast::Operator::Div, &Object::Int(1), range)
            }
            ("float", Object::Float(_)) => Ok(first.clone()),
            ("hex" | "oct" | "bin", Object::Int(_) | Object::Bool(_)) => {
                let value = as_int(first);
                let sign = if value < 0 { "-" } else { "" };
                let size = value.unsigned_abs();
                Ok(Object::str(match name {
                    "hex" => format!("{sign}{size:#x}"),
                    "oct" => format!("{sign}{size:#o}"),
                    _ => format!("{sign}{size:#b}"),
                }))
            }
            ("chr", Object::Int(code)) => u32::try_from(*code)
                .ok()
                .and_then(char::from_u32)
                .map(|c| Object::str(c.to_string()))
                .ok_or_else(|| unknown(self)),
            ("ord", Object::Str(text)) => {
                let mut chars = text.chars();
                match (chars.next(), chars.next()) {
                    (Some(c), None) => Ok(Object::Int(u32::from(c).into())),
                    _ => Err(self.raise("TypeError", "ord() expected a character", range)),
                }
            }
            _ => Err(unknown(self)),
        }
    }

    /// `int(text, base)`
    fn parse_int(&self, text: &str, arguments: &Arguments, range: TextRange) -> Eval {
        let base = match arguments.get(1, "base") {
            Some(base) => u32::try_from(as_int(base)).unwrap_or(99),
            None => 10,
        };
        if base != 0 && !(2..=36).contains(&base) {
            return Err(self.raise("ValueError", "int() base must be >= 2 and <= 36, or 0", range));
        }
        let trimmed = text.trim();
        let (sign, digits) = match trimmed.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let lower = digits.to_ascii_lowercase();
        let prefixes = [("0x", 16), ("0o", 8), ("0b", 2)];
        let prefixed = prefixes
            .iter()
            .find(|(prefix, radix)| (base == 0 || base == *radix) && lower.starts_with(prefix));
        let (digits, base) = match prefixed {
            Some((prefix, radix)) => (lower[prefix.len()..].trim_start_matches('_'), *radix),
            None => (lower.as_str(), if base == 0 { 10 } else { base }),
        };
        let odd = digits.is_empty()
            || digits.starts_with(['_', '+', '-'])
            || digits.ends_with('_')
            || digits.contains("__");
        if odd || !digits.chars().all(|c| c == '_' || c.is_digit(base)) {
            if !text.is_ascii() {
                return Err(self.unknown("this number is not followed", range));
            }
            return Err(self.raise(
                "ValueError",
                format!("invalid literal for int(): `{text}`"),
                range,
            ));
        }
        i128::from_str_radix(&format!("{sign}{}", digits.replace('_', "")), base)
            .map(Object::Int)
            .map_err(|_| self.too_big(range))
    }

    pub(super) fn call_collection(
        &mut self,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        match name {
            "dict" | "collections.OrderedDict" => return self.make_dict(arguments, range),
            "range" => return self.make_range(arguments, range),
            "zip" => {
                let rows = self.transposed(&arguments.positional, &range)?;
                let items: Vec<Object> = rows.into_iter().map(Object::tuple).collect();
                return Ok(Object::Iterator(self.state.allocate(Cell::Iterator(items.into()))));
            }
            _ => {}
        }
        let items = match arguments.first() {
            Some(source) => {
                let source = source.clone();
                match name {
                    // These give an order on: it must be one that is known.
                    "enumerate" | "iter" | "reversed" => self.iterate(&source, range.clone())?,
                    _ => self.members_at(&source, range.clone())?,
                }
            }
            None => Vec::new(),
        };
        Ok(match name {
            "list" => self.new_list(items),
            "tuple" => Object::tuple(items),
            "set" => {
                let items = self.distinct(items, range)?;
                Object::Set(self.state.allocate(Cell::Set(items)))
            }
            "frozenset" => Object::frozenset(self.distinct(items, range)?),
            "sorted" => {
                let sorted = self.sort(items, arguments, &range)?;
                self.new_list(sorted)
            }
            _ => {
                let items: std::collections::VecDeque<Object> = match name {
                    "reversed" => items.into_iter().rev().collect(),
                    "enumerate" => {
                        let start = arguments.get(1, "start").map_or(0, as_int);
                        let numbers = (start..).map(Object::Int);
                        numbers
                            .zip(items)
                            .map(|(number, item)| Object::tuple(vec![number, item]))
                            .collect()
                    }
                    _ => items.into(),
                };
                Object::Iterator(self.state.allocate(Cell::Iterator(items)))
            }
        })
    }

    /// A stable sort by `key=` and `reverse=`.
    pub(in crate::evaluate) fn sort(
        &mut self,
        items: Vec<Object>,
        arguments: &Arguments,
        range: &TextRange,
    ) -> Eval<Vec<Object>> {
        let mut keyed = self.keyed(items, arguments.keyword("key"), range)?;
        let reverse = match arguments.keyword("reverse") {
            Some(value) => self.truth(value, range.clone())?,
            None => false,
        };
        self.spend(keyed.len())?;
        let mut failed = None;
        keyed.sort_by(|(a, _), (b, _)| match self.order(a, b, range.clone()) {
            Ok(order) if reverse => order.reverse(),
            Ok(order) => order,
            Err(stop) => {
                failed.get_or_insert(stop);
                std::cmp::Ordering::Equal
            }
        });
        match failed {
            Some(stop) => Err(stop),
            None => Ok(keyed.into_iter().map(|(_, item)| item).collect()),
        }
    }

    fn make_dict(&mut self, arguments: &Arguments, range: TextRange) -> Eval {
        let dict = self.state.allocate(Cell::Dict(Vec::new()));
        if let Some(source) = arguments.first() {
            for (key, value) in self.pairs(&source.clone(), range.clone())? {
                self.dict_insert(dict, key, value, range.clone())?;
            }
        }
        for (name, value) in &arguments.keywords {
            self.dict_insert(dict, Object::Str(Arc::clone(name)), value.clone(), range.clone())?;
        }
        Ok(Object::Dict(dict))
    }

    fn make_range(&mut self, arguments: &Arguments, range: TextRange) -> Eval {
        let numbers = arguments
            .positional
            .iter()
            .all(|object| matches!(object, Object::Int(_) | Object::Bool(_)));
        let bounds: Vec<i128> = arguments.positional.iter().map(as_int).collect();
        match (numbers, bounds.as_slice()) {
            (true, [stop]) => Ok(Object::Range(0, *stop, 1)),
            (true, [start, stop]) => Ok(Object::Range(*start, *stop, 1)),
            (true, [start, stop, step]) if *step != 0 => Ok(Object::Range(*start, *stop, *step)),
            _ => Err(self.raise("TypeError", "range() takes one to three integers", range)),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the caller has checked the size")]
fn truncate(value: f64) -> i128 {
    value.trunc() as i128
}
