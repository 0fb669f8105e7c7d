//! Python's functions that walk through something.

use crate::env_script::{
    calls::Arguments,
    machine::Machine,
    value::{List, Value},
};

/// The longest `range(…)` that is followed.
const MAX_RANGE: i128 = 1000;

impl Machine<'_> {
    pub(super) fn iteration(&mut self, name: &str, arguments: &Arguments) -> Option<Value> {
        let first = arguments.plain.first()?;
        match name {
            "next" => match first {
                Value::List(list) => self.next_of(list, arguments.plain.get(1)),
                _ => None,
            },
            "any" | "all" => {
                let truths: Vec<_> = self.items_of(first)?.iter().map(Value::truth).collect();
                let decisive = name == "any";
                if truths.contains(&Some(decisive)) {
                    return Some(Value::Bool(decisive));
                }
                truths.iter().all(Option::is_some).then_some(Value::Bool(!decisive))
            }
            "range" => range_of(&arguments.plain).map(|items| self.list(items)),
            _ => None,
        }
    }

    /// Generators are followed as lists: what they have given is gone.
    fn next_of(&self, list: &List, default: Option<&Value>) -> Option<Value> {
        if self.condition_beyond(list.level).is_some() {
            return None;
        }
        let mut items = list.items.borrow_mut();
        if items.is_empty() { default.cloned() } else { Some(items.remove(0)) }
    }
}

/// The numbers of a short `range(…)`.
fn range_of(arguments: &[Value]) -> Option<Vec<Value>> {
    let (start, end) = match arguments {
        [Value::Int(end)] => (0, *end),
        [Value::Int(start), Value::Int(end)] => (*start, *end),
        _ => return None,
    };
    (end.checked_sub(start)? <= MAX_RANGE).then(|| (start..end).map(Value::Int).collect())
}
