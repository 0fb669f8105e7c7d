//! The functions and types of Python that are followed.

mod convert;
mod paths;

use std::rc::Rc;
use std::sync::Arc;

use super::calls::Arguments;
use super::machine::{Eval, Machine, Stop};
use super::object::{Cell, Object};
use super::operators::as_int;
use crate::source::TextRange;

/// Whether Python itself knows the name.
pub(super) fn is_builtin(name: &str) -> bool {
    FUNCTIONS.contains(&name)
        || name.ends_with("Error") && EXCEPTIONS.contains(&name)
        || OTHERS.contains(&name)
}

const FUNCTIONS: &[&str] = &[
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "bool",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "complex",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
    "__import__",
];

const EXCEPTIONS: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BufferError",
    "EOFError",
    "EnvironmentError",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "IOError",
    "ImportError",
    "IndexError",
    "KeyError",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PermissionError",
    "RecursionError",
    "ReferenceError",
    "RuntimeError",
    "SyntaxError",
    "SystemError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeError",
    "ValueError",
    "ZeroDivisionError",
];

const OTHERS: &[&str] = &[
    "BaseException",
    "Exception",
    "GeneratorExit",
    "KeyboardInterrupt",
    "StopIteration",
    "SystemExit",
    "Warning",
    "DeprecationWarning",
    "UserWarning",
    "NotImplemented",
    "__debug__",
];

impl Machine<'_> {
    pub(super) fn call_builtin(
        &mut self,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        if let Some(result) = self.call_namespace(name, arguments, &range) {
            return result;
        }
        // Everything else needs all its arguments.
        if let Some(cause) = arguments.all().find_map(Object::cause) {
            return Err(Stop::Unknown(Rc::clone(cause)));
        }
        match name {
            "str" | "int" | "float" | "bool" | "repr" | "ascii" | "hex" | "oct" | "bin" | "chr"
            | "ord" | "format" | "round" => self.call_conversion(name, arguments, range),
            "list"
            | "tuple"
            | "set"
            | "frozenset"
            | "dict"
            | "sorted"
            | "reversed"
            | "enumerate"
            | "zip"
            | "range"
            | "iter"
            | "collections.OrderedDict" => self.call_collection(name, arguments, range),
            "len" | "min" | "max" | "sum" | "any" | "all" | "abs" | "divmod" | "pow" => {
                self.call_reduction(name, arguments, range)
            }
            "map"
            | "filter"
            | "next"
            | "functools.reduce"
            | "itertools.chain"
            | "itertools.chain.from_iterable" => self.call_functional(name, arguments, range),
            "isinstance" | "issubclass" | "callable" | "type" => {
                self.call_type_test(name, arguments, range)
            }
            "dict.fromkeys" => {
                let keys =
                    self.members_at(arguments.first().unwrap_or(&Object::None), range.clone())?;
                let value = arguments.positional.get(1).cloned().unwrap_or(Object::None);
                let dict = self.state.allocate(Cell::Dict(Vec::new()));
                for key in keys {
                    self.dict_insert(dict, key, value.clone(), range.clone())?;
                }
                Ok(Object::Dict(dict))
            }
            "print" => Ok(Object::None),
            "collections.namedtuple" => self.named_tuple(arguments, range),
            "typing.cast" => Ok(arguments.positional.get(1).cloned().unwrap_or(Object::None)),
            "sys.intern" => Ok(arguments.first().cloned().unwrap_or(Object::None)),
            "enum.auto" => Ok(Object::builtin("enum.auto()")),
            "dataclasses.dataclass" | "functools.lru_cache" | "contextlib.suppress" => {
                match arguments.first() {
                    // As a decorator without brackets.
                    Some(object @ (Object::Class(_) | Object::Function(_))) => Ok(object.clone()),
                    _ => Ok(Object::Builtin(format!("{name}()").into())),
                }
            }
            _ if name.starts_with("os.") || name.starts_with("pathlib.") => {
                self.call_path(name, arguments, range)
            }
            _ => self.call_unbound(name, arguments, range),
        }
    }

    /// `str.upper("a")`; anything else is not followed.
    fn call_unbound(&mut self, name: &str, arguments: &Arguments, range: TextRange) -> Eval {
        if let Some((class, method)) = name.split_once('.')
            && let Some((first, rest)) = arguments.positional.split_first()
            && Self::type_name(first) == class
        {
            let arguments = Arguments {
                positional: rest.to_vec(),
                keywords: arguments.keywords.clone(),
            };
            return self.call_method(&first.clone(), method, &arguments, range);
        }
        Err(self.unknown(
            format!("`{name}()` is only known when the program runs"),
            range,
        ))
    }

    /// The functions that deal with names: they may be given unknown values.
    fn call_namespace(
        &mut self,
        name: &str,
        arguments: &Arguments,
        range: &TextRange,
    ) -> Option<Eval> {
        let globals = self.state.scope(self.frame.scope).globals;
        let here = Object::Namespace(globals);
        match (name, arguments.positional.as_slice()) {
            ("globals", []) => Some(Ok(here)),
            ("locals" | "vars", []) if self.frame.scope == globals => Some(Ok(here)),
            ("vars", [module @ Object::Namespace(_)]) => Some(Ok(module.clone())),
            ("setattr", [object, Object::Str(attribute), value]) => match object {
                Object::Namespace(scope) => {
                    self.bind_in(*scope, attribute, value.clone());
                    Some(Ok(Object::None))
                }
                Object::Instance(id) => {
                    self.set_instance_attribute(*id, attribute, value.clone());
                    Some(Ok(Object::None))
                }
                Object::Class(id) => {
                    self.set_class_attribute(*id, attribute, value.clone());
                    Some(Ok(Object::None))
                }
                _ => None,
            },
            ("getattr", [object, Object::Str(attribute), rest @ ..]) => {
                let found = self.attribute(object, attribute, range.clone());
                Some(match (found, rest) {
                    (Err(Stop::Raise(raised)), [default]) if &*raised.kind == "AttributeError" => {
                        Ok(default.clone())
                    }
                    (found, _) => found,
                })
            }
            ("hasattr", [object, Object::Str(attribute)]) => {
                Some(match self.attribute(object, attribute, range.clone()) {
                    Ok(_) => Ok(Object::Bool(true)),
                    Err(Stop::Raise(_)) => Ok(Object::Bool(false)),
                    Err(stop) => Err(stop),
                })
            }
            ("exec" | "eval", _) => {
                let cause = self.cause(
                    format!("what `{name}` does is only known when the program runs"),
                    range.clone(),
                );
                self.forget_globals(globals, &cause);
                Some(Err(Stop::Unknown(cause)))
            }
            _ => None,
        }
    }

    /// All names of a module may have been bound again.
    pub(super) fn forget_globals(&mut self, scope: usize, cause: &Rc<super::object::Cause>) {
        let needed = self.files[self.frame.file].needed.clone();
        for name in needed {
            self.bind_in(scope, &name, Object::Unknown(Rc::clone(cause)));
        }
        for value in self.state.scope_mut(scope).names.values_mut() {
            *value = Object::Unknown(Rc::clone(cause));
        }
    }

    fn call_reduction(&mut self, name: &str, arguments: &Arguments, range: TextRange) -> Eval {
        let Some(first) = arguments.first().cloned() else {
            return Err(self.raise("TypeError", format!("`{name}()` takes an argument"), range));
        };
        match name {
            "len" => {
                if matches!(first, Object::Iterator(_)) {
                    return Err(self.raise("TypeError", "a generator has no len()", range));
                }
                let length = self.members_at(&first, range)?.len();
                Ok(Object::Int(i128::try_from(length).unwrap_or(i128::MAX)))
            }
            "abs" => match first {
                Object::Int(_) | Object::Bool(_) => as_int(&first)
                    .checked_abs()
                    .map(Object::Int)
                    .ok_or_else(|| self.too_big(range)),
                Object::Float(value) => Ok(Object::Float(value.abs())),
                _ => Err(self.unknown("this call is only known when the program runs", range)),
            },
            "pow" if arguments.positional.len() == 2 => self.binary(
                &first,
                rustpython_parser::ast::Operator::Pow,
                &arguments.positional[1],
                range,
            ),
            "divmod" if arguments.positional.len() == 2 => {
                let second = &arguments.positional[1];
                let quotient = self.binary(
                    &first,
                    rustpython_parser::ast::Operator::FloorDiv,
                    second,
                    range.clone(),
                )?;
                let rest =
                    self.binary(&first, rustpython_parser::ast::Operator::Mod, second, range)?;
                Ok(Object::tuple(vec![quotient, rest]))
            }
            "any" | "all" => {
                let wanted = name == "any";
                for item in self.members_at(&first, range.clone())? {
                    if self.truth(&item, range.clone())? == wanted {
                        return Ok(Object::Bool(wanted));
                    }
                }
                Ok(Object::Bool(!wanted))
            }
            "sum" => {
                let mut total = arguments.get(1, "start").cloned().unwrap_or(Object::Int(0));
                for item in self.members_at(&first, range.clone())? {
                    total = self.binary(
                        &total,
                        rustpython_parser::ast::Operator::Add,
                        &item,
                        range.clone(),
                    )?;
                }
                Ok(total)
            }
            "min" | "max" => self.extreme(name == "max", arguments, range),
            _ => Err(self.unknown("this call is only known when the program runs", range)),
        }
    }

    fn extreme(&mut self, greatest: bool, arguments: &Arguments, range: TextRange) -> Eval {
        let items = match arguments.positional.as_slice() {
            [single] => self.members_at(&single.clone(), range.clone())?,
            several => several.to_vec(),
        };
        let keyed = self.keyed(items, arguments.keyword("key"), &range)?;
        let mut best: Option<(Object, Object)> = None;
        for (key, item) in keyed {
            let better = match &best {
                None => true,
                Some((other, _)) => {
                    let order = self.order(&key, other, range.clone())?;
                    if greatest {
                        order.is_gt()
                    } else {
                        order.is_lt()
                    }
                }
            };
            if better {
                best = Some((key, item));
            }
        }
        match (best, arguments.keyword("default")) {
            (Some((_, item)), _) => Ok(item),
            (None, Some(default)) => Ok(default.clone()),
            (None, None) => Err(self.raise("ValueError", "the sequence is empty", range)),
        }
    }

    /// Each item with what `key=` makes of it.
    pub(super) fn keyed(
        &mut self,
        items: Vec<Object>,
        key: Option<&Object>,
        range: &TextRange,
    ) -> Eval<Vec<(Object, Object)>> {
        let mut keyed = Vec::with_capacity(items.len());
        for item in items {
            let value = match key {
                None | Some(Object::None) => item.clone(),
                Some(function) => self.call(
                    &function.clone(),
                    &Arguments::of(vec![item.clone()]),
                    range.clone(),
                )?,
            };
            keyed.push((value, item));
        }
        Ok(keyed)
    }

    fn call_functional(&mut self, name: &str, arguments: &Arguments, range: TextRange) -> Eval {
        let missing = || format!("`{name}()` takes more arguments");
        let Some(first) = arguments.first().cloned() else {
            return if name == "itertools.chain" {
                Ok(Object::tuple(Vec::new()))
            } else {
                Err(self.raise("TypeError", missing(), range))
            };
        };
        let rest = &arguments.positional[1..];
        let items = match name {
            "next" => return self.call_next(&first, rest, range),
            "itertools.chain" | "itertools.chain.from_iterable" => {
                let sources = match name {
                    "itertools.chain" => arguments.positional.clone(),
                    _ => self.iterate(&first, range.clone())?,
                };
                let mut items = Vec::new();
                for source in sources {
                    items.extend(self.iterate(&source, range.clone())?);
                }
                items
            }
            "map" => {
                let rows = self.transposed(rest, &range)?;
                let mut items = Vec::with_capacity(rows.len());
                for row in rows {
                    items.push(self.call(&first, &Arguments::of(row), range.clone())?);
                }
                items
            }
            "filter" => {
                let source = rest.first().cloned().unwrap_or(Object::None);
                let mut items = Vec::new();
                for item in self.members_at(&source, range.clone())? {
                    let test = match &first {
                        Object::None => item.clone(),
                        function => {
                            self.call(function, &Arguments::of(vec![item.clone()]), range.clone())?
                        }
                    };
                    if self.truth(&test, range.clone())? {
                        items.push(item);
                    }
                }
                items
            }
            _ => {
                let source = rest.first().cloned().unwrap_or(Object::None);
                let mut items = self.iterate(&source, range.clone())?.into_iter();
                let start = rest.get(1).cloned().or_else(|| items.next());
                let Some(mut total) = start else {
                    return Err(self.raise("TypeError", "reduce() of an empty sequence", range));
                };
                for item in items {
                    total = self.call(&first, &Arguments::of(vec![total, item]), range.clone())?;
                }
                return Ok(total);
            }
        };
        Ok(Object::Iterator(
            self.state.allocate(Cell::Iterator(items.into())),
        ))
    }

    /// The first items of all sources, the second ones …, as far as the shortest reaches.
    pub(super) fn transposed(
        &mut self,
        sources: &[Object],
        range: &TextRange,
    ) -> Eval<Vec<Vec<Object>>> {
        let mut columns = Vec::with_capacity(sources.len());
        for source in sources {
            columns.push(self.members_at(source, range.clone())?.into_iter());
        }
        let length = columns
            .iter()
            .map(ExactSizeIterator::len)
            .min()
            .unwrap_or(0);
        Ok((0..length)
            .map(|_| columns.iter_mut().filter_map(Iterator::next).collect())
            .collect())
    }

    fn call_next(&mut self, source: &Object, rest: &[Object], range: TextRange) -> Eval {
        let Object::Iterator(id) = source else {
            return Err(self.unknown("this call is only known when the program runs", range));
        };
        let item = match self.state.cell_mut(*id) {
            Cell::Iterator(items) => items.pop_front(),
            Cell::Lost(cause) => return Err(Stop::Unknown(Rc::clone(cause))),
            _ => None,
        };
        match item.or_else(|| rest.first().cloned()) {
            Some(Object::Unknown(cause)) => Err(Stop::Unknown(cause)),
            Some(item) => Ok(item),
            None => Err(self.raise("StopIteration", "the iterator is empty", range)),
        }
    }

    fn call_type_test(&mut self, name: &str, arguments: &Arguments, range: TextRange) -> Eval {
        match (name, arguments.positional.as_slice()) {
            ("isinstance", [object, class]) => {
                self.is_instance(object, class, &range).map(Object::Bool)
            }
            ("type", [Object::Instance(id)]) => match self.state.cell(*id) {
                Cell::Instance { class, .. } => Ok(Object::Class(*class)),
                _ => Err(self.unknown("this call is only known when the program runs", range)),
            },
            ("type", [object]) if super::state::same(&self.state, object, &self.state, object) => {
                Ok(Object::builtin(Self::type_name(object)))
            }
            (
                "callable",
                [Object::Function(_) | Object::Class(_) | Object::Builtin(_) | Object::Method(_)],
            ) => Ok(Object::Bool(true)),
            (
                "callable",
                [
                    Object::Str(_)
                    | Object::Int(_)
                    | Object::None
                    | Object::Tuple(_)
                    | Object::List(_),
                ],
            ) => Ok(Object::Bool(false)),
            _ => Err(self.unknown("this call is only known when the program runs", range)),
        }
    }

    fn is_instance(&self, object: &Object, class: &Object, range: &TextRange) -> Eval<bool> {
        match class {
            Object::Tuple(classes) => {
                for class in classes.iter() {
                    if self.is_instance(object, class, range)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Object::Builtin(name)
                if !matches!(object, Object::Instance(_) | Object::Builtin(_)) =>
            {
                let actual = Self::type_name(object);
                let iterable = matches!(
                    actual,
                    "str" | "bytes" | "tuple" | "list" | "set" | "frozenset" | "dict" | "range"
                );
                Ok(match &**name {
                    "object" => true,
                    "int" => matches!(actual, "int" | "bool"),
                    "str" | "bytes" | "bool" | "float" | "list" | "tuple" | "set" | "frozenset"
                    | "dict" => actual == &**name,
                    "typing.Iterable"
                    | "collections.abc.Iterable"
                    | "typing.Collection"
                    | "collections.abc.Collection" => iterable,
                    "typing.Sequence" | "collections.abc.Sequence" => {
                        matches!(actual, "str" | "bytes" | "tuple" | "list" | "range")
                    }
                    "typing.Mapping" | "collections.abc.Mapping" => actual == "dict",
                    _ => return Err(self.unknown("this type test is not followed", range.clone())),
                })
            }
            Object::Class(wanted) => match object {
                Object::Instance(id) => match self.state.cell(*id) {
                    Cell::Instance { class, .. } if class == wanted => Ok(true),
                    _ => Err(self.unknown("this type test is not followed", range.clone())),
                },
                _ => Ok(false),
            },
            _ => Err(self.unknown("this type test is not followed", range.clone())),
        }
    }

    /// The name of a value's type.
    pub(super) fn type_name(object: &Object) -> &'static str {
        match object {
            Object::None => "NoneType",
            Object::Bool(_) => "bool",
            Object::Int(_) => "int",
            Object::Float(_) => "float",
            Object::Str(_) => "str",
            Object::Bytes(_) => "bytes",
            Object::Tuple(_) => "tuple",
            Object::FrozenSet(_) => "frozenset",
            Object::Range(..) => "range",
            Object::List(_) => "list",
            Object::Set(_) => "set",
            Object::Dict(_) | Object::Namespace(_) => "dict",
            Object::Iterator(_) => "generator",
            Object::Function(_) | Object::Method(_) => "function",
            Object::Module(_) | Object::Library(_) => "module",
            _ => "object",
        }
    }

    /// The scope of the module `name` when it is the one that runs: `sys.modules[__name__]`.
    pub(super) fn running_module(&self, name: &Arc<str>) -> Option<Object> {
        let own = &self.files[self.frame.file].name;
        (own == name).then(|| Object::Namespace(self.state.scope(self.frame.scope).globals))
    }
}
