//! Python's own functions.

mod convert;
mod folders;
mod json;
mod library;
mod names;
mod objects;
mod sequences;
mod text;

use super::args::Arguments;
use super::methods::size_of;
use super::value::{Place, TermKind, Value};
use super::{Eval, Machine};

pub(super) use names::{builtin, star_names};

impl Machine {
    /// The items of an iterable.
    ///
    /// # Errors
    /// Bounds.
    pub fn iterate(&mut self, value: &Value, place: Place) -> Eval<Result<Vec<Value>, Value>> {
        self.charge(size_of(value).saturating_mul(8), place)?;
        if let Some(items) = value.items() {
            return Ok(Ok(items));
        }
        Ok(match value {
            Value::Str(text) => Ok(text.chars().map(|c| Value::str(c.to_string())).collect()),
            Value::Class(class) if class.is_enum.get() => {
                Ok(self.members(class).into_iter().map(|(_, member)| member).collect())
            }
            Value::Term(term) => {
                let asked = match &term.kind {
                    TermKind::Name(_) => None,
                    _ => self.ask_attribute(value, "__iter__", place, None),
                };
                match asked.and_then(|items| items.items()) {
                    Some(items) => Ok(items),
                    None => Err(self.doubt(value, place)),
                }
            }
            other => Err(self.doubt(other, place)),
        })
    }

    /// A call of one of Python's functions.
    pub(super) fn call_builtin(&mut self, name: &str, arguments: Arguments, place: Place) -> Eval {
        if let Some(unknown) = arguments.unknown {
            return Ok(unknown);
        }
        let args = arguments.positional.as_slice();
        let size = args.first().map_or(0, size_of);
        // Sets are lists that are looked through for each item.
        let is_set = matches!(name, "set" | "frozenset");
        self.charge(if is_set { size.saturating_mul(size) } else { size }, place)?;
        self.allocate(place)?;
        if let Some(unknown @ Value::Unknown(_)) = args.first()
            && !matches!(name, "hasattr" | "print" | "type" | "isinstance")
        {
            return Ok(unknown.clone());
        }
        let result = match (name, args) {
            ("str" | "format" | "repr" | "int" | "float" | "bool" | "len" | "abs", _) => {
                self.conversion(name, args, place)?
            }
            (
                "list" | "tuple" | "set" | "frozenset" | "iter" | "reversed" | "sorted"
                | "enumerate" | "sum" | "any" | "all",
                _,
            ) => self.over_items(name, &arguments, place)?,
            ("range", _) => Some(self.range(args, place)?),
            ("dict", _) => Some(self.dict(&arguments, place)?),
            ("zip", _) => Some(self.zip(args, place)?),
            ("map", [function, items]) => Some(self.map(function, items, place)?),
            ("filter", [function, items]) => Some(self.filter(function, items, place)?),
            ("max" | "min", _) => self.extreme(name, &arguments, place)?,
            ("next", [items, rest @ ..]) => sequences::next(items, rest.first()),
            ("dict.fromkeys", [keys, rest @ ..]) => {
                self.dict_from_keys(keys, rest.first(), place)?
            }
            _ => match (name.split_once('.'), args.split_first()) {
                (Some(("str" | "dict" | "list", method)), Some((of, rest))) => {
                    let arguments = Arguments {
                        positional: rest.to_vec(),
                        keywords: arguments.keywords,
                        unknown: None,
                    };
                    return self.call_method(of, method, &arguments, place);
                }
                _ => self.object_builtin(name, args, place)?,
            },
        };
        Ok(result.unwrap_or_else(|| {
            self.unknown(format!("the result of `{name}()` is not known"), place)
        }))
    }

    /// The items in order, by `key` and `reverse` of `arguments`; `None` when they cannot be compared.
    pub(super) fn sort(
        &mut self,
        items: Vec<Value>,
        arguments: &Arguments,
        place: Place,
    ) -> Eval<Option<Vec<Value>>> {
        let reverse = match arguments.keyword("reverse").map(|reverse| self.truth(reverse)) {
            Some(None) => return Ok(None),
            Some(Some(reverse)) => reverse,
            None => false,
        };
        let mut keyed = Vec::new();
        for item in items {
            let key = match arguments.keyword("key") {
                Some(Value::None) | None => item.clone(),
                Some(function) => {
                    self.call(&function.clone(), Arguments::of(vec![item.clone()]), place)?
                }
            };
            keyed.push((key, item));
        }
        let comparable =
            keyed.windows(2).all(|pair| super::operators::order(&pair[0].0, &pair[1].0).is_some());
        if !comparable {
            return Ok(None);
        }
        // Equal ones stay in their order, from the largest down as well.
        keyed.sort_by(|a, b| {
            let order = super::operators::order(&a.0, &b.0).unwrap_or(std::cmp::Ordering::Equal);
            if reverse { order.reverse() } else { order }
        });
        Ok(Some(keyed.into_iter().map(|(_, item)| item).collect()))
    }
}
