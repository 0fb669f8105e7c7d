//! What a name holds after the module has run, as far as that can be said without running it.

use std::fmt;
use std::sync::Arc;

use crate::source::TextRange;

/// A Python value. Cloning is cheap.
///
/// Equality is structural: `Int(1)`, `Bool(true)` and `Float(1.0)` differ, unlike in Python.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// An integer. Values beyond 128 bits are answered as unknown.
    Int(i128),
    /// A float.
    Float(f64),
    /// A string. Python strings that hold half a surrogate pair are answered as unknown.
    Str(Arc<str>),
    /// A bytes object.
    Bytes(Arc<[u8]>),
    /// A tuple.
    Tuple(Arc<[Value]>),
    /// A list.
    List(Arc<[Value]>),
    /// A set: each element once, in the order of the source, which Python does not keep.
    Set(Arc<[Value]>),
    /// A frozenset, as [`Value::Set`].
    FrozenSet(Arc<[Value]>),
    /// A dictionary in insertion order.
    Dict(Arc<[(Value, Value)]>),
    /// Anything else, by a few words that name it: ``function `f` ``, ``class `C` ``, ``module `os` ``.
    Other(Arc<str>),
}

impl Value {
    /// A string value.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Whether this is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The elements of a tuple, list, set or frozenset.
    pub fn elements(&self) -> Option<&[Value]> {
        match self {
            Self::Tuple(items) | Self::List(items) | Self::Set(items) | Self::FrozenSet(items) => {
                Some(items)
            }
            _ => None,
        }
    }

    /// What Python's truth test says; `None` where it cannot be said.
    pub fn truth(&self) -> Option<bool> {
        Some(match self {
            Self::None => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Str(text) => !text.is_empty(),
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::Tuple(items) | Self::List(items) | Self::Set(items) | Self::FrozenSet(items) => {
                !items.is_empty()
            }
            Self::Dict(items) => !items.is_empty(),
            Self::Other(_) => return None,
        })
    }

    /// The name of the value's type as Python prints it, such as `str` or `NoneType`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::Bytes(_) => "bytes",
            Self::Tuple(_) => "tuple",
            Self::List(_) => "list",
            Self::Set(_) => "set",
            Self::FrozenSet(_) => "frozenset",
            Self::Dict(_) => "dict",
            Self::Other(_) => "object",
        }
    }
}

/// What can be said about a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// This is the value, whatever the program's surroundings are.
    Known(Value),
    /// The value depends on running the program.
    Unknown(Unknown),
    /// The value may be plain, but reading it was given up.
    Refused(Refused),
}

impl Answer {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&Value> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }
}

/// Why a value depends on running the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// A lower-case fragment, such as `` `os.environ` is only known when the program runs ``.
    pub reason: String,
    /// What makes it unknown, in the file that was asked about.
    pub range: TextRange,
}

/// Why reading a value was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// A lower-case fragment.
    pub reason: String,
    /// What was not read, in the file that was asked about.
    pub range: TextRange,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}
