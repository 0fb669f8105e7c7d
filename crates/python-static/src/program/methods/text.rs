//! Methods of strings.

use std::rc::Rc;

use crate::program::args::Arguments;
use crate::program::value::{Place, Value};
use crate::program::{Eval, MAX_SIZE, Machine};

impl Machine {
    pub(super) fn text_method(
        &mut self,
        text: &Rc<str>,
        name: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Eval<Option<Value>> {
        let args = arguments.positional.as_slice();
        if let Some(unknown) = args.iter().find(|value| matches!(value, Value::Unknown(_))) {
            return Ok(Some(unknown.clone()));
        }
        if !matches!(name, "format" | "encode") && !arguments.keywords.is_empty() {
            return Ok(None);
        }
        Ok(match name {
            "join" => self.join_text(text, args.first(), place)?,
            "format" => self.format_text(text, arguments).map(Value::str),
            "strip" | "lstrip" | "rstrip" => Some(stripped(text, name, args.first())),
            "startswith" | "endswith" => has_affix(text, name, args),
            "split" | "rsplit" | "splitlines" | "partition" | "rpartition" => cut(text, name, args),
            _ => case(text, name, args).or_else(|| changed(text, name, args)),
        })
    }

    /// `text.join(items)`
    fn join_text(
        &mut self,
        text: &str,
        items: Option<&Value>,
        place: Place,
    ) -> Eval<Option<Value>> {
        let Some(items) = items else { return Ok(None) };
        let items = match self.iterate(items, place)? {
            Ok(items) => items,
            Err(unknown) => return Ok(Some(unknown)),
        };
        let shown = |item: &Value| match item {
            Value::Str(text) => Some(text.to_string()),
            Value::Instance(_) => self.show(item),
            _ => None,
        };
        let parts: Option<Vec<String>> = items.iter().map(shown).collect();
        let fitting = parts.filter(|parts| parts.iter().map(String::len).sum::<usize>() < MAX_SIZE);
        Ok(match fitting {
            Some(parts) => Some(Value::str(parts.join(text))),
            None => items
                .iter()
                .find(|item| !matches!(item, Value::Str(_)))
                .map(|item| self.doubt(item, place)),
        })
    }
}

/// The strings among arguments.
fn strings(args: &[Value]) -> Vec<&str> {
    args.iter().filter_map(Value::as_str).collect()
}

/// Upper and lower case, kinds of characters: methods without arguments.
fn case(text: &str, name: &str, args: &[Value]) -> Option<Value> {
    if args.iter().any(|value| value.as_str().is_some()) {
        return None;
    }
    match name {
        "lower" | "casefold" => Some(Value::str(text.to_lowercase())),
        "upper" => Some(Value::str(text.to_uppercase())),
        "title" => Some(Value::str(title(text))),
        "capitalize" => Some(Value::str(capitalized(text))),
        "swapcase" => Some(Value::str(text.chars().map(swapped).collect::<String>())),
        "isupper" => Some(Value::Bool(
            text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
        )),
        "islower" => Some(Value::Bool(
            text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
        )),
        "isdigit" => {
            Some(Value::Bool(!text.is_empty() && text.chars().all(|c| c.is_ascii_digit())))
        }
        "isalnum" => Some(Value::Bool(!text.is_empty() && text.chars().all(char::is_alphanumeric))),
        _ => None,
    }
}

fn title(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_alphabetic();
    }
    out
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    first + &chars.as_str().to_lowercase()
}

fn swapped(c: char) -> String {
    if c.is_uppercase() { c.to_lowercase().to_string() } else { c.to_uppercase().to_string() }
}

/// `text.strip(characters)` and those of one side.
fn stripped(text: &str, name: &str, characters: Option<&Value>) -> Value {
    let is_stripped = |c: char| match characters {
        Some(Value::Str(set)) => set.contains(c),
        _ => c.is_whitespace(),
    };
    Value::str(match name {
        "lstrip" => text.trim_start_matches(is_stripped),
        "rstrip" => text.trim_end_matches(is_stripped),
        _ => text.trim_matches(is_stripped),
    })
}

/// `text.startswith(options)`, `text.endswith(options)`
fn has_affix(text: &str, name: &str, args: &[Value]) -> Option<Value> {
    let [options] = args else { return None };
    let has = |affix: &str| match name {
        "startswith" => text.starts_with(affix),
        _ => text.ends_with(affix),
    };
    match options {
        Value::Str(one) => Some(Value::Bool(has(one))),
        Value::Tuple(many) => Some(Value::Bool(many.iter().filter_map(Value::as_str).any(has))),
        _ => None,
    }
}

/// A string in parts.
fn cut(text: &Rc<str>, name: &str, args: &[Value]) -> Option<Value> {
    match (name, strings(args).as_slice()) {
        ("split", []) if args.is_empty() => {
            Some(Value::list(text.split_whitespace().map(Value::str).collect()))
        }
        ("split" | "rsplit", [by]) if !by.is_empty() => {
            let parts = most_parts(args.get(1))?;
            Some(Value::list(if name == "split" {
                text.splitn(parts, by).map(Value::str).collect()
            } else {
                let mut parts: Vec<Value> = text.rsplitn(parts, by).map(Value::str).collect();
                parts.reverse();
                parts
            }))
        }
        ("splitlines", []) if args.is_empty() => {
            Some(Value::list(text.lines().map(Value::str).collect()))
        }
        ("partition", [by]) => Some(match text.split_once(by) {
            Some((a, b)) => Value::tuple(vec![Value::str(a), Value::str(by), Value::str(b)]),
            None => Value::tuple(vec![Value::Str(Rc::clone(text)), Value::str(""), Value::str("")]),
        }),
        ("rpartition", [by]) => Some(match text.rsplit_once(by) {
            Some((a, b)) => Value::tuple(vec![Value::str(a), Value::str(by), Value::str(b)]),
            None => Value::tuple(vec![Value::str(""), Value::str(""), Value::Str(Rc::clone(text))]),
        }),
        _ => None,
    }
}

/// Into how many parts `maxsplit` lets a string be cut; any number below zero is no bound.
fn most_parts(maxsplit: Option<&Value>) -> Option<usize> {
    match maxsplit {
        None => Some(usize::MAX),
        Some(Value::Int(times)) => {
            Some(usize::try_from(*times).map_or(usize::MAX, |times| times.saturating_add(1)))
        }
        Some(_) => None,
    }
}

/// A string with something replaced, taken away, looked for or put in front.
fn changed(text: &str, name: &str, args: &[Value]) -> Option<Value> {
    match (name, strings(args).as_slice()) {
        ("replace", [old, new]) if args.len() == 2 && text.len() * (new.len() + 1) < MAX_SIZE => {
            Some(Value::str(text.replace(old, new)))
        }
        ("removeprefix", [part]) => Some(Value::str(text.strip_prefix(part).unwrap_or(text))),
        ("removesuffix", [part]) => Some(Value::str(text.strip_suffix(part).unwrap_or(text))),
        ("find", [part]) if args.len() == 1 => Some(Value::Int(
            text.find(part)
                .map_or(-1, |at| i128::try_from(text[..at].chars().count()).unwrap_or(0)),
        )),
        ("count", [part]) if !part.is_empty() && args.len() == 1 => {
            i128::try_from(text.matches(part).count()).ok().map(Value::Int)
        }
        ("zfill", _) => match args.first() {
            Some(Value::Int(width)) => usize::try_from(*width)
                .ok()
                .filter(|width| *width < 1000)
                .map(|width| Value::str(format!("{text:0>width$}"))),
            _ => None,
        },
        ("encode", _) => Some(Value::Bytes(text.as_bytes().into())),
        _ => None,
    }
}
