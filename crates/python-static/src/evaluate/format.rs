//! Text of values: `str()`, `repr()`, f-strings, `format`, `%`.

mod fields;
mod percent;
mod spec;

use rustpython_parser::ast::{self, ConversionFlag, Expr};

use super::machine::{Eval, Machine, Stop, place};
use super::object::Object;
use crate::source::TextRange;
use crate::text;

/// Values nested deeper than this have no text that is followed.
const MAX_DEPTH: usize = 20;

impl Machine<'_> {
    /// The pieces of an f-string.
    pub(super) fn joined(&mut self, values: &[Expr]) -> Eval {
        let mut joined = String::new();
        for value in values {
            self.check_size(joined.len(), &super::machine::range_of(value))?;
            match self.eval_known(value)? {
                Object::Str(piece) => joined.push_str(&piece),
                other => joined.push_str(&self.text_of(&other, &super::machine::range_of(value))?),
            }
        }
        Ok(Object::str(joined))
    }

    /// `{value!conversion:spec}`
    pub(super) fn formatted(&mut self, formatted: &ast::ExprFormattedValue) -> Eval {
        let range = place(formatted);
        let value = self.eval_known(&formatted.value)?;
        let spec = match &formatted.format_spec {
            Some(spec) => match self.eval_known(spec)? {
                Object::Str(spec) => spec.to_string(),
                _ => String::new(),
            },
            None => String::new(),
        };
        let value = match formatted.conversion {
            ConversionFlag::None => value,
            ConversionFlag::Str => Object::str(self.text_of(&value, &range)?),
            ConversionFlag::Repr => Object::str(self.known_repr(&value, &range)?),
            ConversionFlag::Ascii => {
                Object::str(text::only_ascii(&self.known_repr(&value, &range)?))
            }
        };
        self.format_value(&value, &spec, &range).map(Object::str)
    }

    /// What `str(value)` gives.
    pub(super) fn text_of(&mut self, value: &Object, range: &TextRange) -> Eval<String> {
        match value {
            Object::Unknown(cause) => Err(Stop::Unknown(cause.clone())),
            Object::Str(text) | Object::Path(text) => Ok(text.to_string()),
            Object::Instance(_) => {
                if let Ok(method) = self.attribute(value, "__str__", range.clone()) {
                    let text =
                        self.call(&method, &super::calls::Arguments::default(), range.clone())?;
                    if let Object::Str(text) = text {
                        return Ok(text.to_string());
                    }
                }
                Err(self.unknown("the text of this object is not followed", range.clone()))
            }
            _ => self.known_repr(value, range),
        }
    }

    fn known_repr(&self, value: &Object, range: &TextRange) -> Eval<String> {
        self.repr(value)
            .ok_or_else(|| self.unknown("the text of this value is not followed", range.clone()))
    }

    /// What `repr(value)` gives; `None` where it is not followed.
    pub(super) fn repr(&self, value: &Object) -> Option<String> {
        self.repr_at(value, 0)
    }

    fn repr_at(&self, value: &Object, depth: usize) -> Option<String> {
        if depth > MAX_DEPTH || self.work(1).is_err() {
            return None;
        }
        let text = match value {
            Object::None => "None".to_owned(),
            Object::Ellipsis => "Ellipsis".to_owned(),
            Object::Bool(true) => "True".to_owned(),
            Object::Bool(false) => "False".to_owned(),
            Object::Int(value) => value.to_string(),
            Object::Float(value) => spec::float_repr(*value)?,
            Object::Str(value) => text::repr(value),
            Object::Tuple(items) => match &**items {
                [single] => format!("({},)", self.repr_at(single, depth + 1)?),
                several => format!("({})", self.repr_items(several, depth)?),
            },
            Object::List(id) => format!("[{}]", self.repr_items(self.list_cell(*id).ok()?, depth)?),
            Object::Set(id) => match self.list_cell(*id).ok()? {
                [] => "set()".to_owned(),
                [single] => format!("{{{}}}", self.repr_at(single, depth + 1)?),
                _ => return None,
            },
            Object::Dict(id) => {
                let mut pairs = Vec::new();
                for (key, value) in self.dict_cell(*id).ok()? {
                    let key = self.repr_at(key, depth + 1)?;
                    pairs.push(format!("{key}: {}", self.repr_at(value, depth + 1)?));
                }
                format!("{{{}}}", pairs.join(", "))
            }
            Object::View(view, id) => {
                let entries = self.dict_cell(*id).ok()?;
                let parts: Vec<Object> =
                    entries.iter().map(|entry| view.part(entry.clone())).collect();
                format!("{}([{}])", view.type_name(), self.repr_items(&parts, depth)?)
            }
            Object::Path(path) => format!("PosixPath({})", text::repr(path)),
            _ => return None,
        };
        self.work(text.len()).ok()?;
        Some(text)
    }

    fn repr_items(&self, items: &[Object], depth: usize) -> Option<String> {
        let items: Option<Vec<String>> =
            items.iter().map(|item| self.repr_at(item, depth + 1)).collect();
        Some(items?.join(", "))
    }
}
