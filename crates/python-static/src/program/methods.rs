//! Methods of strings, lists, sets and dictionaries; formats.

use std::rc::Rc;

use super::args::Arguments;
use super::value::{Place, Value};
use super::{Eval, MAX_SIZE, Machine, Stop};

impl Machine {
    pub(super) fn call_method(
        &mut self,
        of: &Value,
        name: &str,
        arguments: Arguments,
        place: Place,
    ) -> Eval {
        if let (Some(unknown), false) = (&arguments.unknown, name == "__init__") {
            return Ok(unknown.clone());
        }
        self.charge(size_of(of), place)?;
        let result = match of {
            Value::Str(text) => self.text_method(text, name, &arguments, place)?,
            Value::List(items) => match (name, arguments.positional.as_slice()) {
                ("append", [value]) if items.borrow().len() < MAX_SIZE => {
                    items.borrow_mut().push(value.clone());
                    Some(Value::None)
                }
                ("extend", [value]) => match self.iterate(&value.clone(), place)? {
                    Ok(more) if items.borrow().len() + more.len() < MAX_SIZE => {
                        items.borrow_mut().extend(more);
                        Some(Value::None)
                    }
                    _ => {
                        let unknown = self.doubt(value, place);
                        items.borrow_mut().push(unknown);
                        Some(Value::None)
                    }
                },
                ("insert", [Value::Int(at), value]) => {
                    let length = items.borrow().len();
                    let at = usize::try_from(*at).unwrap_or(0).min(length);
                    items.borrow_mut().insert(at, value.clone());
                    Some(Value::None)
                }
                ("pop", []) => items.borrow_mut().pop(),
                ("reverse", []) => {
                    items.borrow_mut().reverse();
                    Some(Value::None)
                }
                ("copy", []) => Some(Value::list(items.borrow().clone())),
                ("index", [value]) => items
                    .borrow()
                    .iter()
                    .position(|item| item.same(value))
                    .and_then(|at| i128::try_from(at).ok())
                    .map(Value::Int),
                ("sort", _) => {
                    let sorted = self.sort(items.borrow().clone(), &arguments, place)?;
                    sorted.map(|sorted| {
                        *items.borrow_mut() = sorted;
                        Value::None
                    })
                }
                _ => None,
            },
            Value::Set(items) => match (name, arguments.positional.as_slice()) {
                ("add", [value]) => {
                    if !items.borrow().iter().any(|item| item.same(value)) {
                        items.borrow_mut().push(value.clone());
                    }
                    Some(Value::None)
                }
                ("union", [other]) => other.items().map(|other| {
                    self.set_of(items.borrow().iter().cloned().chain(other).collect())
                }),
                _ => None,
            },
            Value::Tuple(items) => match (name, arguments.positional.as_slice()) {
                ("index", [value]) => items
                    .iter()
                    .position(|item| item.same(value))
                    .and_then(|at| i128::try_from(at).ok())
                    .map(Value::Int),
                // `pkgutil.ModuleInfo` is a named tuple.
                _ => None,
            },
            Value::Dict(pairs) => match (name, arguments.positional.as_slice()) {
                ("get", [key, rest @ ..]) => {
                    let found = pairs
                        .borrow()
                        .iter()
                        .find(|(known, _)| known.same(key))
                        .map(|(_, value)| value.clone());
                    Some(found.unwrap_or_else(|| rest.first().cloned().unwrap_or(Value::None)))
                }
                ("items", []) => Some(Value::list(
                    pairs
                        .borrow()
                        .iter()
                        .map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()]))
                        .collect(),
                )),
                ("keys", []) => {
                    Some(Value::list(pairs.borrow().iter().map(|(key, _)| key.clone()).collect()))
                }
                ("values", []) => Some(Value::list(
                    pairs.borrow().iter().map(|(_, value)| value.clone()).collect(),
                )),
                ("copy", []) => Some(Value::dict(pairs.borrow().clone())),
                ("update", rest) => {
                    if let Some(first) = rest.first() {
                        match first.pairs() {
                            Some(more) => {
                                for (key, value) in more {
                                    super::eval::put(&mut pairs.borrow_mut(), key, value);
                                }
                            }
                            None => return Ok(self.doubt(first, place)),
                        }
                    }
                    for (key, value) in arguments.keywords {
                        super::eval::put(&mut pairs.borrow_mut(), Value::Str(key), value);
                    }
                    Some(Value::None)
                }
                ("setdefault", [key, value]) => {
                    let found = pairs
                        .borrow()
                        .iter()
                        .find(|(known, _)| known.same(key))
                        .map(|(_, value)| value.clone());
                    Some(found.unwrap_or_else(|| {
                        pairs.borrow_mut().push((key.clone(), value.clone()));
                        value.clone()
                    }))
                }
                ("pop", [key, rest @ ..]) => {
                    let at = pairs.borrow().iter().position(|(known, _)| known.same(key));
                    match at {
                        Some(at) => Some(pairs.borrow_mut().remove(at).1),
                        None => match rest.first() {
                            Some(default) => Some(default.clone()),
                            None => return Err(Stop::Raise("KeyError".into(), place)),
                        },
                    }
                }
                _ => None,
            },
            Value::Namespace(scope) => match (name, arguments.positional.as_slice()) {
                ("get", [Value::Str(key), rest @ ..]) => Some(
                    scope.get(key).unwrap_or_else(|| rest.first().cloned().unwrap_or(Value::None)),
                ),
                ("update", [Value::Dict(pairs)]) => {
                    for (key, value) in pairs.borrow().iter() {
                        if let Value::Str(key) = key {
                            scope.set(key, value.clone());
                        }
                    }
                    Some(Value::None)
                }
                ("items", []) => Some(Value::list(
                    scope
                        .names
                        .borrow()
                        .iter()
                        .map(|(key, value)| {
                            Value::tuple(vec![Value::Str(Rc::clone(key)), value.clone()])
                        })
                        .collect(),
                )),
                ("keys", []) => Some(Value::list(
                    scope.names.borrow().keys().map(|key| Value::Str(Rc::clone(key))).collect(),
                )),
                ("values", []) => {
                    Some(Value::list(scope.names.borrow().values().cloned().collect()))
                }
                _ => None,
            },
            // `super().__init__()` of a base that belongs to a library.
            Value::Instance(instance) if name == "__init__" => {
                *instance.handed_on.borrow_mut() = Some(arguments.clone());
                Some(Value::None)
            }
            Value::Partial(partial) => match (&partial.0, name, arguments.positional.as_slice()) {
                (Value::Builtin(kind), "group", rest) if &**kind == "match" => {
                    let at = match rest.first() {
                        Some(Value::Int(at)) => usize::try_from(*at).unwrap_or(0),
                        _ => 0,
                    };
                    partial.1.positional.get(at).cloned()
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(result) = &result {
            self.charge(size_of(result).saturating_mul(2), place)?;
            if matches!(result, Value::List(_) | Value::Dict(_) | Value::Tuple(_)) {
                self.allocate(place)?;
            }
        }
        Ok(result.unwrap_or_else(|| {
            self.unknown(format!("the result of `.{name}()` is not known"), place)
        }))
    }

    #[expect(clippy::too_many_lines, reason = "a table of methods")]
    fn text_method(
        &mut self,
        text: &Rc<str>,
        name: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Eval<Option<Value>> {
        let args = arguments.positional.as_slice();
        let strs: Vec<&str> = args.iter().filter_map(Value::as_str).collect();
        if let Some(unknown) = args.iter().find(|value| matches!(value, Value::Unknown(_))) {
            return Ok(Some(unknown.clone()));
        }
        let strip_set = |c: char| match args.first() {
            Some(Value::Str(set)) => set.contains(c),
            _ => c.is_whitespace(),
        };
        Ok(match (name, strs.as_slice()) {
            ("lower" | "casefold", []) => Some(Value::str(text.to_lowercase())),
            ("upper", []) => Some(Value::str(text.to_uppercase())),
            ("title", []) => {
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
                Some(Value::str(out))
            }
            ("capitalize", []) => {
                let mut chars = text.chars();
                let first: String =
                    chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
                Some(Value::str(first + &chars.as_str().to_lowercase()))
            }
            ("swapcase", []) => Some(Value::str(
                text.chars()
                    .map(|c| {
                        if c.is_uppercase() {
                            c.to_lowercase().to_string()
                        } else {
                            c.to_uppercase().to_string()
                        }
                    })
                    .collect::<String>(),
            )),
            ("strip", _) => Some(Value::str(text.trim_matches(strip_set))),
            ("lstrip", _) => Some(Value::str(text.trim_start_matches(strip_set))),
            ("rstrip", _) => Some(Value::str(text.trim_end_matches(strip_set))),
            ("replace", [old, new])
                if args.len() == 2 && text.len() * (new.len() + 1) < MAX_SIZE =>
            {
                Some(Value::str(text.replace(old, new)))
            }
            ("startswith" | "endswith", _) => {
                let options: Vec<String> = match args.first() {
                    Some(Value::Str(one)) => vec![one.to_string()],
                    Some(Value::Tuple(many)) => {
                        many.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
                    }
                    _ => return Ok(None),
                };
                Some(Value::Bool(options.iter().any(|one| {
                    if name == "startswith" {
                        text.starts_with(one.as_str())
                    } else {
                        text.ends_with(one.as_str())
                    }
                })))
            }
            ("removeprefix", [part]) => Some(Value::str(text.strip_prefix(part).unwrap_or(text))),
            ("removesuffix", [part]) => Some(Value::str(text.strip_suffix(part).unwrap_or(text))),
            ("split", []) if args.is_empty() => {
                Some(Value::list(text.split_whitespace().map(Value::str).collect()))
            }
            ("split", [by]) if !by.is_empty() && args.len() == 1 => {
                Some(Value::list(text.split(by).map(Value::str).collect()))
            }
            ("split", [by]) => match args.get(1) {
                Some(Value::Int(times)) => Some(Value::list(
                    text.splitn(usize::try_from(*times).unwrap_or(0) + 1, by)
                        .map(Value::str)
                        .collect(),
                )),
                _ => None,
            },
            ("rsplit", [by]) => match args.get(1) {
                Some(Value::Int(times)) => {
                    let mut parts: Vec<Value> = text
                        .rsplitn(usize::try_from(*times).unwrap_or(0) + 1, by)
                        .map(Value::str)
                        .collect();
                    parts.reverse();
                    Some(Value::list(parts))
                }
                None => Some(Value::list(text.split(by).map(Value::str).collect())),
                _ => None,
            },
            ("splitlines", []) => Some(Value::list(text.lines().map(Value::str).collect())),
            ("partition", [by]) => Some(match text.split_once(by) {
                Some((a, b)) => Value::tuple(vec![Value::str(a), Value::str(by), Value::str(b)]),
                None => {
                    Value::tuple(vec![Value::Str(Rc::clone(text)), Value::str(""), Value::str("")])
                }
            }),
            ("rpartition", [by]) => Some(match text.rsplit_once(by) {
                Some((a, b)) => Value::tuple(vec![Value::str(a), Value::str(by), Value::str(b)]),
                None => {
                    Value::tuple(vec![Value::str(""), Value::str(""), Value::Str(Rc::clone(text))])
                }
            }),
            ("join", _) => {
                let Some(value) = args.first() else { return Ok(None) };
                match self.iterate(&value.clone(), place)? {
                    Ok(items) => {
                        let parts: Option<Vec<String>> = items
                            .iter()
                            .map(|item| match item {
                                Value::Str(text) => Some(text.to_string()),
                                Value::Instance(_) => self.show(item),
                                _ => None,
                            })
                            .collect();
                        match parts {
                            Some(parts)
                                if parts.iter().map(String::len).sum::<usize>() < MAX_SIZE =>
                            {
                                Some(Value::str(parts.join(text)))
                            }
                            _ => items
                                .iter()
                                .find(|item| !matches!(item, Value::Str(_)))
                                .map(|item| self.doubt(item, place)),
                        }
                    }
                    Err(unknown) => Some(unknown),
                }
            }
            ("format", _) => self.format_text(text, arguments).map(Value::str),
            ("isupper", []) => Some(Value::Bool(
                text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
            )),
            ("islower", []) => Some(Value::Bool(
                text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
            )),
            ("isdigit", []) => {
                Some(Value::Bool(!text.is_empty() && text.chars().all(|c| c.is_ascii_digit())))
            }
            ("isalnum", []) => {
                Some(Value::Bool(!text.is_empty() && text.chars().all(char::is_alphanumeric)))
            }
            ("find", [part]) => Some(Value::Int(
                text.find(part)
                    .map_or(-1, |at| i128::try_from(text[..at].chars().count()).unwrap_or(0)),
            )),
            ("count", [part]) if !part.is_empty() => {
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
        })
    }

    /// `format(value, spec)`
    pub(super) fn format(&self, value: &Value, spec: &str) -> Option<String> {
        if spec.is_empty() {
            return self.show(value);
        }
        let zero = spec.starts_with('0');
        let body = spec.trim_end_matches(['d', 's']);
        let width: usize = body.parse().ok()?;
        if width > 1000 {
            return None;
        }
        match value {
            Value::Int(value) if zero => Some(format!("{value:0width$}")),
            Value::Int(value) => Some(format!("{value:width$}")),
            Value::Str(text) if !zero => Some(format!("{text:width$}")),
            _ => None,
        }
    }

    fn format_text(&mut self, text: &str, arguments: &Arguments) -> Option<String> {
        let mut out = String::new();
        let mut next = 0;
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if rest.starts_with(brace) {
                out.push_str(brace);
                rest = &rest[1..];
                continue;
            }
            if brace == "}" {
                return None;
            }
            let end = rest.find('}')?;
            let field = &rest[..end];
            rest = &rest[end + 1..];
            let (field, spec) = field.split_once(':').unwrap_or((field, ""));
            let mut path = field.split('.');
            let head = path.next()?;
            let mut value = if head.is_empty() {
                next += 1;
                arguments.positional.get(next - 1)?.clone()
            } else if let Ok(at) = head.parse::<usize>() {
                arguments.positional.get(at)?.clone()
            } else {
                arguments.keyword(head)?.clone()
            };
            for part in path {
                value = self.attribute(&value, part, Place::default()).ok()?;
            }
            out.push_str(&self.format(&value, spec)?);
            if out.len() > MAX_SIZE {
                return None;
            }
        }
        out.push_str(rest);
        Some(out)
    }

    /// `format % values`
    pub(super) fn percent(&self, format: &str, values: &Value) -> Option<String> {
        let mut out = String::new();
        let list = match values {
            Value::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        let mut next = 0;
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                out.push('%');
                rest = after;
                continue;
            }
            let value = if let Some(named) = rest.strip_prefix('(') {
                let end = named.find(')')?;
                let key = &named[..end];
                rest = &named[end + 1..];
                values.pairs()?.into_iter().find(|(known, _)| known.as_str() == Some(key))?.1
            } else {
                next += 1;
                list.get(next - 1)?.clone()
            };
            let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
            let flags = &rest[..end];
            let kind = &rest[end..=end];
            rest = &rest[end + 1..];
            let shown = match kind {
                "s" if flags.is_empty() => self.show(&value)?,
                "r" if flags.is_empty() => self.repr(&value)?,
                "d" | "i" => self.format(&value, flags)?,
                _ => return None,
            };
            out.push_str(&shown);
        }
        out.push_str(rest);
        (values.pairs().is_some() || next == list.len()).then_some(out)
    }
}

/// How many bytes or items a value holds itself.
pub(super) fn size_of(value: &Value) -> usize {
    match value {
        Value::Str(text) => text.len(),
        Value::Tuple(items) => items.len(),
        Value::List(items) | Value::Set(items) => items.borrow().len(),
        Value::Dict(pairs) => pairs.borrow().len(),
        Value::Namespace(scope) => scope.names.borrow().len(),
        _ => 0,
    }
}
