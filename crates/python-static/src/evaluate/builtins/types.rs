//! Types of values: `isinstance`, `type`, `callable`.

use super::super::calls::Arguments;
use super::super::machine::{Eval, Machine};
use super::super::object::{Cell, Object};
use crate::source::TextRange;

impl Machine<'_> {
    pub(super) fn call_type_test(
        &mut self,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        match (name, arguments.positional.as_slice()) {
            ("isinstance", [object, class]) => {
                self.is_instance(object, class, &range).map(Object::Bool)
            }
            ("type", [Object::Instance(id)]) => match self.state.cell(*id) {
                Cell::Instance { class, .. } => Ok(Object::Class(*class)),
                _ => Err(self.unknown("this call is only known when the program runs", range)),
            },
            ("type", [object])
                if super::super::state::same(&self.state, object, &self.state, object) =>
            {
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

    pub(in crate::evaluate) fn is_instance(
        &self,
        object: &Object,
        class: &Object,
        range: &TextRange,
    ) -> Eval<bool> {
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
                    "str"
                        | "bytes"
                        | "tuple"
                        | "list"
                        | "set"
                        | "frozenset"
                        | "dict"
                        | "range"
                        | "dict_keys"
                        | "dict_values"
                        | "dict_items"
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
    pub(in crate::evaluate) fn type_name(object: &Object) -> &'static str {
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
            Object::View(view, _) => view.type_name(),
            Object::Iterator(_) => "generator",
            Object::Function(_) | Object::Method(_) => "function",
            Object::Module(_) | Object::Library(_) => "module",
            _ => "object",
        }
    }
}
