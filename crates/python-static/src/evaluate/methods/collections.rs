//! Methods of lists, tuples, dictionaries, sets, and of the dictionary of a module.

use std::rc::Rc;

use rustpython_parser::ast::Operator;

use super::super::calls::Arguments;
use super::super::containers::usize_index;
use super::super::machine::{Eval, Machine, Stop};
use super::super::object::{Cell, Id, Object, ScopeId, View};
use super::super::operators::as_int;
use super::known;
use crate::source::TextRange;

impl Machine<'_> {
    pub(super) fn call_list_method(
        &mut self,
        id: Id,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let first = arguments.first().cloned();
        if let ("append", Some(item)) = (name, &first)
            && let Cell::List(items) = self.state.cell_mut(id)
        {
            items.push(item.clone());
            return Ok(Object::None);
        }
        let mut items = self.list_items(id)?;
        match (name, first) {
            ("extend", Some(source)) => {
                let more = self.members_at(&source, range.clone())?;
                self.check_size(items.len() + more.len(), &range)?;
                items.extend(more);
            }
            ("insert", Some(at)) => {
                let at = usize_index(as_int(&at), items.len()).unwrap_or(0).min(items.len());
                items.insert(at, arguments.positional.get(1).cloned().unwrap_or(Object::None));
            }
            ("remove", Some(item)) => match self.position(&items, &item, &range)? {
                Some(at) => {
                    items.remove(at);
                }
                None => {
                    return Err(self.raise("ValueError", "list.remove(x): x not in list", range));
                }
            },
            ("pop", at) => {
                let at = at.map_or(-1, |at| as_int(&at));
                let Some(at) = usize_index(at, items.len()).filter(|&at| at < items.len()) else {
                    return Err(self.raise("IndexError", "pop index out of range", range));
                };
                let item = items.remove(at);
                *self.state.cell_mut(id) = Cell::List(items);
                return Ok(item);
            }
            ("clear", _) => items.clear(),
            ("reverse", _) => items.reverse(),
            ("sort", _) => items = self.sort(items, arguments, &range)?,
            ("copy", _) => return Ok(self.new_list(items)),
            _ => {
                known(arguments)?;
                return self.call_sequence_method(&items, name, arguments, range);
            }
        }
        *self.state.cell_mut(id) = Cell::List(items);
        Ok(Object::None)
    }

    fn position(
        &self,
        items: &[Object],
        wanted: &Object,
        range: &TextRange,
    ) -> Eval<Option<usize>> {
        for (at, item) in items.iter().enumerate() {
            if self.equal(item, wanted, range)? {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    pub(super) fn call_sequence_method(
        &mut self,
        items: &[Object],
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        match (name, arguments.positional.as_slice()) {
            ("index", [wanted]) => match self.position(items, wanted, &range)? {
                Some(at) => Ok(Object::Int(i128::try_from(at).unwrap_or(i128::MAX))),
                None => Err(self.raise("ValueError", "the value is not in the sequence", range)),
            },
            ("count", [wanted]) => {
                let mut count = 0;
                for item in items {
                    count += i128::from(self.equal(item, wanted, &range)?);
                }
                Ok(Object::Int(count))
            }
            _ => Err(self.unknown_method(name, range)),
        }
    }

    pub(super) fn call_dict_method(
        &mut self,
        id: Id,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let default = || arguments.positional.get(1).cloned();
        if let Some(view) = View::of_method(name) {
            self.dict_cell(id)?;
            return Ok(Object::View(view, id));
        }
        match (name, arguments.first().cloned()) {
            ("get", Some(key)) => {
                Ok(self.dict_get(id, &key, &range)?.or_else(default).unwrap_or(Object::None))
            }
            ("setdefault", Some(key)) => {
                if let Some(value) = self.dict_get(id, &key, &range)? {
                    return Ok(value);
                }
                let value = default().unwrap_or(Object::None);
                self.dict_insert(id, key, value.clone(), range)?;
                Ok(value)
            }
            ("pop", Some(key)) => {
                let found = self.dict_get(id, &key, &range)?;
                let mut kept = Vec::new();
                for (other, value) in self.dict_items(id)? {
                    if !self.equal(&other, &key, &range)? {
                        kept.push((other, value));
                    }
                }
                *self.state.cell_mut(id) = Cell::Dict(kept);
                match found.or_else(default) {
                    Some(value) => Ok(value),
                    None => Err(self.raise("KeyError", self.repr(&key).unwrap_or_default(), range)),
                }
            }
            ("update", source) => {
                if let Some(source) = source {
                    for (key, value) in self.pairs(&source, range.clone())? {
                        self.dict_insert(id, key, value, range.clone())?;
                    }
                }
                for (key, value) in &arguments.keywords {
                    self.dict_insert(id, Object::Str(key.clone()), value.clone(), range.clone())?;
                }
                Ok(Object::None)
            }
            ("copy", _) => {
                let items = self.dict_items(id)?;
                Ok(Object::Dict(self.state.allocate(Cell::Dict(items))))
            }
            ("clear", _) => {
                *self.state.cell_mut(id) = Cell::Dict(Vec::new());
                Ok(Object::None)
            }
            _ => Err(self.unknown_method(name, range)),
        }
    }

    pub(super) fn call_set_method(
        &mut self,
        set: &Object,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let mut items = self.set_items(set)?;
        let operator = match name {
            "union" => Some(Operator::BitOr),
            "intersection" => Some(Operator::BitAnd),
            "difference" => Some(Operator::Sub),
            "symmetric_difference" => Some(Operator::BitXor),
            _ => None,
        };
        if let Some(operator) = operator {
            let mut result = set.clone();
            for other in &arguments.positional {
                let other = Object::frozenset(self.members_at(&other.clone(), range.clone())?);
                result = self.binary(&result, operator, &other, range.clone())?;
            }
            return Ok(result);
        }
        let first = arguments.first().cloned();
        match (name, first, set) {
            ("copy", _, Object::FrozenSet(_)) => return Ok(set.clone()),
            ("copy", _, _) => return Ok(Object::Set(self.state.allocate(Cell::Set(items)))),
            ("issubset" | "issuperset", Some(other), _) => {
                let others = self.members_at(&other, range.clone())?;
                let (small, large) =
                    if name == "issubset" { (&items, &others) } else { (&others, &items) };
                for item in small {
                    if !self.contains_equal(large, item, &range)? {
                        return Ok(Object::Bool(false));
                    }
                }
                return Ok(Object::Bool(true));
            }
            ("add", Some(item), Object::Set(_)) => items.push(item),
            ("update", _, Object::Set(_)) => {
                for source in &arguments.positional {
                    items.extend(self.members_at(&source.clone(), range.clone())?);
                }
            }
            ("discard" | "remove", Some(item), Object::Set(_)) => {
                match self.position(&items, &item, &range)? {
                    Some(at) => {
                        items.remove(at);
                    }
                    None if name == "remove" => {
                        return Err(self.raise("KeyError", "not in the set", range));
                    }
                    None => {}
                }
            }
            ("clear", _, Object::Set(_)) => items.clear(),
            _ => return Err(self.unknown_method(name, range)),
        }
        let items = self.distinct(items, range)?;
        if let Object::Set(id) = set {
            *self.state.cell_mut(*id) = Cell::Set(items);
        }
        Ok(Object::None)
    }

    /// `globals().update(…)` and its kin.
    pub(super) fn call_namespace_method(
        &mut self,
        scope: ScopeId,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let first = arguments.first().cloned();
        let second = arguments.positional.get(1).cloned();
        let result = match (name, first) {
            ("update", source) => self
                .update_namespace(scope, source, arguments, range.clone())
                .map(|()| Object::None),
            ("__setitem__", Some(Object::Str(key))) => {
                self.bind_in(scope, &key, second.unwrap_or(Object::None));
                Ok(Object::None)
            }
            ("get", Some(Object::Str(key))) => {
                let found = self.state.scope(scope).names.get(&*key).cloned();
                Ok(found.or(second).unwrap_or(Object::None))
            }
            ("setdefault", Some(Object::Str(key))) => {
                if let Some(value) = self.state.scope(scope).names.get(&*key).cloned() {
                    Ok(value)
                } else {
                    let value = second.unwrap_or(Object::None);
                    self.bind_in(scope, &key, value.clone());
                    Ok(value)
                }
            }
            _ => Err(self.unknown_method(name, range.clone())),
        };
        if let Err(Stop::Unknown(cause)) = &result
            && !matches!(name, "get" | "keys" | "items" | "values" | "copy")
        {
            self.forget_globals(scope, &Rc::clone(cause));
        }
        result
    }

    fn update_namespace(
        &mut self,
        scope: ScopeId,
        source: Option<Object>,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval<()> {
        if let Some(source) = source {
            for (key, value) in self.pairs(&source, range.clone())? {
                let Object::Str(key) = key else {
                    return Err(
                        self.unknown("this name is only known when the program runs", range)
                    );
                };
                self.bind_in(scope, &key, value);
            }
        }
        for (key, value) in &arguments.keywords {
            self.bind_in(scope, key, value.clone());
        }
        Ok(())
    }
}
