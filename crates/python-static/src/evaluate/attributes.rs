//! Attributes of values.

use std::rc::Rc;
use std::sync::Arc;

use super::library;
use super::machine::{Eval, Machine, Stop};
use super::methods;
use super::object::Object;
use crate::source::TextRange;

impl Machine<'_> {
    pub(super) fn attribute(&mut self, object: &Object, name: &str, range: TextRange) -> Eval {
        match object {
            Object::Unknown(cause) => Err(Stop::Unknown(Rc::clone(cause))),
            Object::Module(file) => self.module_attribute(&Arc::clone(file), name, range),
            Object::Library(module) => self.library_attribute(module, name, range),
            Object::Class(id) => self.attribute_of_class(*id, name, range),
            Object::Instance(id) => self.attribute_of_instance(*id, name, range),
            Object::Namespace(scope) => {
                if let Some(value) = self.state.scope(*scope).names.get(name) {
                    return Ok(value.clone());
                }
                Ok(match name {
                    "__dict__" => object.clone(),
                    _ => bound(object, name),
                })
            }
            Object::Path(path) => match library::path_attribute(path, name) {
                Some(value) => Ok(value),
                None => Ok(bound(object, name)),
            },
            Object::Function(function) => match name {
                "__name__" | "__qualname__" => Ok(Object::Str(Arc::clone(&function.name))),
                _ => Err(self.unknown_attribute(name, range)),
            },
            Object::Builtin(full) => self.builtin_attribute(full, name, range),
            Object::Str(_)
            | Object::Bytes(_)
            | Object::Tuple(_)
            | Object::FrozenSet(_)
            | Object::List(_)
            | Object::Set(_)
            | Object::Dict(_)
            | Object::View(..)
            | Object::Iterator(_) => {
                if methods::exists(object, name) {
                    return Ok(bound(object, name));
                }
                Err(self.unknown_attribute(name, range))
            }
            Object::None => {
                let message = format!("`NoneType` object has no attribute `{name}`");
                Err(self.raise("AttributeError", message, range))
            }
            _ => Err(self.unknown_attribute(name, range)),
        }
    }

    fn unknown_attribute(&self, name: &str, range: TextRange) -> Stop {
        self.unknown(format!("`.{name}` is only known when the program runs"), range)
    }

    fn library_attribute(&mut self, module: &str, name: &str, range: TextRange) -> Eval {
        let full = format!("{module}.{name}");
        if library::is_module(&full) {
            return Ok(Object::Library(full.into()));
        }
        match library::member(module, name) {
            Some(object) => Ok(object),
            None => {
                Err(self.unknown(format!("`{full}` is only known when the program runs"), range))
            }
        }
    }

    /// An attribute of a type or function of Python: `str.upper`, `sys.version_info.major`.
    fn builtin_attribute(&self, full: &str, name: &str, range: TextRange) -> Eval {
        match (full, name) {
            ("sys.version_info", "major") => Ok(Object::Int(3)),
            ("sys.version_info", _) => {
                Err(self
                    .unknown("the version of Python is only known when the program runs", range))
            }
            (_, "__name__" | "__qualname__") => {
                Ok(Object::str(full.rsplit('.').next().unwrap_or(full)))
            }
            _ if full.len() < 100 => Ok(Object::Builtin(format!("{full}.{name}").into())),
            _ => Err(self.unknown_attribute(name, range)),
        }
    }
}

fn bound(object: &Object, name: &str) -> Object {
    Object::BoundBuiltin(Rc::new((object.clone(), name.into())))
}
