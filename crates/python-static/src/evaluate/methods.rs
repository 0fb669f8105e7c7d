//! Methods of Python's own types.

mod collections;
mod split;
mod text;

use super::calls::Arguments;
use super::machine::{Eval, Machine, Stop};
use super::object::Object;
use crate::source::TextRange;

/// Whether a value of Python has the method. Those that are not followed are answered when they are called.
pub(super) fn exists(object: &Object, name: &str) -> bool {
    match object {
        Object::Str(_) => TEXT_METHODS.contains(&name),
        Object::Tuple(_) => matches!(name, "index" | "count"),
        Object::Iterator(_) => matches!(name, "__next__" | "__iter__" | "send" | "close"),
        _ => {
            !name.starts_with("__")
                || matches!(name, "__len__" | "__contains__" | "__getitem__" | "__setitem__")
        }
    }
}

/// The methods of `str`.
const TEXT_METHODS: &[&str] = &[
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
    "__len__",
    "__contains__",
    "__str__",
];

impl Machine<'_> {
    pub(super) fn call_method(
        &mut self,
        object: &Object,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        match object {
            Object::List(id) => self.call_list_method(*id, name, arguments, range),
            Object::Dict(id) => self.call_dict_method(*id, name, arguments, range),
            Object::Set(_) | Object::FrozenSet(_) => {
                self.call_set_method(object, name, arguments, range)
            }
            Object::Namespace(scope) => self.call_namespace_method(*scope, name, arguments, range),
            Object::Str(text) => {
                known(arguments)?;
                self.call_text_method(text, name, arguments, range)
            }
            Object::Path(path) => {
                known(arguments)?;
                self.call_path_method(path, name, arguments, range)
            }
            Object::Tuple(items) => {
                known(arguments)?;
                self.call_sequence_method(items, name, arguments, range)
            }
            Object::Bytes(bytes) if name == "decode" => match std::str::from_utf8(bytes) {
                Ok(text) if arguments.positional.is_empty() || bytes.is_ascii() => {
                    Ok(Object::str(text))
                }
                _ => Err(self.unknown_method(name, range)),
            },
            _ => Err(self.unknown_method(name, range)),
        }
    }

    fn unknown_method(&self, name: &str, range: TextRange) -> Stop {
        self.unknown(format!("`.{name}()` is only known when the program runs"), range)
    }
}

/// Stops when an argument is unknown.
fn known(arguments: &Arguments) -> Eval<()> {
    match arguments.all().find_map(Object::cause) {
        Some(cause) => Err(Stop::Unknown(cause.clone())),
        None => Ok(()),
    }
}
