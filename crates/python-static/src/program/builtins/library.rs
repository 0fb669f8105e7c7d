//! Functions of Python's library that are worked out.

use std::rc::Rc;

use crate::program::args::Arguments;
use crate::program::value::{Place, TermKind, Value};
use crate::program::{Eval, Machine, Skipped};

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
        if name.starts_with("os.") {
            return self.call_os(name, arguments, place);
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
            ("importlib.import_module", [other, ..]) => Some(self.lost_module(other, place)),
            ("pkgutil.iter_modules" | "pkgutil.walk_packages", [path, rest @ ..]) => {
                let prefix = rest.first().or_else(|| arguments.keyword("prefix"));
                let prefix = prefix.and_then(Value::as_str).unwrap_or_default();
                Some(self.packages(path, prefix, name.ends_with("walk_packages"), place)?)
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
                Some(self.enumeration(name, class, members, place))
            }
            _ => None,
        })
    }

    /// An import of a module whose name is not known: it may bring anything.
    fn lost_module(&mut self, name: &Value, place: Place) -> Value {
        let cause = self.cause_of(name, place);
        let lost = Skipped { imports: true, calls: true, classes: vec!["*".into()] };
        let host = Rc::clone(&self.host);
        host.skipped(self, &cause, place, &lost);
        Value::Unknown(cause)
    }

    /// `Enum(class, members)`
    fn enumeration(&mut self, base: &str, class: &str, members: &Value, place: Place) -> Value {
        let Some(members) = named_members(members) else { return self.doubt(members, place) };
        let dict = members.into_iter().map(|(name, value)| (name.into(), value)).collect();
        let base = self.term(TermKind::Name(base.into()), place);
        Value::Class(self.create_class(class, "", vec![base], dict, Vec::new(), &[], place))
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

/// The members of an enumeration that is made by a call: names in a string or list, pairs, or a dictionary.
fn named_members(members: &Value) -> Option<Vec<(String, Value)>> {
    let numbered = |(name, number): (&str, i128)| (name.to_owned(), Value::Int(number));
    if let Value::Str(names) = members {
        let names = names.replace(',', " ");
        return Some(names.split_whitespace().zip(1..).map(numbered).collect());
    }
    if let Value::Dict(pairs) = members {
        let named = |(key, value): &(Value, Value)| Some((key.as_str()?.to_owned(), value.clone()));
        return Some(pairs.borrow().iter().filter_map(named).collect());
    }
    let named = |(item, number): (&Value, i128)| match item {
        Value::Str(name) => Some(numbered((name, number))),
        other => match other.items().as_deref() {
            Some([Value::Str(name), value]) => Some((name.to_string(), value.clone())),
            _ => None,
        },
    };
    Some(members.items()?.iter().zip(1..).filter_map(named).collect())
}
