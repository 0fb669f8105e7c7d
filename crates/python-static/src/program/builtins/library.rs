//! Functions of Python's library that are worked out.

use std::rc::Rc;

use crate::program::args::Arguments;
use crate::program::value::{Place, TermKind, Value};
use crate::program::{Eval, Machine};

impl Machine {
    /// Functions of Python's library that are worked out.
    pub(in crate::program) fn call_library(
        &mut self,
        name: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Eval<Option<Value>> {
        if name.starts_with("sqlalchemy") {
            return Ok(None);
        }
        if name.starts_with("re.") || name.starts_with("functools.") {
            self.charge(80_000, place)?;
        }
        let args = arguments.positional.as_slice();
        Ok(match (name, args) {
            ("importlib.import_module", [Value::Str(module), rest @ ..]) => {
                let package = rest.first().or_else(|| arguments.keyword("package"));
                let full = match (module.strip_prefix('.'), package) {
                    (Some(relative), Some(Value::Str(package))) => format!("{package}.{relative}"),
                    (None, _) => module.to_string(),
                    _ => return Ok(Some(self.unknown("the module's name is not known", place))),
                };
                Some(self.import(&full, place)?)
            }
            ("importlib.import_module", [other, ..]) => {
                let cause = self.cause_of(other, place);
                let host = Rc::clone(&self.host);
                host.skipped(
                    self,
                    &cause,
                    place,
                    &crate::program::Skipped {
                        imports: true,
                        calls: true,
                        classes: vec!["*".into()],
                    },
                );
                Some(Value::Unknown(cause))
            }
            ("pkgutil.iter_modules" | "pkgutil.walk_packages", [path, rest @ ..]) => {
                let prefix = rest
                    .first()
                    .or_else(|| arguments.keyword("prefix"))
                    .and_then(|prefix| prefix.as_str().map(str::to_owned))
                    .unwrap_or_default();
                let folders: Option<Vec<std::path::PathBuf>> = path.items().map(|items| {
                    items
                        .iter()
                        .filter_map(|item| item.as_str().map(std::path::PathBuf::from))
                        .collect()
                });
                let Some(folders) = folders else { return Ok(Some(self.doubt(path, place))) };
                let mut found = Vec::new();
                self.walk_packages(
                    &folders,
                    &prefix,
                    name.ends_with("walk_packages"),
                    &mut found,
                    place,
                    0,
                )?;
                Some(Value::list(found))
            }
            ("functools.partial", [function, rest @ ..]) => Some(Value::Partial(Rc::new((
                function.clone(),
                Arguments {
                    positional: rest.to_vec(),
                    keywords: arguments.keywords.clone(),
                    unknown: arguments.unknown.clone(),
                },
            )))),
            ("typing.cast" | "typing_extensions.cast", [_, value]) => Some(value.clone()),
            (
                "copy.copy" | "copy.deepcopy",
                [value @ (Value::Dict(_) | Value::List(_) | Value::Str(_) | Value::Int(_))],
            ) => Some(match value {
                Value::Dict(pairs) => Value::dict(pairs.borrow().clone()),
                Value::List(items) => Value::list(items.borrow().clone()),
                other => other.clone(),
            }),
            ("json.dumps", _) => super::json::dumps(arguments),
            ("collections.OrderedDict" | "collections.defaultdict", _) => {
                let from = if name.ends_with("defaultdict") { args.get(1) } else { args.first() };
                self.call_builtin(
                    "dict",
                    Arguments {
                        positional: from.cloned().into_iter().collect(),
                        keywords: arguments.keywords.clone(),
                        unknown: None,
                    },
                    place,
                )
                .map(Some)?
            }
            ("itertools.chain", _) => {
                let mut all = Vec::new();
                for value in args {
                    match self.iterate(&value.clone(), place)? {
                        Ok(items) => all.extend(items),
                        Err(unknown) => return Ok(Some(unknown)),
                    }
                }
                Some(Value::list(all))
            }
            ("os.walk", [Value::Str(folder), ..]) if arguments.keywords.is_empty() => {
                Some(self.walk(folder, place)?)
            }
            ("os.listdir", [Value::Str(folder)]) => Some(match self.listing(folder) {
                Some((folders, files)) => {
                    Value::list(folders.into_iter().chain(files).map(Value::str).collect())
                }
                None => self.unknown("the folder is none of the project", place),
            }),
            ("os.path.dirname", [Value::Str(path)]) => {
                Some(Value::str(path.rsplit_once('/').map_or("", |(folder, _)| folder)))
            }
            ("os.path.basename", [Value::Str(path)]) => {
                Some(Value::str(path.rsplit_once('/').map_or(&**path, |(_, name)| name)))
            }
            ("os.path.abspath" | "os.path.realpath", [Value::Str(path)])
                if path.starts_with('/') =>
            {
                Some(Value::Str(Rc::clone(path)))
            }
            ("os.path.join", [Value::Str(path), rest @ ..]) => {
                let mut joined = path.to_string();
                for part in rest {
                    let Some(part) = part.as_str() else {
                        return Ok(Some(self.doubt(part, place)));
                    };
                    joined = format!("{}/{part}", joined.trim_end_matches('/'));
                }
                Some(Value::str(joined))
            }
            ("re.sub", [Value::Str(pattern), replacement, Value::Str(text), ..])
                if arguments.keywords.is_empty() && args.len() == 3 =>
            {
                Some(self.re_sub(pattern, replacement, text, place)?)
            }
            ("re.split" | "re.findall", [Value::Str(pattern), Value::Str(text)]) => {
                Some(crate::program::regex::list(name == "re.split", pattern, text).map_or_else(
                    || self.unknown("the pattern is not known", place),
                    |items| Value::list(items.into_iter().map(Value::str).collect()),
                ))
            }
            ("enum.Enum" | "enum.IntEnum" | "enum.StrEnum", [Value::Str(class), members, ..]) => {
                let mut dict = indexmap::IndexMap::new();
                let names: Vec<(String, Value)> = match members {
                    Value::Str(names) => names
                        .replace(',', " ")
                        .split_whitespace()
                        .enumerate()
                        .map(|(at, name)| (name.to_owned(), Value::Int(at as i128 + 1)))
                        .collect(),
                    Value::Dict(pairs) => pairs
                        .borrow()
                        .iter()
                        .filter_map(|(key, value)| Some((key.as_str()?.to_owned(), value.clone())))
                        .collect(),
                    other => match other.items() {
                        Some(items) => items
                            .iter()
                            .enumerate()
                            .filter_map(|(at, item)| match item {
                                Value::Str(name) => {
                                    Some((name.to_string(), Value::Int(at as i128 + 1)))
                                }
                                other => match other.items().as_deref() {
                                    Some([Value::Str(name), value]) => {
                                        Some((name.to_string(), value.clone()))
                                    }
                                    _ => None,
                                },
                            })
                            .collect(),
                        None => return Ok(Some(self.doubt(other, place))),
                    },
                };
                for (name, value) in names {
                    dict.insert(name.as_str().into(), value);
                }
                let base = self.term(TermKind::Name(name.into()), place);
                Some(Value::Class(self.create_class(
                    class,
                    "",
                    vec![base],
                    dict,
                    Vec::new(),
                    &[],
                    place,
                )))
            }
            ("uuid.UUID", _) | ("decimal.Decimal", _) => None,
            _ => None,
        })
    }

    fn re_sub(&mut self, pattern: &str, replacement: &Value, text: &str, place: Place) -> Eval {
        match replacement {
            Value::Str(replacement) => {
                Ok(crate::program::regex::replace(pattern, replacement, text)
                    .map_or_else(|| self.unknown("the pattern is not known", place), Value::str))
            }
            Value::Function(_) => {
                let Some(pieces) = crate::program::regex::pieces(pattern, text) else {
                    return Ok(self.unknown("the pattern is not known", place));
                };
                let mut out = String::new();
                for piece in pieces {
                    match piece {
                        crate::program::regex::Piece::Text(text) => out.push_str(&text),
                        crate::program::regex::Piece::Match(groups) => {
                            let groups = groups
                                .into_iter()
                                .map(|group| group.map_or(Value::None, Value::str))
                                .collect();
                            let found = Value::Partial(Rc::new((
                                Value::Builtin("match".into()),
                                Arguments::of(groups),
                            )));
                            match self.call(replacement, Arguments::of(vec![found]), place)? {
                                Value::Str(text) => out.push_str(&text),
                                other => return Ok(self.doubt(&other, place)),
                            }
                        }
                    }
                }
                Ok(Value::str(out))
            }
            other => Ok(self.doubt(other, place)),
        }
    }
}
