//! Methods of lists, sets, dictionaries and namespaces.

use std::cell::RefCell;
use std::rc::Rc;

use crate::program::args::Arguments;
use crate::program::eval::put;
use crate::program::methods::size_of;
use crate::program::value::{Place, Scope, TermKind, Value};
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
            ("insert" | "pop" | "remove" | "clear", arguments) => {
                self.change_list(items, name, arguments, place)?
            }
            _ => None,
        })
    }

    /// Puts an item into a list or takes some out of it. Where it is not known which, the list is not known either.
    fn change_list(
        &mut self,
        items: &RefCell<Vec<Value>>,
        name: &str,
        arguments: &[Value],
        place: Place,
    ) -> Eval<Option<Value>> {
        let length = items.borrow().len();
        match (name, arguments) {
            ("insert", [Value::Int(at), value]) if length < MAX_SIZE => {
                let at = from_start(*at, length).unwrap_or(0).min(length);
                items.borrow_mut().insert(at, value.clone());
                return Ok(Some(Value::None));
            }
            ("pop", []) => return Ok(items.borrow_mut().pop()),
            ("pop", [Value::Int(at)]) => {
                if let Some(at) = from_start(*at, length).filter(|at| *at < length) {
                    return Ok(Some(items.borrow_mut().remove(at)));
                }
                if !items.borrow().iter().any(|item| matches!(item, Value::Unknown(_))) {
                    return Err(Stop::Raise("IndexError".into(), place));
                }
            }
            ("remove", [value]) => {
                // A list may hold itself: nothing is compared while it is changed.
                let found = items.borrow().iter().position(|item| item.same(value));
                if let Some(at) = found {
                    items.borrow_mut().remove(at);
                    return Ok(Some(Value::None));
                }
                if is_absent(value, items.borrow().iter()) {
                    return Err(Stop::Raise("ValueError".into(), place));
                }
            }
            ("clear", []) => {
                items.borrow_mut().clear();
                return Ok(Some(Value::None));
            }
            _ => {}
        }
        let unknown = self.unknown("the items of a list are not known", place);
        items.borrow_mut().push(unknown);
        Ok(None)
    }

    pub(super) fn set_method(
        &mut self,
        items: &RefCell<Vec<Value>>,
        name: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Eval<Option<Value>> {
        let other = arguments.positional.first().map_or(0, size_of);
        self.charge(items.borrow().len().saturating_mul(other), place)?;
        Ok(match (name, arguments.positional.as_slice()) {
            ("add", [value]) => {
                if !items.borrow().iter().any(|item| item.same(value)) {
                    items.borrow_mut().push(value.clone());
                }
                Some(Value::None)
            }
            ("discard", [value]) => {
                let found = items.borrow().iter().position(|item| item.same(value));
                if let Some(at) = found {
                    items.borrow_mut().remove(at);
                } else if !is_absent(value, items.borrow().iter()) {
                    let unknown = self.doubt(value, place);
                    items.borrow_mut().push(unknown);
                }
                Some(Value::None)
            }
            ("update", [other]) => other.items().map(|other| {
                for value in other {
                    if !items.borrow().iter().any(|item| item.same(&value)) {
                        items.borrow_mut().push(value);
                    }
                }
                Value::None
            }),
            ("union", [other]) => other
                .items()
                .map(|other| self.set_of(items.borrow().iter().cloned().chain(other).collect())),
            _ => None,
        })
    }

    pub(super) fn dict_method(
        &mut self,
        pairs: &RefCell<Vec<(Value, Value)>>,
        name: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Eval<Option<Value>> {
        Ok(match (name, arguments.positional.as_slice()) {
            ("get" | "pop" | "setdefault", [key, ..])
                if value_of(&pairs.borrow(), key).is_none()
                    && !is_absent(key, pairs.borrow().iter().map(|(known, _)| known)) =>
            {
                Some(self.doubt(key, place))
            }
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

/// An index that counts from the end when it is below zero; `None` before the start.
pub(in crate::program) fn from_start(at: i128, length: usize) -> Option<usize> {
    let at = if at < 0 { at.checked_add(i128::try_from(length).ok()?)? } else { at };
    (at >= 0).then(|| usize::try_from(at).unwrap_or(usize::MAX))
}

/// Whether `value`, which is the same as none of `others`, equals none of them in Python either: what a library's call or
/// attribute gives may be anything.
fn is_absent<'a>(value: &Value, mut others: impl Iterator<Item = &'a Value>) -> bool {
    let is_fixed = |value: &Value| match value {
        Value::Unknown(_) => false,
        Value::Term(term) => matches!(term.kind, TermKind::Name(_)),
        _ => true,
    };
    is_fixed(value) && others.all(is_fixed)
}

fn value_of(pairs: &[(Value, Value)], key: &Value) -> Option<Value> {
    pairs.iter().find(|(known, _)| known.same(key)).map(|(_, value)| value.clone())
}
