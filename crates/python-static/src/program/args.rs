//! The arguments of a call.

use std::rc::Rc;

use super::value::Value;

/// The arguments of a call, stars resolved.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Those without a name.
    pub positional: Vec<Value>,
    /// Those with a name.
    pub keywords: Vec<(Rc<str>, Value)>,
    /// A star whose items are not known.
    pub unknown: Option<Value>,
}

impl Arguments {
    /// Arguments without names.
    pub fn of(positional: Vec<Value>) -> Self {
        Self { positional, ..Self::default() }
    }

    /// The value of a keyword.
    pub fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords.iter().find(|(known, _)| &**known == name).map(|(_, value)| value)
    }

    /// The argument at `index`, or of that name.
    pub fn get(&self, index: usize, name: &str) -> Option<&Value> {
        self.positional.get(index).or_else(|| self.keyword(name))
    }
}
