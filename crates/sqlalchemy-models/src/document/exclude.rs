//! PostgreSQL's exclude constraints.

use python_static::program::{Arguments, Place, Value};

use super::table::Builder;
use crate::schema::Check;

impl Builder<'_> {
    pub(super) fn exclude_constraint(&mut self, given: &Arguments, at: Place) {
        match self.exclude(given) {
            Some(found) => self.table.exclude_constraints.push(found),
            None => self.lose("exclude_constraints", at, "the exclude constraint is not known"),
        }
    }

    fn exclude(&mut self, given: &Arguments) -> Option<Check> {
        let plain = ["ops", "deferrable", "initially"]
            .iter()
            .all(|name| matches!(given.keyword(name), None | Some(Value::None)));
        if given.unknown.is_some() || !plain {
            return None;
        }
        let using = match given.keyword("using") {
            None => "gist",
            Some(Value::Str(using)) => using,
            Some(_) => return None,
        };
        let mut parts = Vec::new();
        for element in &given.positional {
            let Value::Tuple(pair) = element else { return None };
            let [of, Value::Str(operator)] = &**pair else { return None };
            let text = match self.column_name(of) {
                Some(name) => crate::types::quote(&name),
                None if matches!(of, Value::Str(_)) => return None,
                None => self.sql.expression(self.machine, self.number, of)?.text,
            };
            parts.push(format!("{text} WITH {operator}"));
        }
        let mut sqltext = format!("EXCLUDE USING {using} ({})", parts.join(", "));
        match given.keyword("where") {
            None | Some(Value::None) => {}
            Some(Value::Str(text)) => sqltext.push_str(&format!(" WHERE ({text})")),
            Some(value) => {
                let text = self.sql.expression(self.machine, self.number, value)?.text;
                sqltext.push_str(&format!(" WHERE ({text})"));
            }
        }
        let name = match given.keyword("name") {
            None | Some(Value::None) => None,
            Some(Value::Str(name)) => Some(name.to_string()),
            Some(_) => return None,
        };
        Some(Check { name, sqltext })
    }
}
