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
                    Some(_) => return Ok(None),
                    None => 0,
                };
                let numbered = items.into_iter().enumerate().map(|(at, item)| {
                    let at = start.checked_add(i128::try_from(at).ok()?)?;
                    Some(Value::tuple(vec![Value::Int(at), item]))
                });
                numbered.collect::<Option<_>>().map(Value::list)
            }
            "sum" => {
                let mut total = arguments.get(1, "start").cloned().unwrap_or(Value::Int(0));
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
                    Ok(items) => match self.pairs_of(&items, place)? {
                        Ok(pairs) => pairs,
                        Err(unknown) => return Ok(unknown),
                    },
                    Err(unknown) => return Ok(unknown),
                },
            },
        };
        for (name, value) in &arguments.keywords {
            put(&mut pairs, Value::Str(name.clone()), value.clone());
        }
        Ok(Value::dict(pairs))
    }

    /// The entries of a dictionary that is made of pairs; the last of a key counts.
    fn pairs_of(
        &mut self,
        items: &[Value],
        place: Place,
    ) -> Eval<Result<Vec<(Value, Value)>, Value>> {
        let mut pairs = Vec::new();
        for item in items {
            let Some([key, value]) =
                item.items().and_then(|pair| <[Value; 2]>::try_from(pair).ok())
            else {
                return Ok(Err(self.doubt(item, place)));
            };
            self.charge(pairs.len(), place)?;
            put(&mut pairs, key, value);
        }
        Ok(Ok(pairs))
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

    /// `max(…)`, `min(…)`: the first of those that come first in order.
    pub(super) fn extreme(
        &mut self,
        name: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Eval<Option<Value>> {
        let items = match arguments.positional.as_slice() {
            [iterable] => match iterable.items() {
                Some(items) if items.is_empty() => {
                    return Ok(arguments.keyword("default").cloned());
                }
                items => items.unwrap_or_default(),
            },
            several => several.to_vec(),
        };
        let key = arguments.keyword("key").map(|key| ("key".into(), key.clone()));
        let reverse = ("reverse".into(), Value::Bool(name == "max"));
        let order = Arguments {
            keywords: key.into_iter().chain([reverse]).collect(),
            ..Arguments::default()
        };
        Ok(self.sort(items, &order, place)?.and_then(|items| items.into_iter().next()))
    }

    /// `dict.fromkeys(keys, value)`: each key once, where it stood first.
    pub(super) fn dict_from_keys(
        &mut self,
        keys: &Value,
        value: Option<&Value>,
        place: Place,
    ) -> Eval<Option<Value>> {
        let Some(keys) = keys.items() else { return Ok(None) };
        let value = value.cloned().unwrap_or(Value::None);
        let mut pairs = Vec::new();
        for key in keys {
            self.charge(pairs.len(), place)?;
            put(&mut pairs, key, value.clone());
        }
        Ok(Some(Value::dict(pairs)))
    }
}

/// `next(items, default)`
pub(super) fn next(items: &Value, default: Option<&Value>) -> Option<Value> {
    match items.items()?.first() {
        Some(item) => Some(item.clone()),
        None => default.cloned(),
    }
}
