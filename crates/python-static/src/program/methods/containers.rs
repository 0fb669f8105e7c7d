//! Methods of lists, sets, dictionaries and namespaces.

use std::cell::RefCell;
use std::rc::Rc;

use crate::program::args::Arguments;
use crate::program::eval::put;
use crate::program::value::{Place, Scope, Value};
use crate::program::{Eval, MAX_SIZE, Machine, Stop};

impl Machine {
    pub(super) fn list_method(
        &mut self,
        items: &RefCell<Vec<Value>>,
        name: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Eval<Option<Value>> {
        Ok(match (name, arguments.positional.as_slice()) {
            ("append", [value]) if items.borrow().len() < MAX_SIZE => {
                items.borrow_mut().push(value.clone());
                Some(Value::None)
            }
            ("extend", [value]) => match self.iterate(&value.clone(), place)? {
                Ok(more) if items.borrow().len() + more.len() < MAX_SIZE => {
                    items.borrow_mut().extend(more);
                    Some(Value::None)
                }
                _ => {
                    let unknown = self.doubt(value, place);
                    items.borrow_mut().push(unknown);
                    Some(Value::None)
                }
            },
            ("insert", [Value::Int(at), value]) => {
                let length = items.borrow().len();
                let at = usize::try_from(*at).unwrap_or(0).min(length);
                items.borrow_mut().insert(at, value.clone());
                Some(Value::None)
            }
            ("pop", []) => items.borrow_mut().pop(),
            ("reverse", []) => {
                items.borrow_mut().reverse();
                Some(Value::None)
            }
            ("copy", []) => Some(Value::list(items.borrow().clone())),
            ("index", [value]) => index_of(&items.borrow(), value),
            ("sort", _) => {
                let sorted = self.sort(items.borrow().clone(), arguments, place)?;
                sorted.map(|sorted| {
                    *items.borrow_mut() = sorted;
                    Value::None
                })
            }
            _ => None,
        })
    }

    pub(super) fn set_method(
        &mut self,
        items: &RefCell<Vec<Value>>,
        name: &str,
        arguments: &Arguments,
    ) -> Option<Value> {
        match (name, arguments.positional.as_slice()) {
            ("add", [value]) => {
                if !items.borrow().iter().any(|item| item.same(value)) {
                    items.borrow_mut().push(value.clone());
                }
                Some(Value::None)
            }
            ("union", [other]) => other
                .items()
                .map(|other| self.set_of(items.borrow().iter().cloned().chain(other).collect())),
            _ => None,
        }
    }

    pub(super) fn dict_method(
        &mut self,
        pairs: &RefCell<Vec<(Value, Value)>>,
        name: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Eval<Option<Value>> {
        Ok(match (name, arguments.positional.as_slice()) {
            ("get", [key, rest @ ..]) => {
                let found = value_of(&pairs.borrow(), key);
                Some(found.unwrap_or_else(|| rest.first().cloned().unwrap_or(Value::None)))
            }
            ("items", []) => Some(Value::list(
                pairs
                    .borrow()
                    .iter()
                    .map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()]))
                    .collect(),
            )),
            ("keys", []) => {
                Some(Value::list(pairs.borrow().iter().map(|(key, _)| key.clone()).collect()))
            }
            ("values", []) => {
                Some(Value::list(pairs.borrow().iter().map(|(_, value)| value.clone()).collect()))
            }
            ("copy", []) => Some(Value::dict(pairs.borrow().clone())),
            ("update", rest) => {
                if let Some(first) = rest.first() {
                    match first.pairs() {
                        Some(more) => {
                            for (key, value) in more {
                                put(&mut pairs.borrow_mut(), key, value);
                            }
                        }
                        None => return Ok(Some(self.doubt(first, place))),
                    }
                }
                for (key, value) in &arguments.keywords {
                    put(&mut pairs.borrow_mut(), Value::Str(Rc::clone(key)), value.clone());
                }
                Some(Value::None)
            }
            ("setdefault", [key, value]) => {
                let found = value_of(&pairs.borrow(), key);
                Some(found.unwrap_or_else(|| {
                    pairs.borrow_mut().push((key.clone(), value.clone()));
                    value.clone()
                }))
            }
            ("pop", [key, rest @ ..]) => {
                let at = pairs.borrow().iter().position(|(known, _)| known.same(key));
                match at {
                    Some(at) => Some(pairs.borrow_mut().remove(at).1),
                    None => match rest.first() {
                        Some(default) => Some(default.clone()),
                        None => return Err(Stop::Raise("KeyError".into(), place)),
                    },
                }
            }
            _ => None,
        })
    }
}

pub(super) fn namespace_method(scope: &Scope, name: &str, arguments: &Arguments) -> Option<Value> {
    match (name, arguments.positional.as_slice()) {
        ("get", [Value::Str(key), rest @ ..]) => {
            Some(scope.get(key).unwrap_or_else(|| rest.first().cloned().unwrap_or(Value::None)))
        }
        ("update", [Value::Dict(pairs)]) => {
            for (key, value) in pairs.borrow().iter() {
                if let Value::Str(key) = key {
                    scope.set(key, value.clone());
                }
            }
            Some(Value::None)
        }
        ("items", []) => Some(Value::list(
            scope
                .names
                .borrow()
                .iter()
                .map(|(key, value)| Value::tuple(vec![Value::Str(Rc::clone(key)), value.clone()]))
                .collect(),
        )),
        ("keys", []) => Some(Value::list(
            scope.names.borrow().keys().map(|key| Value::Str(Rc::clone(key))).collect(),
        )),
        ("values", []) => Some(Value::list(scope.names.borrow().values().cloned().collect())),
        _ => None,
    }
}

/// `items.index(value)`
pub(super) fn index_of(items: &[Value], value: &Value) -> Option<Value> {
    let at = items.iter().position(|item| item.same(value))?;
    i128::try_from(at).ok().map(Value::Int)
}

fn value_of(pairs: &[(Value, Value)], key: &Value) -> Option<Value> {
    pairs.iter().find(|(known, _)| known.same(key)).map(|(_, value)| value.clone())
}
