//! Methods of strings.

use super::super::calls::Arguments;
use super::super::machine::{Eval, MAX_SIZE, Machine};
use super::super::object::Object;
use super::super::operators::as_int;
use super::split;
use crate::source::TextRange;

impl Machine<'_> {
    pub(super) fn call_text_method(
        &mut self,
        text: &str,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let strings: Option<Vec<&str>> = arguments.positional.iter().map(as_str).collect();
        match name {
            "join" => self.join_text(text, arguments, range),
            "split" | "rsplit" | "splitlines" | "partition" | "rpartition" => {
                self.call_split(text, name, arguments, range)
            }
            "format" => self.format_fields(text, arguments, &range).map(Object::str),
            "format_map" => {
                let source = arguments.first().cloned().unwrap_or(Object::None);
                let mut keywords = Vec::new();
                for (key, value) in self.pairs(&source, range.clone())? {
                    if let Object::Str(key) = key {
                        keywords.push((key, value));
                    }
                }
                let arguments = Arguments { positional: Vec::new(), keywords };
                self.format_fields(text, &arguments, &range).map(Object::str)
            }
            "zfill" | "rjust" | "ljust" | "center" | "expandtabs" => {
                self.call_padding(text, name, arguments, range)
            }
            "find" | "rfind" | "index" | "rindex" | "count" | "startswith" | "endswith" => {
                self.call_search(text, name, arguments, range)
            }
            "encode" if arguments.all().next().is_none() || strings == Some(vec!["utf-8"]) => {
                Ok(Object::Bytes(text.as_bytes().into()))
            }
            "replace" if !self.replace_fits(text, arguments) => {
                Err(self.unknown("the value is too large to be followed", range))
            }
            _ => match plain(text, name, strings.as_deref().unwrap_or(&["", "", ""]), arguments) {
                Some(object) => Ok(object),
                None => Err(self.unknown_method(name, range)),
            },
        }
    }

    fn replace_fits(&self, text: &str, arguments: &Arguments) -> bool {
        let size =
            |index: usize| arguments.positional.get(index).and_then(as_str).map_or(0, str::len);
        let most = (text.len() + 1).saturating_mul(size(1).max(1));
        // What is replaced is seldom every character; count only when it could matter.
        most <= MAX_SIZE || {
            let old = arguments.positional.first().and_then(as_str).unwrap_or_default();
            let count = if old.is_empty() { text.len() + 1 } else { text.matches(old).count() };
            text.len().saturating_add(count.saturating_mul(size(1))) <= MAX_SIZE
        } && self.work(text.len()).is_ok()
    }

    fn join_text(&mut self, separator: &str, arguments: &Arguments, range: TextRange) -> Eval {
        let source = arguments.first().cloned().unwrap_or(Object::None);
        let mut joined = String::new();
        for (index, item) in self.iterate(&source, range.clone())?.iter().enumerate() {
            let piece = match item {
                Object::Str(piece) => piece,
                Object::Unknown(cause) => {
                    return Err(super::super::machine::Stop::Unknown(cause.clone()));
                }
                Object::Instance(_) => return Err(self.unknown("this join is not followed", range)),
                _ => return Err(self.raise("TypeError", "join() takes strings", range)),
            };
            if index > 0 {
                joined.push_str(separator);
            }
            self.check_size(joined.len() + piece.len(), &range)?;
            joined.push_str(piece);
        }
        Ok(Object::str(joined))
    }

    fn call_padding(
        &mut self,
        text: &str,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let Some(width @ (Object::Int(_) | Object::Bool(_))) = arguments.first() else {
            return Err(self.unknown_method(name, range));
        };
        let width = usize::try_from(as_int(width)).unwrap_or(0);
        self.check_size(width, &range)?;
        let length = text.chars().count();
        let missing = width.saturating_sub(length);
        let fill = match arguments.positional.get(1) {
            Some(Object::Str(fill)) if fill.chars().count() == 1 => fill.to_string(),
            None => " ".to_owned(),
            _ => return Err(self.unknown_method(name, range)),
        };
        Ok(Object::str(match name {
            "zfill" => {
                let sign = text.len() - text.trim_start_matches(['+', '-']).len();
                let sign = sign.min(1);
                format!("{}{}{}", &text[..sign], "0".repeat(missing), &text[sign..])
            }
            "rjust" => format!("{}{text}", fill.repeat(missing)),
            "ljust" => format!("{text}{}", fill.repeat(missing)),
            "center" => {
                // As CPython: the odd blank goes to the left when the width is odd.
                let left = missing / 2 + (missing & width & 1);
                format!("{}{text}{}", fill.repeat(left), fill.repeat(missing - left))
            }
            _ => return Err(self.unknown_method(name, range)),
        }))
    }

    fn call_search(
        &mut self,
        text: &str,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let [wanted] = arguments.positional.as_slice() else {
            return Err(self.unknown_method(name, range));
        };
        let position = |at: Option<usize>| {
            at.map_or(-1, |at| i128::try_from(text[..at].chars().count()).unwrap_or(-1))
        };
        match (name, wanted) {
            ("startswith" | "endswith", Object::Tuple(several)) => {
                let test = |part: &str| {
                    if name == "startswith" { text.starts_with(part) } else { text.ends_with(part) }
                };
                Ok(Object::Bool(several.iter().filter_map(as_str).any(test)))
            }
            ("startswith", Object::Str(part)) => Ok(Object::Bool(text.starts_with(&**part))),
            ("endswith", Object::Str(part)) => Ok(Object::Bool(text.ends_with(&**part))),
            ("find", Object::Str(part)) => Ok(Object::Int(position(text.find(&**part)))),
            ("rfind", Object::Str(part)) => Ok(Object::Int(position(text.rfind(&**part)))),
            ("index" | "rindex", Object::Str(part)) => {
                let found = if name == "index" { text.find(&**part) } else { text.rfind(&**part) };
                match found {
                    Some(_) => Ok(Object::Int(position(found))),
                    None => Err(self.raise("ValueError", "substring not found", range)),
                }
            }
            ("count", Object::Str(part)) if part.is_empty() => {
                Ok(Object::Int(i128::try_from(text.chars().count()).unwrap_or(0) + 1))
            }
            ("count", Object::Str(part)) => {
                Ok(Object::Int(i128::try_from(text.matches(&**part).count()).unwrap_or(0)))
            }
            _ => Err(self.unknown_method(name, range)),
        }
    }
}

/// Methods whose result depends on strings alone.
fn plain(text: &str, name: &str, strings: &[&str], arguments: &Arguments) -> Option<Object> {
    let set = match arguments.positional.as_slice() {
        [] | [Object::None] => None,
        [Object::Str(set)] => Some(&**set),
        _ => Some("\0"),
    };
    let strips = |c: char| set.map_or_else(|| split::is_space(c), |set| set.contains(c));
    let changed = match (name, strings) {
        ("strip", _) if set != Some("\0") => text.trim_matches(strips).to_owned(),
        ("lstrip", _) if set != Some("\0") => text.trim_start_matches(strips).to_owned(),
        ("rstrip", _) if set != Some("\0") => text.trim_end_matches(strips).to_owned(),
        ("replace", [old, new]) => replace(text, old, new, None),
        ("replace", _) => {
            let (old, new) =
                (as_str(arguments.positional.first()?)?, as_str(arguments.positional.get(1)?)?);
            let count = as_int(arguments.get(2, "count")?);
            replace(text, old, new, usize::try_from(count).ok())
        }
        ("lower" | "casefold", []) if text.is_ascii() || name == "lower" => text.to_lowercase(),
        ("upper", []) => text.to_uppercase(),
        ("swapcase", []) if text.is_ascii() => text.chars().map(swap_case).collect(),
        ("capitalize", []) => capitalise(text),
        ("title", []) if text.is_ascii() => title(text),
        ("removeprefix", [prefix]) => text.strip_prefix(prefix).unwrap_or(text).to_owned(),
        ("removesuffix", [suffix]) => text.strip_suffix(suffix).unwrap_or(text).to_owned(),
        ("translate" | "maketrans", _) => return None,
        _ => return predicate(text, name, strings).map(Object::Bool),
    };
    Some(Object::str(changed))
}

fn predicate(text: &str, name: &str, strings: &[&str]) -> Option<bool> {
    if !strings.is_empty() || !text.is_ascii() {
        return None;
    }
    let all = |test: fn(char) -> bool| !text.is_empty() && text.chars().all(test);
    Some(match name {
        "isdigit" | "isdecimal" | "isnumeric" => all(|c| c.is_ascii_digit()),
        "isalpha" => all(|c| c.is_ascii_alphabetic()),
        "isalnum" => all(|c| c.is_ascii_alphanumeric()),
        "isspace" => all(split::is_space),
        "islower" => {
            text.chars().any(|c| c.is_ascii_lowercase())
                && !text.chars().any(|c| c.is_ascii_uppercase())
        }
        "isupper" => {
            text.chars().any(|c| c.is_ascii_uppercase())
                && !text.chars().any(|c| c.is_ascii_lowercase())
        }
        "isascii" => true,
        "isidentifier" => {
            text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && text.chars().next().is_some_and(|c| !c.is_ascii_digit())
        }
        _ => return None,
    })
}

fn replace(text: &str, old: &str, new: &str, count: Option<usize>) -> String {
    match count {
        None => text.replace(old, new),
        Some(count) => text.replacen(old, new, count),
    }
}

fn swap_case(c: char) -> char {
    if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
}

fn capitalise(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect(),
        None => String::new(),
    }
}

fn title(text: &str) -> String {
    let mut behind_letter = false;
    text.chars()
        .map(|c| {
            let cased = if behind_letter { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
            behind_letter = c.is_ascii_alphabetic();
            cased
        })
        .collect()
}

fn as_str(object: &Object) -> Option<&str> {
    match object {
        Object::Str(text) => Some(text),
        _ => None,
    }
}
