//! Python's own functions.

use std::rc::Rc;

use super::args::Arguments;
use super::value::{Place, TermKind, Value};
use super::{Eval, MAX_SIZE, Machine, Stop};

mod folders;
mod library;
mod names;
mod text;

pub(super) use names::{builtin, star_names};

impl Machine {
    /// The items of an iterable.
    ///
    /// # Errors
    /// Bounds.
    pub fn iterate(&mut self, value: &Value, place: Place) -> Eval<Result<Vec<Value>, Value>> {
        self.charge(super::methods::size_of(value).saturating_mul(8), place)?;
        if let Some(items) = value.items() {
            return Ok(Ok(items));
        }
        Ok(match value {
            Value::Str(text) => Ok(text.chars().map(|c| Value::str(c.to_string())).collect()),
            Value::Class(class) if class.is_enum.get() => {
                Ok(self.members(class).into_iter().map(|(_, member)| member).collect())
            }
            Value::Term(term) => {
                let asked = match &term.kind {
                    TermKind::Name(_) => None,
                    _ => self.ask_attribute(value, "__iter__", place, None),
                };
                match asked.and_then(|items| items.items()) {
                    Some(items) => Ok(items),
                    None => Err(self.doubt(value, place)),
                }
            }
            other => Err(self.doubt(other, place)),
        })
    }

    fn known_items(
        &mut self,
        value: Option<&Value>,
        place: Place,
    ) -> Eval<Result<Vec<Value>, Value>> {
        match value {
            Some(value) => self.iterate(&value.clone(), place),
            None => Ok(Ok(Vec::new())),
        }
    }

    #[expect(clippy::too_many_lines, reason = "a table of builtins")]
    pub(super) fn call_builtin(&mut self, name: &str, arguments: Arguments, place: Place) -> Eval {
        if let Some(unknown) = arguments.unknown {
            return Ok(unknown);
        }
        let args = &arguments.positional;
        let first = args.first().cloned();
        let size = first.as_ref().map_or(0, super::methods::size_of);
        self.charge(
            if matches!(name, "set" | "frozenset") { size.saturating_mul(size) } else { size },
            place,
        )?;
        self.allocate(place)?;
        if let Some(unknown @ Value::Unknown(_)) = &first
            && !matches!(name, "hasattr" | "print" | "type" | "isinstance")
        {
            return Ok(unknown.clone());
        }
        let result = match (name, args.as_slice()) {
            ("str", []) => Some(Value::str("")),
            ("str" | "format", [value]) => self.show(value).map(Value::str),
            ("format", [value, Value::Str(spec)]) => self.format(value, spec).map(Value::str),
            ("repr", [value]) => self.repr(value).map(Value::str),
            ("int", [Value::Int(value)]) => Some(Value::Int(*value)),
            ("int", [Value::Bool(value)]) => Some(Value::Int(i128::from(*value))),
            ("int", [Value::Str(text)]) => {
                text.trim().replace('_', "").parse().ok().map(Value::Int)
            }
            #[expect(clippy::cast_possible_truncation, reason = "as Python truncates")]
            ("int", [Value::Float(value)]) => Some(Value::Int(*value as i128)),
            #[expect(clippy::cast_precision_loss, reason = "as Python does")]
            ("float", [Value::Int(value)]) => Some(Value::Float(*value as f64)),
            ("float", [Value::Float(value)]) => Some(Value::Float(*value)),
            ("bool", [value]) => self.truth(value).map(Value::Bool),
            ("len", [Value::Str(text)]) => {
                i128::try_from(text.chars().count()).ok().map(Value::Int)
            }
            ("len", [Value::Class(class)]) if class.is_enum.get() => {
                i128::try_from(self.members(class).len()).ok().map(Value::Int)
            }
            ("len", [value @ Value::Term(_)]) => match self.iterate(value, place)? {
                Ok(items) => i128::try_from(items.len()).ok().map(Value::Int),
                Err(unknown) => return Ok(unknown),
            },
            (
                "len",
                [value @ (Value::Tuple(_) | Value::List(_) | Value::Set(_) | Value::Dict(_))],
            ) => i128::try_from(super::methods::size_of(value)).ok().map(Value::Int),
            ("abs", [Value::Int(value)]) => Some(Value::Int(value.abs())),
            (
                "callable",
                [Value::Function(_) | Value::Bound(_) | Value::Class(_) | Value::Builtin(_)],
            ) => Some(Value::Bool(true)),
            ("range", _) => {
                let numbers: Vec<i128> = args
                    .iter()
                    .filter_map(
                        |value| if let Value::Int(value) = value { Some(*value) } else { None },
                    )
                    .collect();
                let (start, stop, step) = match (numbers.as_slice(), args.len()) {
                    ([stop], 1) => (0, *stop, 1),
                    ([start, stop], 2) => (*start, *stop, 1),
                    ([start, stop, step], 3) if *step != 0 => (*start, *stop, *step),
                    _ => return Ok(self.unknown("the range is not known", place)),
                };
                let span = stop.saturating_sub(start).unsigned_abs() / step.unsigned_abs();
                self.charge(usize::try_from(span).unwrap_or(usize::MAX).saturating_mul(8), place)?;
                let mut items = Vec::new();
                let mut at = start;
                while (step > 0 && at < stop) || (step < 0 && at > stop) {
                    items.push(Value::Int(at));
                    at = at.saturating_add(step);
                    if items.len() > MAX_SIZE {
                        return Ok(self.unknown("the range is too long", place));
                    }
                }
                Some(Value::tuple(items))
            }
            (
                "list" | "tuple" | "set" | "frozenset" | "iter" | "reversed" | "sorted"
                | "enumerate" | "sum" | "any" | "all",
                _,
            ) => {
                let mut items = match self.known_items(first.as_ref(), place)? {
                    Ok(items) => items,
                    Err(unknown) => return Ok(unknown),
                };
                match name {
                    "tuple" => Some(Value::tuple(items)),
                    "set" | "frozenset" => Some(self.set_of(items)),
                    "reversed" => {
                        items.reverse();
                        Some(Value::list(items))
                    }
                    "sorted" => self.sort(items, &arguments, place)?.map(Value::list),
                    "enumerate" => {
                        let start = match arguments.get(1, "start") {
                            Some(Value::Int(start)) => *start,
                            _ => 0,
                        };
                        Some(Value::list(
                            items
                                .into_iter()
                                .zip(start..)
                                .map(|(item, at)| Value::tuple(vec![Value::Int(at), item]))
                                .collect(),
                        ))
                    }
                    "sum" => {
                        let mut total = args.get(1).cloned().unwrap_or(Value::Int(0));
                        for item in items {
                            total = self.binary("+", &total, &item, place)?;
                        }
                        Some(total)
                    }
                    "any" | "all" => {
                        let truths: Option<Vec<bool>> =
                            items.iter().map(|item| self.truth(item)).collect();
                        truths.map(|truths| {
                            Value::Bool(if name == "any" {
                                truths.contains(&true)
                            } else {
                                !truths.contains(&false)
                            })
                        })
                    }
                    _ => Some(Value::list(items)),
                }
            }
            ("dict", _) => {
                let mut pairs = match &first {
                    None => Vec::new(),
                    Some(value) => match value.pairs() {
                        Some(pairs) => pairs,
                        None => match self.iterate(value, place)? {
                            Ok(items) => items
                                .iter()
                                .filter_map(|item| match item.items().as_deref() {
                                    Some([key, value]) => Some((key.clone(), value.clone())),
                                    _ => None,
                                })
                                .collect(),
                            Err(unknown) => return Ok(unknown),
                        },
                    },
                };
                for (name, value) in arguments.keywords {
                    super::eval::put(&mut pairs, Value::Str(name), value);
                }
                Some(Value::dict(pairs))
            }
            ("zip", _) => {
                let mut rows: Vec<Vec<Value>> = Vec::new();
                for value in args {
                    match self.iterate(&value.clone(), place)? {
                        Ok(items) => rows.push(items),
                        Err(unknown) => return Ok(unknown),
                    }
                }
                let shortest = rows.iter().map(Vec::len).min().unwrap_or(0);
                Some(Value::list(
                    (0..shortest)
                        .map(|at| Value::tuple(rows.iter().map(|row| row[at].clone()).collect()))
                        .collect(),
                ))
            }
            ("map" | "filter", [function, _]) => {
                let items = match self.known_items(args.get(1), place)? {
                    Ok(items) => items,
                    Err(unknown) => return Ok(unknown),
                };
                let mut out = Vec::new();
                for item in items {
                    let value = if matches!(function, Value::None) {
                        item.clone()
                    } else {
                        self.call(function, Arguments::of(vec![item.clone()]), place)?
                    };
                    if name == "map" {
                        out.push(value);
                    } else {
                        match self.truth(&value) {
                            Some(true) => out.push(item),
                            Some(false) => {}
                            None => return Ok(self.doubt(&value, place)),
                        }
                    }
                }
                Some(Value::list(out))
            }
            ("max" | "min", _) => {
                let items = if args.len() == 1 {
                    first.as_ref().and_then(Value::items).unwrap_or_default()
                } else {
                    args.clone()
                };
                let sorted = self.sort(items, &Arguments::default(), place)?;
                sorted.and_then(|items| {
                    if name == "max" { items.last().cloned() } else { items.first().cloned() }
                })
            }
            ("next", [value, ..]) => {
                let items = value.items();
                match items.as_deref() {
                    Some([item, ..]) => Some(item.clone()),
                    Some([]) => args.get(1).cloned(),
                    None => None,
                }
            }
            ("getattr", [of, Value::Str(name), rest @ ..]) => {
                let value = self.attribute(of, name, place);
                match (value, rest.first()) {
                    (Err(Stop::Raise(..)), Some(default)) => Some(default.clone()),
                    (Ok(Value::Term(term)), Some(default))
                        if matches!(of, Value::Class(_))
                            && matches!(&term.kind, TermKind::Attribute(Value::Class(_), _)) =>
                    {
                        // Bases of libraries have no more than the host says.
                        Some(default.clone())
                    }
                    (other, _) => Some(other?),
                }
            }
            ("hasattr", [of, Value::Str(name)]) => match self.attribute(of, name, place) {
                Err(Stop::Raise(..)) => Some(Value::Bool(false)),
                Ok(Value::Term(term))
                    if matches!(&term.kind, TermKind::Attribute(Value::Class(_), _)) =>
                {
                    Some(Value::Bool(false))
                }
                Ok(Value::Unknown(_)) => None,
                Ok(_) => Some(Value::Bool(true)),
                Err(stop) => return Err(stop),
            },
            ("setattr", [of, Value::Str(name), value]) => {
                self.set_attribute(of, name, value.clone(), place);
                Some(Value::None)
            }
            ("isinstance", [value, class]) => Self::is_instance(value, class).map(Value::Bool),
            ("issubclass", [Value::Class(class), Value::Class(of)]) => Some(Value::Bool(
                class
                    .mro
                    .borrow()
                    .iter()
                    .any(|base| matches!(base, Value::Class(base) if base.id == of.id)),
            )),
            ("issubclass", [Value::Class(class), of]) => {
                of.name().map(|name| Value::Bool(class.has_base(&name)))
            }
            ("type", [Value::Class(class)]) => {
                Some(class.metaclass.clone().unwrap_or_else(|| Value::Builtin("type".into())))
            }
            ("type", [Value::Instance(instance)]) => Some(Value::Class(Rc::clone(&instance.class))),
            ("type", [Value::Str(name), bases, Value::Dict(dict)]) => {
                let bases = bases.items().unwrap_or_default();
                let mut names = indexmap::IndexMap::new();
                let mut module: Rc<str> = "".into();
                for (key, value) in dict.borrow().iter() {
                    if let Value::Str(key) = key {
                        if &**key == "__module__"
                            && let Value::Str(given) = value
                        {
                            module = Rc::clone(given);
                        }
                        names.insert(Rc::clone(key), value.clone());
                    }
                }
                Some(Value::Class(self.create_class(
                    name,
                    &module,
                    bases,
                    names,
                    Vec::new(),
                    &[],
                    place,
                )))
            }
            ("type", [Value::Str(_)]) => Some(Value::Builtin("str".into())),
            ("property", [..]) => Some(self.unknown("the property is not known", place)),
            ("classmethod" | "staticmethod", [value]) => Some(value.clone()),
            ("print", _) => Some(Value::None),
            ("object", _) => Some(self.term(TermKind::Object("object", 0, "object".into()), place)),
            ("__import__", [Value::Str(name), ..]) => {
                self.import(name, place)?;
                let top = name.split('.').next().unwrap_or_default();
                self.modules.get(top).map(|module| Value::Module(Rc::clone(module)))
            }
            ("dict.fromkeys", [keys, rest @ ..]) => {
                let value = rest.first().cloned().unwrap_or(Value::None);
                keys.items().map(|keys| {
                    Value::dict(keys.into_iter().map(|key| (key, value.clone())).collect())
                })
            }
            _ => {
                if let Some((of, method)) = name.split_once('.')
                    && matches!(of, "str" | "dict" | "list")
                    && let Some((first, rest)) = args.split_first()
                {
                    let method = method.to_owned();
                    let first = first.clone();
                    return self.call_method(
                        &first,
                        &method,
                        Arguments {
                            positional: rest.to_vec(),
                            keywords: arguments.keywords,
                            unknown: None,
                        },
                        place,
                    );
                }
                None
            }
        };
        Ok(result.unwrap_or_else(|| {
            self.unknown(format!("the result of `{name}()` is not known"), place)
        }))
    }

    pub(super) fn sort(
        &mut self,
        items: Vec<Value>,
        arguments: &Arguments,
        place: Place,
    ) -> Eval<Option<Vec<Value>>> {
        let mut keyed = Vec::new();
        for item in items {
            let key = match arguments.keyword("key") {
                Some(Value::None) | None => item.clone(),
                Some(function) => {
                    self.call(&function.clone(), Arguments::of(vec![item.clone()]), place)?
                }
            };
            keyed.push((key, item));
        }
        let comparable =
            keyed.windows(2).all(|pair| super::operators::order(&pair[0].0, &pair[1].0).is_some());
        if !comparable {
            return Ok(None);
        }
        keyed.sort_by(|a, b| {
            super::operators::order(&a.0, &b.0).unwrap_or(std::cmp::Ordering::Equal)
        });
        let mut sorted: Vec<Value> = keyed.into_iter().map(|(_, item)| item).collect();
        if matches!(arguments.keyword("reverse"), Some(Value::Bool(true))) {
            sorted.reverse();
        }
        Ok(Some(sorted))
    }

    fn is_instance(value: &Value, class: &Value) -> Option<bool> {
        if let Value::Tuple(classes) = class {
            let answers: Vec<Option<bool>> =
                classes.iter().map(|class| Self::is_instance(value, class)).collect();
            if answers.contains(&Some(true)) {
                return Some(true);
            }
            return answers.iter().all(Option::is_some).then_some(false);
        }
        let name = class.name();
        let name = name.as_deref();
        Some(match (value, class) {
            (Value::Unknown(_), _) | (_, Value::Unknown(_)) => return None,
            (Value::Instance(instance), Value::Class(class)) => instance
                .class
                .mro
                .borrow()
                .iter()
                .any(|base| matches!(base, Value::Class(base) if base.id == class.id)),
            (Value::Instance(instance), _) => {
                name.is_some_and(|name| instance.class.has_base(name))
            }
            (Value::Class(_), _) => name == Some("type"),
            (Value::Str(_), _) => name == Some("str"),
            (Value::Bool(_), _) => matches!(name, Some("bool" | "int")),
            (Value::Int(_), _) => name == Some("int"),
            (Value::Float(_), _) => name == Some("float"),
            (Value::Tuple(_), _) => name == Some("tuple"),
            (Value::List(_), _) => name == Some("list"),
            (Value::Dict(_), _) => name == Some("dict"),
            (Value::None, _) => false,
            (Value::Term(term), _) => match &term.kind {
                TermKind::Call(function, _) => {
                    let made = function.name()?;
                    let made = made.rsplit('.').next()?.to_owned();
                    let wanted = name?.rsplit('.').next()?;
                    if made == wanted {
                        true
                    } else if matches!(
                        wanted,
                        "Index"
                            | "UniqueConstraint"
                            | "CheckConstraint"
                            | "ForeignKey"
                            | "str"
                            | "dict"
                            | "list"
                            | "tuple"
                            | "int"
                            | "Table"
                            | "ForeignKeyConstraint"
                    ) && matches!(
                        &*made,
                        "Column"
                            | "Index"
                            | "UniqueConstraint"
                            | "CheckConstraint"
                            | "ForeignKey"
                            | "ForeignKeyConstraint"
                            | "relationship"
                            | "mapped_column"
                    ) {
                        false
                    } else if wanted == "Column"
                        && matches!(
                            &*made,
                            "relationship"
                                | "Index"
                                | "UniqueConstraint"
                                | "CheckConstraint"
                                | "column_property"
                                | "mapped_column"
                        )
                    {
                        false
                    } else {
                        return None;
                    }
                }
                TermKind::Object("column", ..) => name?.rsplit('.').next()? == "Column",
                TermKind::Object("table", ..) => name?.rsplit('.').next()? == "Table",
                _ => return None,
            },
            _ => return None,
        })
    }
}
