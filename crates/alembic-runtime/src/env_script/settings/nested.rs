//! Fields that are models of their own: `DB__URL` with `env_nested_delimiter="__"`.

use std::rc::Rc;

use python_static::TextRange;

use super::{FileVariables, Options};
use crate::env_script::{
    calls::Arguments,
    machine::{Eval, Machine},
    value::{Field, Scope, Value},
};

/// What fills settings: their options, the variables of their files, and whether it is pydantic 1.
type Sources<'a> = (&'a Options, &'a FileVariables, bool);

impl Machine<'_> {
    /// A field that is a model, made of the variables for its parts; `None` leaves it to its default.
    pub(super) fn nested(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        (field, names): (&Field, &[String]),
        sources: Sources<'_>,
    ) -> Eval<Option<Value>> {
        let inside = Rc::clone(&field.scope);
        let (Some(delimiter), Some(class)) =
            (sources.0.nested_delimiter.clone(), self.model_of(&inside, &field.annotation))
        else {
            return Ok(None);
        };
        let mut given = Arguments::default();
        let mut missing = Vec::new();
        for inner in self.declared(&class) {
            let parts: Vec<_> =
                names.iter().map(|name| format!("{name}{delimiter}{}", inner.name)).collect();
            let value = match self.part(&inner, &parts, sources) {
                Some(value) => Some(value),
                None => self.nested(scope, range, (&inner, &parts), sources)?,
            };
            match value {
                Some(value) => given.keywords.push((Rc::clone(&inner.name), value)),
                None if inner.default.is_none() => missing.push((inner, parts)),
                None => {}
            }
        }
        if given.keywords.is_empty() && field.default.is_some() {
            return Ok(None);
        }
        // A default is not updated but replaced, unless it is asked for.
        if let (true, Some(_)) = (sources.0.partial_update, &field.default) {
            return self.updated(scope, range, field, given).map(Some);
        }
        for (inner, parts) in missing {
            let variable = parts.first().map_or_else(String::new, |name| name.to_uppercase());
            let unknown = self.not_set(&Rc::clone(&inner.scope), &inner, &variable);
            given.keywords.push((inner.name, unknown));
        }
        self.instantiate(scope, range, &class, given).map(Some)
    }

    fn updated(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        field: &Field,
        given: Arguments,
    ) -> Eval {
        let default = self.field_default(scope, range, field)?;
        if let Value::Object(object) = &default {
            object.attributes.borrow_mut().extend(given.keywords);
        }
        Ok(default)
    }

    /// The value of the variable for a part.
    fn part(
        &mut self,
        inner: &Field,
        names: &[String],
        (options, files, old): Sources<'_>,
    ) -> Option<Value> {
        let scope = Rc::clone(&inner.scope);
        let place = inner.annotation.range.clone();
        let found = names.iter().find_map(|name| {
            let set = self.set_variable_of(&scope, &place, name, options.case_sensitive);
            let in_file = || files.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            set.or_else(|| in_file().map(|(_, value)| value.clone()))
        })?;
        Some(self.filled(&scope, inner, found, old))
    }
}
