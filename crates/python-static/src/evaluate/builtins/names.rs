//! Functions that deal with names: `globals`, `vars`, `setattr`, `getattr`, `exec`.

use std::rc::Rc;
use std::sync::Arc;

use super::super::calls::Arguments;
use super::super::machine::{Eval, Machine, Stop};
use super::super::object::{Cause, Object};
use crate::source::TextRange;

impl Machine<'_> {
    /// The functions that deal with names: they may be given unknown values.
    pub(super) fn call_namespace(
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
    pub(in crate::evaluate) fn forget_globals(&mut self, scope: usize, cause: &Rc<Cause>) {
        let needed = self.files[self.frame.file].needed.clone();
        for name in needed {
            self.bind_in(scope, &name, Object::Unknown(Rc::clone(cause)));
        }
        for value in self.state.scope_mut(scope).names.values_mut() {
            *value = Object::Unknown(Rc::clone(cause));
        }
    }

    /// The scope of the module `name` when it is the one that runs: `sys.modules[__name__]`.
    pub(in crate::evaluate) fn running_module(&self, name: &Arc<str>) -> Option<Object> {
        let own = &self.files[self.frame.file].name;
        (own == name).then(|| Object::Namespace(self.state.scope(self.frame.scope).globals))
    }
}
