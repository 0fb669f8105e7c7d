//! Functions that make or read sequences and dictionaries.

use crate::program::args::Arguments;
use crate::program::eval::put;
use crate::program::value::{Place, Value};
use crate::program::{Eval, MAX_SIZE, Machine};

impl Machine {
    /// A function over one iterable; none is an empty one.
    pub(super) fn over_items(
        &mut self,
        name: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Eval<Option<Value>> {
        let mut items = match arguments.positional.first() {
            None => Vec::new(),
            Some(value) => match self.iterate(value, place)? {
                Ok(items) => items,
                Err(unknown) => return Ok(Some(unknown)),
            },
        };
        Ok(match name {
            "tuple" => Some(Value::tuple(items)),
            "set" | "frozenset" => Some(self.set_of(items)),
            "reversed" => {
                items.reverse();
                Some(Value::list(items))
            }
            "sorted" => self.sort(items, arguments, place)?.map(Value::list),
            "enumerate" => {
                let start = match arguments.get(1, "start") {
                    Some(Value::Int(start)) => *start,
                    _ => 0,
                };
                let numbered = items
                    .into_iter()
                    .zip(start..)
                    .map(|(item, at)| Value::tuple(vec![Value::Int(at), item]));
                Some(Value::list(numbered.collect()))
            }
            "sum" => {
                let mut total = arguments.positional.get(1).cloned().unwrap_or(Value::Int(0));
                for item in items {
                    total = self.binary("+", &total, &item, place)?;
                }
                Some(total)
            }
            "any" | "all" => {
                let truths: Option<Vec<bool>> = items.iter().map(|item| self.truth(item)).collect();
                truths.map(|truths| {
                    Value::Bool(match name {
                        "any" => truths.contains(&true),
                        _ => !truths.contains(&false),
                    })
                })
            }
            _ => Some(Value::list(items)),
        })
    }

    /// `range(…)`, as a tuple of its numbers.
    pub(super) fn range(&mut self, args: &[Value], place: Place) -> Eval {
        let (start, stop, step) = match args {
            [Value::Int(stop)] => (0, *stop, 1),
            [Value::Int(start), Value::Int(stop)] => (*start, *stop, 1),
            [Value::Int(start), Value::Int(stop), Value::Int(step)] if *step != 0 => {
                (*start, *stop, *step)
            }
            _ => return Ok(self.unknown("the range is not known", place)),
        };
        let span = stop.saturating_sub(start).unsigned_abs() / step.unsigned_abs();
        self.charge(usize::try_from(span).unwrap_or(usize::MAX).saturating_mul(8), place)?;
        let mut items = Vec::new();
        let mut at = start;
        while (step > 0 && at < stop) || (step < 0 && at > stop) {
            items.push(Value::Int(at));
            at = at.saturating_add(step);
            if items.len() > MAX_SIZE {
                return Ok(self.unknown("the range is too long", place));
            }
        }
        Ok(Value::tuple(items))
    }

    /// `dict(…)`
    pub(super) fn dict(&mut self, arguments: &Arguments, place: Place) -> Eval {
        let mut pairs = match arguments.positional.first() {
            None => Vec::new(),
            Some(value) => match value.pairs() {
                Some(pairs) => pairs,
                None => match self.iterate(value, place)? {
                    Ok(items) => items
                        .iter()
                        .filter_map(|item| match item.items().as_deref() {
                            Some([key, value]) => Some((key.clone(), value.clone())),
                            _ => None,
                        })
                        .collect(),
                    Err(unknown) => return Ok(unknown),
                },
            },
        };
        for (name, value) in &arguments.keywords {
            put(&mut pairs, Value::Str(name.clone()), value.clone());
        }
        Ok(Value::dict(pairs))
    }

    /// `zip(…)`
    pub(super) fn zip(&mut self, iterables: &[Value], place: Place) -> Eval {
        let mut rows: Vec<Vec<Value>> = Vec::new();
        for value in iterables {
            match self.iterate(value, place)? {
                Ok(items) => rows.push(items),
                Err(unknown) => return Ok(unknown),
            }
        }
        let shortest = rows.iter().map(Vec::len).min().unwrap_or(0);
        let column = |at: usize| Value::tuple(rows.iter().map(|row| row[at].clone()).collect());
        Ok(Value::list((0..shortest).map(column).collect()))
    }

    /// `map(function, items)`
    pub(super) fn map(&mut self, function: &Value, items: &Value, place: Place) -> Eval {
        let items = match self.iterate(items, place)? {
            Ok(items) => items,
            Err(unknown) => return Ok(unknown),
        };
        let mut out = Vec::new();
        for item in items {
            out.push(self.apply(function, item, place)?);
        }
        Ok(Value::list(out))
    }

    /// `filter(function, items)`
    pub(super) fn filter(&mut self, function: &Value, items: &Value, place: Place) -> Eval {
        let items = match self.iterate(items, place)? {
            Ok(items) => items,
            Err(unknown) => return Ok(unknown),
        };
        let mut out = Vec::new();
        for item in items {
            let value = self.apply(function, item.clone(), place)?;
            match self.truth(&value) {
                Some(true) => out.push(item),
                Some(false) => {}
                None => return Ok(self.doubt(&value, place)),
            }
        }
        Ok(Value::list(out))
    }

    fn apply(&mut self, function: &Value, item: Value, place: Place) -> Eval {
        match function {
            Value::None => Ok(item),
            function => self.call(function, Arguments::of(vec![item]), place),
        }
    }

    /// `max(…)`, `min(…)`
    pub(super) fn extreme(
        &mut self,
        name: &str,
        args: &[Value],
        place: Place,
    ) -> Eval<Option<Value>> {
        let items = match args {
            [iterable] => iterable.items().unwrap_or_default(),
            several => several.to_vec(),
        };
        let sorted = self.sort(items, &Arguments::default(), place)?;
        Ok(sorted.and_then(|mut items| match name {
            "max" => items.pop(),
            _ => items.into_iter().next(),
        }))
    }
}

/// `next(items, default)`
pub(super) fn next(items: &Value, default: Option<&Value>) -> Option<Value> {
    match items.items()?.first() {
        Some(item) => Some(item.clone()),
        None => default.cloned(),
    }
}

/// `dict.fromkeys(keys, value)`
pub(super) fn from_keys(keys: &Value, value: Option<&Value>) -> Option<Value> {
    let value = value.cloned().unwrap_or(Value::None);
    let pairs = keys.items()?.into_iter().map(|key| (key, value.clone()));
    Some(Value::dict(pairs.collect()))
}
