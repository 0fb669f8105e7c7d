//! Functions of whole sequences: `len`, `sum`, `min`, `map`, `filter`, `next`, `zip` …

use std::rc::Rc;

use rustpython_parser::ast::Operator;

use super::super::calls::Arguments;
use super::super::machine::{Eval, Machine, Stop};
use super::super::object::{Cell, Object};
use super::super::operators::as_int;
use crate::source::TextRange;

impl Machine<'_> {
    pub(super) fn call_reduction(
        &mut self,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
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
                Object::Int(_) | Object::Bool(_) => {
                    as_int(&first).checked_abs().map(Object::Int).ok_or_else(|| self.too_big(range))
                }
                Object::Float(value) => Ok(Object::Float(value.abs())),
                _ => Err(self.unknown("this call is only known when the program runs", range)),
            },
            "pow" if arguments.positional.len() == 2 => {
                self.binary(&first, Operator::Pow, &arguments.positional[1], range)
            }
            "divmod" if arguments.positional.len() == 2 => {
                let second = &arguments.positional[1];
                let quotient = self.binary(&first, Operator::FloorDiv, second, range.clone())?;
                let rest = self.binary(&first, Operator::Mod, second, range)?;
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
                    total = self.binary(&total, Operator::Add, &item, range.clone())?;
                }
                Ok(total)
            }
            "min" | "max" => self.extreme(name == "max", arguments, range),
            _ => Err(self.unknown("this call is only known when the program runs", range)),
        }
    }

    pub(super) fn extreme(
        &mut self,
        greatest: bool,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
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
                    if greatest { order.is_gt() } else { order.is_lt() }
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
    pub(in crate::evaluate) fn keyed(
        &mut self,
        items: Vec<Object>,
        key: Option<&Object>,
        range: &TextRange,
    ) -> Eval<Vec<(Object, Object)>> {
        let mut keyed = Vec::with_capacity(items.len());
        for item in items {
            let value = match key {
                None | Some(Object::None) => item.clone(),
                Some(function) => {
                    self.call(&function.clone(), &Arguments::of(vec![item.clone()]), range.clone())?
                }
            };
            keyed.push((value, item));
        }
        Ok(keyed)
    }

    pub(super) fn call_functional(
        &mut self,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
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
        Ok(Object::Iterator(self.state.allocate(Cell::Iterator(items.into()))))
    }

    /// The first items of all sources, the second ones …, as far as the shortest reaches.
    pub(in crate::evaluate) fn transposed(
        &mut self,
        sources: &[Object],
        range: &TextRange,
    ) -> Eval<Vec<Vec<Object>>> {
        let mut columns = Vec::with_capacity(sources.len());
        for source in sources {
            columns.push(self.members_at(source, range.clone())?.into_iter());
        }
        let length = columns.iter().map(ExactSizeIterator::len).min().unwrap_or(0);
        Ok((0..length).map(|_| columns.iter_mut().filter_map(Iterator::next).collect()).collect())
    }

    pub(super) fn call_next(&mut self, source: &Object, rest: &[Object], range: TextRange) -> Eval {
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
}
