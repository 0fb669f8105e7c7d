//! Lists, sets, dictionaries and iterators: what is in them, subscripts and slices.

use std::rc::Rc;

use rustpython_parser::ast;

use super::machine::{Eval, MAX_SIZE, Machine, Stop};
use super::object::{Cell, Id, Object};
use super::operators::{as_int, range_length};
use crate::source::TextRange;

/// What a value takes, in bytes.
const ITEM: usize = size_of::<Object>();

impl Machine<'_> {
    /// The elements of a list or set cell.
    pub(super) fn list_items(&self, id: Id) -> Eval<Vec<Object>> {
        let items = self.list_cell(id)?;
        self.work(items.len() * ITEM)?;
        Ok(items.to_vec())
    }

    /// The elements of a list or set cell, where they are.
    pub(super) fn list_cell(&self, id: Id) -> Eval<&[Object]> {
        match self.state.cell(id) {
            Cell::List(items) | Cell::Set(items) => Ok(items),
            Cell::Lost(cause) => Err(Stop::Unknown(Rc::clone(cause))),
            _ => Ok(&[]),
        }
    }

    /// The pairs of a dictionary cell.
    pub(super) fn dict_items(&self, id: Id) -> Eval<Vec<(Object, Object)>> {
        let items = self.dict_cell(id)?;
        self.work(items.len() * 2 * ITEM)?;
        Ok(items.to_vec())
    }

    /// The pairs of a dictionary cell, where they are.
    pub(super) fn dict_cell(&self, id: Id) -> Eval<&[(Object, Object)]> {
        match self.state.cell(id) {
            Cell::Dict(items) => Ok(items),
            Cell::Lost(cause) => Err(Stop::Unknown(Rc::clone(cause))),
            _ => Ok(&[]),
        }
    }

    /// The elements of a set or frozenset.
    pub(super) fn set_items(&self, object: &Object) -> Eval<Vec<Object>> {
        match object {
            Object::FrozenSet(items) => Ok(items.to_vec()),
            Object::Set(id) => self.list_items(*id),
            _ => Ok(Vec::new()),
        }
    }

    /// What iterating gives, in order. A set of several elements has no order that could be known.
    pub(super) fn iterate(&mut self, object: &Object, range: TextRange) -> Eval<Vec<Object>> {
        let items = self.members_at(object, range.clone())?;
        if items.len() > 1 && matches!(object, Object::Set(_) | Object::FrozenSet(_)) {
            return Err(
                self.unknown("the order of a set is only known when the program runs", range)
            );
        }
        Ok(items)
    }

    /// What iterating gives; the elements of a set in the order of the source, which is as good as any.
    pub(super) fn members_at(&mut self, object: &Object, range: TextRange) -> Eval<Vec<Object>> {
        let items = match object {
            Object::Unknown(cause) => return Err(Stop::Unknown(Rc::clone(cause))),
            Object::Tuple(items) | Object::FrozenSet(items) => items.to_vec(),
            Object::List(id) | Object::Set(id) => self.list_items(*id)?,
            Object::Dict(id) => self.dict_items(*id)?.into_iter().map(|(key, _)| key).collect(),
            Object::View(view, id) => {
                self.dict_items(*id)?.into_iter().map(|entry| view.part(entry)).collect()
            }
            Object::Str(text) => {
                self.work(text.len() * ITEM)?;
                text.chars().map(|c| Object::str(c.to_string())).collect()
            }
            Object::Bytes(bytes) => bytes.iter().map(|&byte| Object::Int(byte.into())).collect(),
            Object::Range(start, stop, step) => self.range_items(*start, *stop, *step, &range)?,
            Object::Iterator(id) => match self.state.cell_mut(*id) {
                Cell::Iterator(items) => std::mem::take(items).into(),
                Cell::Lost(cause) => return Err(Stop::Unknown(Rc::clone(cause))),
                _ => Vec::new(),
            },
            Object::Class(id) => self.enum_members(*id, range)?,
            Object::Instance(id) => self.named_tuple_items(*id, range)?,
            Object::Namespace(scope) => {
                let names = self.state.scope(*scope).names.keys();
                names.map(|name| Object::Str(name.clone())).collect()
            }
            Object::None | Object::Bool(_) | Object::Int(_) | Object::Float(_) => {
                let message = format!("`{}` object is not iterable", Self::type_name(object));
                return Err(self.raise("TypeError", message, range));
            }
            _ => {
                return Err(self.unknown(
                    "what this iterates over is only known when the program runs",
                    range,
                ));
            }
        };
        self.work(items.len() * ITEM)?;
        Ok(items)
    }

    fn range_items(
        &self,
        start: i128,
        stop: i128,
        step: i128,
        range: &TextRange,
    ) -> Eval<Vec<Object>> {
        let length = usize::try_from(range_length(start, stop, step)).unwrap_or(usize::MAX);
        self.check_size(length.saturating_mul(16), range)?;
        let numbers = std::iter::successors(Some(start), |at| at.checked_add(step));
        Ok(numbers.take(length).map(Object::Int).collect())
    }

    /// Each value once, the first of equal ones.
    pub(super) fn distinct(&mut self, items: Vec<Object>, range: TextRange) -> Eval<Vec<Object>> {
        let mut kept = Vec::with_capacity(items.len());
        for item in items {
            if !self.contains_equal(&kept, &item, &range)? {
                kept.push(item);
            }
        }
        Ok(kept)
    }

    /// `dict[key] = value`
    pub(super) fn dict_insert(
        &mut self,
        id: Id,
        key: Object,
        value: Object,
        range: TextRange,
    ) -> Eval<()> {
        let found = match self.dict_position(id, &key, &range) {
            Ok(found) => found,
            Err(Stop::Unknown(cause)) => {
                *self.state.cell_mut(id) = Cell::Lost(cause);
                return Ok(());
            }
            Err(stop) => return Err(stop),
        };
        if let Cell::Dict(items) = self.state.cell_mut(id) {
            match found {
                Some(index) => items[index].1 = value,
                None => items.push((key, value)),
            }
        }
        Ok(())
    }

    /// `dict.get(key)`; `None` when the key is not there.
    pub(super) fn dict_get(&self, id: Id, key: &Object, range: &TextRange) -> Eval<Option<Object>> {
        let found = self.dict_position(id, key, range)?;
        found.map(|at| self.dict_cell(id).map(|items| items[at].1.clone())).transpose()
    }

    fn dict_position(&self, id: Id, key: &Object, range: &TextRange) -> Eval<Option<usize>> {
        for (at, (other, _)) in self.dict_cell(id)?.iter().enumerate() {
            if self.equal(other, key, range)? {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// The pairs that `dict(source)` or `**source` would take.
    pub(super) fn pairs(
        &mut self,
        source: &Object,
        range: TextRange,
    ) -> Eval<Vec<(Object, Object)>> {
        match source {
            Object::Dict(id) => self.dict_items(*id),
            Object::Namespace(scope) => {
                let names = &self.state.scope(*scope).names;
                Ok(names
                    .iter()
                    .map(|(name, value)| (Object::Str(name.clone()), value.clone()))
                    .collect())
            }
            _ => {
                let mut pairs = Vec::new();
                for item in self.iterate(source, range.clone())? {
                    let pair = self.iterate(&item, range.clone())?;
                    let [key, value] = <[Object; 2]>::try_from(pair).map_err(|_| {
                        self.raise(
                            "ValueError",
                            "dictionary update sequence is not of pairs",
                            range.clone(),
                        )
                    })?;
                    pairs.push((key, value));
                }
                Ok(pairs)
            }
        }
    }

    pub(super) fn merge_dicts(&mut self, left: &Object, right: &Object, range: TextRange) -> Eval {
        let first = self.pairs(left, range.clone())?;
        let merged = self.state.allocate(Cell::Dict(first));
        for (key, value) in self.pairs(right, range.clone())? {
            self.dict_insert(merged, key, value, range.clone())?;
        }
        Ok(Object::Dict(merged))
    }

    pub(super) fn subscript(&mut self, object: &Object, index: &Object, range: TextRange) -> Eval {
        if let Some(cause) = object.cause().or(index.cause()) {
            return Err(Stop::Unknown(Rc::clone(cause)));
        }
        match object {
            Object::Dict(id) => match self.dict_get(*id, index, &range)? {
                Some(value) => Ok(value),
                None => Err(self.raise("KeyError", self.repr(index).unwrap_or_default(), range)),
            },
            Object::Namespace(scope) => match index {
                Object::Str(name) => {
                    let frame = super::machine::Frame { scope: *scope, file: self.frame.file };
                    self.in_frame(frame, |machine| machine.global_name(name, range))
                }
                _ => Err(self.unknown("this key is not followed", range)),
            },
            Object::Class(id) => self.class_subscript(*id, index, range),
            Object::Builtin(name) if &**name == "sys.modules" => match index {
                Object::Str(module) => self.running_module(module).ok_or_else(|| {
                    self.unknown("`sys.modules` is only known when the program runs", range)
                }),
                _ => Err(self.unknown("`sys.modules` is only known when the program runs", range)),
            },
            Object::Builtin(name) if &**name == "sys.version_info" => match index {
                Object::Int(0) => Ok(Object::Int(3)),
                // The first parts compare as the whole does.
                Object::Tuple(parts) if matches!(parts.first(), Some(Object::None)) => {
                    Ok(object.clone())
                }
                _ => Err(self
                    .unknown("the version of Python is only known when the program runs", range)),
            },
            // A generic alias such as `list[str]`.
            Object::Builtin(_) | Object::Library(_) => Ok(object.clone()),
            _ => {
                let items = self.indexable(object, &range)?;
                match index {
                    Object::Int(_) | Object::Bool(_) => {
                        match usize_index(as_int(index), items.len()) {
                            Some(at) if at < items.len() => Ok(items[at].clone()),
                            _ => Err(self.raise("IndexError", "index out of range", range)),
                        }
                    }
                    Object::Tuple(parts) if parts.len() == 4 => {
                        self.slice(object, &items, parts, range)
                    }
                    _ => Err(self.unknown("this index is only known when the program runs", range)),
                }
            }
        }
    }

    fn indexable(&mut self, object: &Object, range: &TextRange) -> Eval<Vec<Object>> {
        match object {
            Object::Tuple(_)
            | Object::List(_)
            | Object::Str(_)
            | Object::Bytes(_)
            | Object::Range(..)
            | Object::Instance(_) => self.members_at(object, range.clone()),
            _ => {
                Err(self
                    .unknown("this subscript is only known when the program runs", range.clone()))
            }
        }
    }

    /// A slice stands in an index as a tuple of four whose last is `...`, which no program writes.
    pub(super) fn slice_expression(&mut self, slice: &ast::ExprSlice) -> Eval {
        let mut parts = Vec::with_capacity(4);
        for part in [&slice.lower, &slice.upper, &slice.step] {
            parts.push(match part {
                Some(expr) => self.eval_known(expr)?,
                None => Object::None,
            });
        }
        parts.push(Object::Ellipsis);
        Ok(Object::tuple(parts))
    }

    fn slice(
        &mut self,
        object: &Object,
        items: &[Object],
        parts: &[Object],
        range: TextRange,
    ) -> Eval {
        let length = i128::try_from(items.len()).unwrap_or(i128::MAX);
        let step = match &parts[2] {
            Object::None => 1,
            other => as_int(other),
        };
        if step == 0 {
            return Err(self.raise("ValueError", "slice step cannot be zero", range));
        }
        let (low, high) = if step > 0 { (0, length) } else { (-1, length - 1) };
        let bound = |part: &Object, default: i128| match part {
            Object::None => default,
            other => {
                let at = as_int(other);
                (if at < 0 { at.saturating_add(length) } else { at }).clamp(low, high)
            }
        };
        let (first, last) = if step > 0 { (low, high) } else { (high, low) };
        let (start, stop) = (bound(&parts[0], first), bound(&parts[1], last));
        let count = usize::try_from(range_length(start, stop, step)).unwrap_or(0).min(MAX_SIZE);
        let picked: Vec<Object> = std::iter::successors(Some(start), |at| at.checked_add(step))
            .take(count)
            .filter_map(|at| items.get(usize::try_from(at).ok()?).cloned())
            .collect();
        match object {
            Object::Str(_) => {
                Ok(Object::str(picked.iter().filter_map(as_text).collect::<String>()))
            }
            Object::List(_) => Ok(self.new_list(picked)),
            Object::Bytes(_) => {
                let bytes: Vec<u8> =
                    picked.iter().filter_map(|item| u8::try_from(as_int(item)).ok()).collect();
                Ok(Object::Bytes(bytes.into()))
            }
            _ => Ok(Object::tuple(picked)),
        }
    }

    /// A value has reached code that is not known: what can be changed in place is no longer known.
    pub(super) fn escape(&mut self, object: &Object, reason: &Stop) {
        let Stop::Unknown(cause) = reason else { return };
        let mut waiting = vec![object.clone()];
        while let Some(object) = waiting.pop() {
            match object {
                Object::List(id)
                | Object::Set(id)
                | Object::Dict(id)
                | Object::View(_, id)
                | Object::Iterator(id)
                | Object::Instance(id) => {
                    let lost = Cell::Lost(Rc::clone(cause));
                    match std::mem::replace(self.state.cell_mut(id), lost) {
                        Cell::List(items) | Cell::Set(items) => waiting.extend(items),
                        Cell::Dict(items) => {
                            waiting.extend(items.into_iter().flat_map(|(key, value)| [key, value]));
                        }
                        Cell::Instance { attributes, .. } => {
                            waiting.extend(attributes.into_iter().map(|(_, value)| value));
                        }
                        _ => {}
                    }
                }
                Object::Tuple(items) | Object::FrozenSet(items) => {
                    waiting.extend(items.iter().cloned());
                }
                Object::Method(method) => waiting.push(method.0.clone()),
                Object::BoundBuiltin(method) => waiting.push(method.0.clone()),
                Object::Namespace(scope) => {
                    for value in self.state.scope_mut(scope).names.values_mut() {
                        *value = Object::Unknown(Rc::clone(cause));
                    }
                }
                _ => {}
            }
        }
    }
}

/// An index from the end or the beginning, as an offset; `None` before the beginning.
pub(super) fn usize_index(index: i128, length: usize) -> Option<usize> {
    let length = i128::try_from(length).ok()?;
    let index = if index < 0 { index.checked_add(length)? } else { index };
    usize::try_from(index).ok()
}

pub(super) fn as_text(object: &Object) -> Option<&str> {
    match object {
        Object::Str(text) => Some(text),
        _ => None,
    }
}
