//! The process environment as the project sees it: with what its `.env` files and its own code have set.

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    rc::Rc,
};

use python_static::TextRange;

use super::{
    Doubt, Origin, Place, SetIn,
    machine::Machine,
    paths,
    value::{Scope, Trail, Value},
};
use crate::database_url::dotenv::{DotEnv, Preference};

impl Machine<'_> {
    /// `os.environ.get(name)`; `None` when it is not set.
    pub(super) fn variable(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        name: &str,
    ) -> Option<Value> {
        let place = self.place(scope, range);
        if let Some(set) = self.variables.get(name) {
            if let Some(Value::Str(text, trail)) = set {
                // Of the two places the one that reads the variable comes first.
                let mut steps = Trail::default();
                for step in trail.steps() {
                    let step = match step.clone() {
                        Origin::Environment { name, set, .. } => {
                            Origin::Environment { name, set, place: place.clone() }
                        }
                        other => other,
                    };
                    steps = steps.and(&Trail::of(step));
                }
                return Some(Value::Str(Rc::clone(text), steps));
            }
            return set.clone();
        }
        if let Some(doubt) = &self.environment_replaced {
            return Some(Value::Unknown(Rc::clone(doubt)));
        }
        if let Some(text) = (self.inputs.environment)(name) {
            let origin = Origin::Environment { name: name.to_owned(), set: SetIn::Process, place };
            return Some(Value::text(text, Trail::of(origin)));
        }
        if let Some(doubt) = &self.environment_doubt {
            return Some(Value::Unknown(Rc::clone(doubt)));
        }
        if !self.unset.iter().any(|(known, _)| known == name) {
            self.unset.push((name.to_owned(), place));
        }
        None
    }

    /// The value, or the default with the trace of the variable that is missing.
    pub(super) fn variable_or(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        name: &str,
        default: Option<Value>,
    ) -> Value {
        if let Some(value) = self.variable(scope, range, name) {
            return value;
        }
        let unset = Origin::Unset { name: name.to_owned(), place: self.place(scope, range) };
        match default {
            Some(Value::Str(text, trail)) => Value::Str(text, Trail::of(unset).and(&trail)),
            Some(value) if !value.is_none() => value,
            _ => Value::Absent(self.doubt(
                scope,
                range,
                format!("`{name}` is not set in the environment"),
            )),
        }
    }

    pub(super) fn environment_has(&self, name: &str) -> Option<bool> {
        match self.variables.get(name) {
            Some(Some(Value::Unknown(_))) => None,
            Some(set) => Some(set.is_some()),
            None if self.environment_replaced.is_some() => None,
            None if (self.inputs.environment)(name).is_some() => Some(true),
            None if self.environment_doubt.is_some() => None,
            None => Some(false),
        }
    }

    pub(super) fn set_variable(&mut self, name: &str, value: Option<Value>) {
        let value = match (value, self.condition_beyond(0)) {
            (_, Some(condition)) => Some(Value::Unknown(condition)),
            (value, None) => value,
        };
        self.environment_changes += 1;
        self.variables.insert(name.to_owned(), value);
    }

    /// Any variable may have been given any value.
    pub(super) fn replace_environment(&mut self, doubt: &Rc<Doubt>) {
        for value in self.variables.values_mut() {
            *value = Some(Value::Unknown(Rc::clone(doubt)));
        }
        self.environment_changes += 1;
        self.environment_replaced = Some(Rc::clone(doubt));
    }

    /// `os.environ.update(values)`
    pub(super) fn update_environment(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        values: Option<&Value>,
    ) {
        let Some(values) = values else { return };
        let Value::Dict(dict) = values else {
            let reason = "the environment is changed here";
            let unknown = self.unknown_from(scope, range, &[values], reason);
            if let Some(doubt) = unknown.doubt() {
                self.replace_environment(doubt);
            }
            return;
        };
        let open = dict.open.borrow().clone();
        if let Some(doubt) = open {
            self.replace_environment(&doubt);
        }
        for (name, value) in dict.items.borrow().clone() {
            self.set_variable(&name, Some(value));
        }
    }

    /// What a variable holds for `${NAME}` in a `.env` file, or why that is not known.
    fn plain_variable(&self, name: &str) -> Result<Option<String>, Rc<Doubt>> {
        match self.variables.get(name) {
            Some(Some(Value::Str(text, _))) => Ok(Some(text.to_string())),
            Some(Some(value)) => value.doubt().map_or(Ok(None), |doubt| Err(Rc::clone(doubt))),
            Some(None) => Ok(None),
            None => match &self.environment_replaced {
                Some(doubt) => Err(Rc::clone(doubt)),
                None => Ok((self.inputs.environment)(name)),
            },
        }
    }

    /// The variables of a `.env` file, with their places.
    pub(super) fn env_file(
        &mut self,
        path: &Path,
        preference: Preference,
    ) -> Option<Vec<(String, Value)>> {
        let path = paths::absolute(self.inputs.config.cwd(), path);
        let file = DotEnv::read(&path)?;
        let shown = self.shown(&path);
        if !self.env_files.contains(&shown) {
            self.env_files.push(shown.clone());
        }
        let doubt = RefCell::new(None);
        let variables = file.variables(preference, &|name| {
            self.plain_variable(name).unwrap_or_else(|why| {
                *doubt.borrow_mut() = Some(why);
                None
            })
        });
        let doubt = doubt.into_inner();
        let found = variables.into_iter().filter_map(|variable| {
            let place = Place { file: shown.clone(), line: variable.line };
            let set = SetIn::File(place.clone());
            let origin = Origin::Environment { name: variable.name.clone(), set, place };
            let value = Value::text(variable.value?, Trail::of(origin));
            Some((variable.name, doubt.clone().map_or(value, Value::Unknown)))
        });
        Some(found.collect())
    }

    /// python-dotenv's `load_dotenv`.
    pub(super) fn load_dotenv(&mut self, path: &Path, overrides: bool) -> bool {
        let preference = if overrides { Preference::File } else { Preference::Process };
        let Some(found) = self.env_file(path, preference) else {
            return false;
        };
        for (name, value) in found {
            if overrides || self.environment_has(&name) == Some(false) {
                self.set_variable(&name, Some(value));
            }
        }
        true
    }

    /// python-dotenv's `find_dotenv`: beside the file that asks, or above it.
    pub(super) fn find_dotenv(&self, scope: &Scope, name: &str) -> Option<PathBuf> {
        paths::upwards(scope.module.path.parent()?, name)
    }
}
