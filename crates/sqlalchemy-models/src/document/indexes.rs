//! Indexes: those of columns, and `Index` with columns and expressions.

use python_static::program::{Arguments, Place, Value};

use super::table::Builder;
use crate::names::Kind;
use crate::schema::Index;

impl Builder<'_> {
    /// `index=True`
    pub(super) fn column_index(&mut self, column: &str, unique: bool, place: Place) {
        let columns = vec![column.to_owned()];
        match self.name(Kind::Index, None, &columns, None) {
            Ok(name) => {
                let index = Index { name, columns, unique, using: None, where_: None };
                self.table.indexes.push(index);
            }
            Err(()) => self.lose("indexes", place, "the name of an index is not known"),
        }
    }

    pub(super) fn index_of(&mut self, given: &Arguments, at: Place) {
        match self.index(given) {
            Some(index) => self.table.indexes.push(index),
            None => self.lose("indexes", at, "the index is not known"),
        }
    }

    fn index(&mut self, given: &Arguments) -> Option<Index> {
        if given.unknown.is_some() {
            return None;
        }
        let mut columns = Vec::new();
        // What names the index: the columns inside, expressions included.
        let mut named = Vec::new();
        for value in given.positional.iter().skip(1) {
            if let Some(name) = self.column_name(value) {
                named.push(name.clone());
                columns.push(name);
                continue;
            }
            if matches!(value, Value::Str(_)) {
                return None;
            }
            named.extend(self.first_column(value, 0));
            columns.push(self.sql.expression(self.machine, self.number, value)?.alone());
        }
        let unique = match given.keyword("unique") {
            None | Some(Value::None) => false,
            Some(Value::Bool(unique)) => *unique,
            _ => return None,
        };
        let using = match given.keyword("postgresql_using") {
            None | Some(Value::None) => None,
            Some(Value::Str(using)) => Some(using.to_lowercase()),
            _ => return None,
        };
        let where_ = match given.keyword("postgresql_where") {
            None | Some(Value::None) => None,
            Some(Value::Str(text)) => Some(text.to_string()),
            Some(value) => Some(self.sql.expression(self.machine, self.number, value)?.text),
        };
        let name = self.name(Kind::Index, given.get(0, "name"), &named, None).ok()?;
        Some(Index { name, columns, unique, using, where_ })
    }

    /// The first column that an expression mentions.
    fn first_column(&self, value: &Value, depth: usize) -> Option<String> {
        use python_static::program::TermKind;
        if depth > 8 {
            return None;
        }
        if let Some(name) = value.as_term().and_then(|_| self.column_name(value)) {
            return Some(name);
        }
        let inside =
            |values: &[Value]| values.iter().find_map(|value| self.first_column(value, depth + 1));
        match &value.as_term()?.kind {
            TermKind::Call(function, arguments) => {
                let of = match function.as_term().map(|term| &term.kind) {
                    Some(TermKind::Attribute(of, _)) => self.first_column(of, depth + 1),
                    _ => None,
                };
                of.or_else(|| inside(&arguments.positional))
            }
            TermKind::Operator(_, operands) => inside(operands),
            _ => None,
        }
    }
}
