//! What pydantic refuses: settings without a value that they need, and variables of files that are no field.

use std::rc::Rc;

use python_static::TextRange;

use super::{FileVariables, Options, names};
use crate::env_script::{
    Doubt, Origin, SetIn,
    machine::{Eval, Machine, Raised},
    value::{Class, Field, Object, Scope, Value},
};

impl Machine<'_> {
    /// Without a value that it needs, there is no instance. `outer` is what misses the class around.
    pub(super) fn refuse(&mut self, object: &Object, outer: Option<Rc<Doubt>>) -> Eval<()> {
        let missing = std::mem::replace(&mut self.missing, outer);
        let Some(doubt) = missing.filter(|_| object.open.borrow().is_none()) else {
            return Ok(());
        };
        if self.tries > 0 {
            return Err(Raised { kind: "ValidationError".into(), doubt });
        }
        object.spoil(&doubt);
        Ok(())
    }

    /// Why a variable of the `.env` files makes pydantic 2 refuse the settings: it fills no field.
    pub(super) fn foreign_variable(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        class: &Rc<Class>,
        (options, files, fields): (&Options, &FileVariables, &[Field]),
    ) -> Option<Rc<Doubt>> {
        if files.is_empty() || options.files_doubt.is_some() || has_unknown_base(class) {
            return None;
        }
        let normal = |name: &str| {
            if options.case_sensitive { name.to_owned() } else { name.to_lowercase() }
        };
        let mut names = Vec::new();
        for field in fields {
            let own = names::of_field(field, options, false)?;
            names.extend(own.iter().map(|name| (normal(name), self.is_complex(field))));
            // With a prefix, pydantic passes over what a field is called.
            if !options.prefix.is_empty() {
                names.push((normal(&field.name), false));
            }
        }
        let fills = |variable: &str| {
            names.iter().any(|(name, is_complex)| {
                variable == name || (*is_complex && variable.starts_with(name.as_str()))
            })
        };
        let (name, value) = files
            .iter()
            .find(|(name, value)| value.as_str() != Some("") && !fills(&normal(name)))?;
        let reason = format!(
            "{name} in {} is no field of `{}`: pydantic refuses it unless `extra` is `ignore`",
            file_of(value),
            class.name
        );
        Some(self.doubt(scope, range, reason))
    }
}

/// Whether the class has fields that are not known.
fn has_unknown_base(class: &Rc<Class>) -> bool {
    Machine::lineage(class).iter().any(|class| {
        class.bases.iter().any(|base| match base {
            Value::Class(_) => false,
            Value::External(name) => !name.starts_with("pydantic"),
            _ => true,
        })
    })
}

/// The file and line that a variable was read from.
fn file_of(value: &Value) -> String {
    let Value::Str(_, trail) = value else { return "the file".to_owned() };
    let place = trail.steps().iter().find_map(|step| match step {
        Origin::Environment { set: SetIn::File(place), .. } => Some(place.to_string()),
        _ => None,
    });
    place.unwrap_or_else(|| "the file".to_owned())
}
