//! The functions and types of Python that are followed.

mod convert;
mod functional;
#[cfg(feature = "library")]
mod json;
mod names;
mod paths;
#[cfg(feature = "library")]
mod regex;
#[cfg(feature = "library")]
mod textwrap;
mod types;

use std::rc::Rc;

use super::calls::Arguments;
use super::machine::{Eval, Machine, Stop};
use super::object::{Cell, Object};
use crate::source::TextRange;

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
            "dataclasses.dataclass"
            | "functools.lru_cache"
            | "functools.wraps"
            | "contextlib.suppress" => {
                match arguments.first() {
                    // As a decorator without brackets.
                    Some(object @ (Object::Class(_) | Object::Function(_)))
                        if name != "functools.wraps" =>
                    {
                        Ok(object.clone())
                    }
                    _ => Ok(Object::Builtin(format!("{name}()").into())),
                }
            }
            #[cfg(feature = "library")]
            "json.dumps" => self.call_json(arguments, range),
            #[cfg(feature = "library")]
            _ if name.starts_with("re.") => self.call_regex(name, arguments, range),
            #[cfg(feature = "library")]
            _ if name.starts_with("textwrap.") => self.call_textwrap(name, arguments, range),
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
            let arguments =
                Arguments { positional: rest.to_vec(), keywords: arguments.keywords.clone() };
            return self.call_method(&first.clone(), method, &arguments, range);
        }
        Err(self.unknown(format!("`{name}()` is only known when the program runs"), range))
    }
}
