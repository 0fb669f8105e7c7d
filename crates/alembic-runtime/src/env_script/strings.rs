//! Methods of texts, lists, dictionaries, paths and URLs.

use std::{path::Path, rc::Rc};

use python_static::TextRange;
use python_static::percent::{self, Piece};

use super::{
    calls::Arguments,
    machine::{Eval, MAX_TEXT, Machine},
    paths,
    value::{Dict, Scope, Trail, Value},
};
use crate::database_url::{DatabaseUrl, Secret};

impl Machine<'_> {
    pub(super) fn call_method(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        of: &Value,
        name: &str,
        arguments: Arguments,
    ) -> Eval {
        let found = match of {
            Value::Str(text, trail) => {
                self.text_method(scope, range, (text, trail), name, &arguments)
            }
            Value::Dict(dict) => self.dict_method(scope, range, dict, name, &arguments),
            Value::List(list) if name == "append" => {
                if let (Some(item), None) =
                    (arguments.plain.first(), self.condition_beyond(list.level))
                {
                    list.items.borrow_mut().push(item.clone());
                    Some(Value::None)
                } else {
                    None
                }
            }
            Value::Path(path) => self.path_method(path, name, &arguments),
            Value::Secret(text, trail) if name == "get_secret_value" => {
                Some(Value::Str(Rc::clone(text), trail.clone()))
            }
            Value::Url(url, trail) => self.url_method((url, trail), name, &arguments),
            Value::Engine(_) | Value::Unknown(_) => {
                return self.engine_method(scope, range, of, name, arguments);
            }
            Value::Object(object) => {
                return self.object_method(scope, range, object, name, arguments);
            }
            _ => None,
        };
        match found {
            Some(value) => Ok(value),
            None => {
                let culprit = arguments.all().find(|value| value.doubt().is_some()).cloned();
                if matches!(of, Value::Dict(_) | Value::List(_))
                    && !matches!(
                        name,
                        "get" | "keys" | "values" | "items" | "index" | "count" | "copy"
                    )
                {
                    let doubt = self.doubt(scope, range, format!("`{name}` may change this value"));
                    match of {
                        Value::Dict(dict) => self.open_up(dict, &doubt),
                        Value::List(list) => list.items.borrow_mut().push(Value::Unknown(doubt)),
                        _ => {}
                    }
                }
                let callee = culprit.unwrap_or(Value::None);
                self.call_unknown(
                    scope,
                    range,
                    &callee,
                    &arguments,
                    &format!("what `{name}` gives is not known"),
                )
            }
        }
    }

    fn text_method(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        (text, trail): (&Rc<str>, &Trail),
        name: &str,
        arguments: &Arguments,
    ) -> Option<Value> {
        let again = |text: String| Some(Value::text(text, trail.clone()));
        let first = arguments.text(0, "prefix");
        match name {
            "replace" => {
                let (old, new) = (arguments.text(0, "old")?, arguments.text(1, "new")?);
                let count = match arguments.get(2, "count") {
                    None => usize::MAX,
                    Some(Value::Int(count)) => usize::try_from(*count).unwrap_or(usize::MAX),
                    Some(_) => return None,
                };
                if old.is_empty() || text.len().saturating_mul(new.len().max(1)) > MAX_TEXT * 16 {
                    return None;
                }
                again(text.replacen(old, new, count))
            }
            "strip" if arguments.plain.is_empty() => again(text.trim().to_owned()),
            "lstrip" if arguments.plain.is_empty() => again(text.trim_start().to_owned()),
            "rstrip" if arguments.plain.is_empty() => again(text.trim_end().to_owned()),
            "strip" => again(
                text.trim_matches(|character| first.is_some_and(|set| set.contains(character)))
                    .to_owned(),
            ),
            "lstrip" => again(
                text.trim_start_matches(|character| {
                    first.is_some_and(|set| set.contains(character))
                })
                .to_owned(),
            ),
            "rstrip" => again(
                text.trim_end_matches(|character| first.is_some_and(|set| set.contains(character)))
                    .to_owned(),
            ),
            "lower" | "casefold" => again(text.to_lowercase()),
            "upper" => again(text.to_uppercase()),
            "removeprefix" => again(text.strip_prefix(first?).unwrap_or(text).to_owned()),
            "removesuffix" => {
                let suffix = arguments.text(0, "suffix")?;
                again(text.strip_suffix(suffix).unwrap_or(text).to_owned())
            }
            "startswith" => Some(Value::Bool(
                self.affixes(arguments)?.iter().any(|affix| text.starts_with(&**affix)),
            )),
            "endswith" => Some(Value::Bool(
                self.affixes(arguments)?.iter().any(|affix| text.ends_with(&**affix)),
            )),
            "split" => {
                let separator =
                    arguments.text(0, "sep").filter(|separator| !separator.is_empty())?;
                let pieces: Vec<_> = match arguments.get(1, "maxsplit") {
                    None => text.split(separator).map(str::to_owned).collect(),
                    Some(Value::Int(count)) => {
                        let count = usize::try_from(*count).ok()?;
                        text.splitn(count + 1, separator).map(str::to_owned).collect()
                    }
                    Some(_) => return None,
                };
                let pieces =
                    pieces.into_iter().map(|piece| Value::text(piece, trail.clone())).collect();
                Some(self.list(pieces))
            }
            "partition" | "rpartition" => {
                let separator = arguments.text(0, "sep").filter(|it| !it.is_empty())?;
                let found =
                    if name == "partition" { text.find(separator) } else { text.rfind(separator) };
                let parts = match found {
                    Some(at) => [&text[..at], separator, &text[at + separator.len()..]],
                    None if name == "partition" => [&**text, "", ""],
                    None => ["", "", &**text],
                };
                let parts = parts.map(|part| Value::text(part, trail.clone()));
                Some(self.list(parts.to_vec()))
            }
            "rsplit" => {
                let separator = arguments.text(0, "sep").filter(|it| !it.is_empty())?;
                let Some(Value::Int(count)) = arguments.get(1, "maxsplit") else { return None };
                let count = usize::try_from(*count).ok()?;
                let mut pieces: Vec<_> = text
                    .rsplitn(count + 1, separator)
                    .map(|piece| Value::text(piece, trail.clone()))
                    .collect();
                pieces.reverse();
                Some(self.list(pieces))
            }
            "join" => {
                let items = self.items_of(arguments.plain.first()?)?;
                let mut parts = Vec::new();
                for (index, item) in items.into_iter().enumerate() {
                    if index > 0 {
                        parts.push(Value::Str(Rc::clone(text), trail.clone()));
                    }
                    parts.push(item);
                }
                Some(self.concatenated(scope, range, &parts))
            }
            "format" => Some(self.format(scope, range, (text, trail), arguments)),
            // pydantic's URLs are followed as texts.
            "unicode_string" | "encoded_string" | "__str__" | "get_secret_value" => {
                again(text.to_string())
            }
            _ => None,
        }
    }

    fn affixes(&self, arguments: &Arguments) -> Option<Vec<Rc<str>>> {
        match arguments.plain.first()? {
            Value::Str(text, _) => Some(vec![Rc::clone(text)]),
            list => {
                let items = self.items_of(list)?;
                items.iter().map(|item| item.as_str().map(Rc::from)).collect()
            }
        }
    }

    /// `text.format(…)` with plain fields.
    fn format(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        (text, trail): (&str, &Trail),
        arguments: &Arguments,
    ) -> Value {
        let mut parts = Vec::new();
        let mut rest = text;
        let mut next = 0;
        while let Some(at) = rest.find(['{', '}']) {
            parts.push(Value::text(&rest[..at], trail.clone()));
            let behind = &rest[at + 1..];
            if behind.starts_with(&rest[at..=at]) {
                parts.push(Value::text(&rest[at..=at], trail.clone()));
                rest = &behind[1..];
                continue;
            }
            let Some(end) = behind.find('}').filter(|_| rest[at..].starts_with('{')) else {
                return self.unknown(scope, range, "this format is not followed");
            };
            let field = &behind[..end];
            let value = if field.is_empty() {
                next += 1;
                arguments.plain.get(next - 1)
            } else if let Ok(index) = field.parse::<usize>() {
                arguments.plain.get(index)
            } else {
                arguments.keyword(field)
            };
            let Some(value) = value else {
                return self.unknown(scope, range, "this format is not followed");
            };
            parts.push(value.clone());
            rest = &behind[end + 1..];
        }
        parts.push(Value::text(rest, trail.clone()));
        self.concatenated(scope, range, &parts)
    }

    /// `text % values` with `%s`, `%d` and `%(name)s`.
    pub(super) fn percent(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        (text, trail): (&str, &Trail),
        values: &Value,
    ) -> Value {
        let listed = match values {
            Value::List(list) => list.items.borrow().clone(),
            other => vec![other.clone()],
        };
        let mut listed = listed.into_iter();
        let mut parts = Vec::new();
        for piece in percent::pieces(text) {
            let value = match piece {
                Ok(Piece::Text(text)) => Some(Value::text(text, trail.clone())),
                Ok(Piece::Conversion(one)) if one.key.is_none() && one.is_plain('%') => {
                    Some(Value::text("%", trail.clone()))
                }
                Ok(Piece::Conversion(one)) if one.is_plain('s') || one.is_plain('d') => {
                    match (one.key, values) {
                        (Some(name), Value::Dict(dict)) => dict.get(name),
                        (Some(_), _) => None,
                        (None, _) => listed.next(),
                    }
                }
                _ => None,
            };
            let Some(value) = value else {
                return self.unknown_from(scope, range, &[values], "this format is not followed");
            };
            parts.push(value);
        }
        self.concatenated(scope, range, &parts)
    }

    fn dict_method(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        dict: &Rc<Dict>,
        name: &str,
        arguments: &Arguments,
    ) -> Option<Value> {
        match name {
            "get" | "pop" | "setdefault" => {
                let key = arguments.text(0, "key")?;
                if dict.is_x {
                    self.read_x(scope, range, key);
                }
                if name == "pop" && self.condition_beyond(dict.level).is_some() {
                    return None;
                }
                let found = dict.get(key);
                if name == "pop" {
                    dict.items.borrow_mut().retain(|(known, _)| **known != *key);
                }
                if let Some(value) = found {
                    return Some(value);
                }
                match self.environment_item(scope, range, dict, key) {
                    Some(absent @ Value::Absent(_)) if name == "get" => {
                        return Some(arguments.get(1, "default").cloned().unwrap_or(absent));
                    }
                    Some(value @ Value::Str(..)) => return Some(value),
                    _ => {}
                }
                if let Some(doubt) = &*dict.open.borrow() {
                    return Some(Value::Unknown(Rc::clone(doubt)));
                }
                let default = arguments.get(1, "default").cloned().unwrap_or(Value::None);
                if name == "setdefault" {
                    let value = self.changed(dict.level, None, default.clone());
                    dict.insert(key, value);
                }
                Some(default)
            }
            "update" => {
                if let Some(other) = arguments.plain.first() {
                    self.merge(scope, range, dict, other);
                }
                let named = self.new_dict(arguments.keywords.clone(), arguments.open.clone());
                self.merge(scope, range, dict, &Value::Dict(named));
                Some(Value::None)
            }
            "copy" => {
                let open = dict.open.borrow().clone();
                Some(Value::Dict(self.new_dict(dict.items.borrow().clone(), open)))
            }
            _ if dict.open.borrow().is_some() => None,
            "keys" => self.items_of(&Value::Dict(Rc::clone(dict))).map(|items| self.list(items)),
            "values" => {
                let values = dict.items.borrow().iter().map(|(_, value)| value.clone()).collect();
                Some(self.list(values))
            }
            "items" => {
                let items = dict.items.borrow().clone();
                let pairs = items
                    .into_iter()
                    .map(|(key, value)| self.list(vec![Value::text(key, Trail::default()), value]))
                    .collect();
                Some(self.list(pairs))
            }
            _ => None,
        }
    }

    fn path_method(&mut self, path: &Path, name: &str, arguments: &Arguments) -> Option<Value> {
        let cwd = self.inputs.config.cwd();
        let made = |path: std::path::PathBuf| Some(Value::Path(Rc::new(path)));
        match name {
            "resolve" | "absolute" => made(paths::absolute(cwd, path)),
            "joinpath" => {
                let mut joined = path.to_owned();
                for part in &arguments.plain {
                    match part {
                        Value::Str(part, _) => joined.push(&**part),
                        Value::Path(part) => joined.push(&**part),
                        _ => return None,
                    }
                }
                made(joined)
            }
            "with_name" => made(path.with_file_name(arguments.text(0, "name")?)),
            "exists" => Some(Value::Bool(cwd.join(path).exists())),
            "is_file" => Some(Value::Bool(cwd.join(path).is_file())),
            "is_dir" => Some(Value::Bool(cwd.join(path).is_dir())),
            "as_posix" | "__str__" => {
                Some(Value::text(path.to_string_lossy().into_owned(), Trail::default()))
            }
            _ => None,
        }
    }

    fn url_method(
        &mut self,
        (url, trail): (&Rc<DatabaseUrl>, &Trail),
        name: &str,
        arguments: &Arguments,
    ) -> Option<Value> {
        match name {
            "render_as_string" => match arguments.get(0, "hide_password") {
                Some(Value::Bool(false)) => {
                    Some(Value::text(url.render_with_password(), trail.clone()))
                }
                _ if url.password.is_none() => {
                    Some(Value::text(url.render_with_password(), trail.clone()))
                }
                _ => None,
            },
            "set" | "_replace" => {
                let mut changed = (**url).clone();
                let mut way = trail.clone();
                for (part, value) in &arguments.keywords {
                    let text = match value {
                        Value::Str(text, trail) => {
                            way = way.and(trail);
                            Some(text.to_string())
                        }
                        Value::Int(_) => None,
                        _ => return None,
                    };
                    match (&**part, text, value) {
                        ("drivername", Some(text), _) => changed.drivername = text,
                        ("username", Some(text), _) => changed.username = Some(text),
                        ("password", Some(text), _) => changed.password = Some(Secret::new(text)),
                        ("host", Some(text), _) => changed.host = Some(text),
                        ("database", Some(text), _) => changed.database = Some(text),
                        ("port", _, Value::Int(port)) => changed.port = u16::try_from(*port).ok(),
                        _ => return None,
                    }
                }
                arguments.plain.is_empty().then(|| Value::Url(Rc::new(changed), way))
            }
            "get_backend_name" => Some(Value::text(url.backend_name(), Trail::default())),
            _ => None,
        }
    }
}
