//! The names that Python and known libraries bring without a definition.

use crate::program::value::Value;

const NAMES: &str = " abs all any bool bytes callable classmethod dict dir enumerate filter float format frozenset getattr hasattr hash id int isinstance issubclass iter len list map max min next object open print property range repr reversed round set setattr sorted staticmethod str sum super tuple type vars zip __import__ delattr complex bytearray memoryview ";

/// The builtin of a name.
pub(in crate::program) fn builtin(name: &str) -> Option<Value> {
    match name {
        "NotImplemented" => return Some(Value::Builtin("NotImplemented".into())),
        "__debug__" => return Some(Value::Bool(true)),
        _ => {}
    }
    let known = NAMES.contains(&format!(" {name} "))
        || ["Error", "Exception", "Warning", "Interrupt", "Iteration", "Exit"]
            .iter()
            .any(|end| name.ends_with(end))
            && name.starts_with(|c: char| c.is_ascii_uppercase());
    known.then(|| Value::Builtin(name.into()))
}

/// The names that `from module import *` brings from known libraries, a module a line.
const STARS: &str = include_str!("stars.txt");

/// The names that `from module import *` brings from a known library.
pub(in crate::program) fn star_names(module: &str) -> Vec<&'static str> {
    STARS
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(of, _)| *of == module)
        .map_or_else(Vec::new, |(_, names)| names.split_whitespace().collect())
}
