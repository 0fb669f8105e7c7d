//! Options of Alembic's configuration: what the files say, with what env.py has set laid over it.

use std::rc::Rc;

use alembic_core::config::ConfigError;
use alembic_core::config::interpolation::{self, Piece};
use python_static::TextRange;

use crate::env_script::{
    Origin,
    machine::Machine,
    value::{Scope, Trail, Value},
};

/// ConfigParser's `MAX_INTERPOLATION_DEPTH`.
const DEEPEST: usize = 10;

impl Machine<'_> {
    /// An option: what env.py has set, else what the files say.
    pub(super) fn option(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        (section, name): (&str, &str),
        default: Value,
    ) -> Value {
        if let Some(doubt) = &self.config_doubt {
            return Value::Unknown(Rc::clone(doubt));
        }
        if self.has_set(section) {
            let found = self.overlaid(scope, range, (section, name));
            return found.unwrap_or_else(Some).unwrap_or(default);
        }
        match self.inputs.config.get_section_option(section, name) {
            Ok(Some(text)) => Value::text(text, ini_trail(section, name)),
            Ok(None) => default,
            Err(error) => {
                self.unreadable(scope, range, &format!("`{name}` of [{section}]"), &error)
            }
        }
    }

    /// Whether env.py has set an option of the section.
    fn has_set(&self, section: &str) -> bool {
        self.options.keys().any(|(of, _)| of == section)
    }

    /// What the configuration says is not to be read; with the way out, since nothing else shows it.
    fn unreadable(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        what: &str,
        error: &ConfigError,
    ) -> Value {
        let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
        self.unknown(scope, range, format!("{what} cannot be read: {error}{help}"))
    }

    pub(super) fn section(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        section: &str,
        default: Value,
    ) -> Value {
        if let Some(doubt) = &self.config_doubt {
            return Value::Unknown(Rc::clone(doubt));
        }
        if self.has_set(section) {
            return self.overlaid_section(scope, range, section);
        }
        let found = match self.inputs.config.section_options(section) {
            Ok(found) => found,
            Err(error) => {
                return self.unreadable(scope, range, &format!("[{section}]"), &error);
            }
        };
        let Some(found) = found else { return default };
        let items = found.into_iter().map(|(name, text)| {
            let trail = ini_trail(section, &name);
            (Rc::from(name), Value::text(text, trail))
        });
        self.dict(items.collect())
    }

    /// The options of a section that env.py has set some of.
    fn overlaid_section(&mut self, scope: &Scope, range: &TextRange, section: &str) -> Value {
        let mut names: Vec<String> = match self.inputs.config.ini() {
            Ok(ini) => ini.options(section).into_iter().map(str::to_owned).collect(),
            Err(error) => {
                return self.unreadable(scope, range, &format!("[{section}]"), &error);
            }
        };
        for (of, name) in self.options.keys() {
            if of == section && !names.contains(name) {
                names.push(name.clone());
            }
        }
        let mut items = Vec::with_capacity(names.len());
        for name in names {
            match self.overlaid(scope, range, (section, &name)) {
                Ok(Some(value)) => items.push((Rc::from(name), value)),
                Ok(None) => {}
                Err(refused) => return refused,
            }
        }
        self.dict(items)
    }

    /// An option as ConfigParser reads it from the files with what env.py has set; `Err` is why it refuses to.
    fn overlaid(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        (section, name): (&str, &str),
    ) -> Result<Option<Value>, Value> {
        match self.raw_option(section, name) {
            Ok(Some(raw)) => self.interpolated(scope, range, (section, name), raw, 1).map(Some),
            Ok(None) => Ok(None),
            Err(error) => Err(self.unreadable(scope, range, &format!("[{section}]"), &error)),
        }
    }

    /// An option with its references, without the files' help.
    fn raw_option(&self, section: &str, name: &str) -> Result<Option<Value>, ConfigError> {
        let key = (section.to_owned(), name.to_lowercase());
        if let Some(set) = self.options.get(&key) {
            return Ok(Some(set.clone()));
        }
        let ini = self.inputs.config.ini()?;
        // A section that env.py has added has the defaults, too.
        let of = if ini.has_section(section) { section } else { "DEFAULT" };
        Ok(ini.raw(of, name).map(|text| Value::text(text, ini_trail(section, name))))
    }

    /// ConfigParser's reading of a value: `%(name)s` is another option, `%%` is one percent sign.
    fn interpolated(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        (section, name): (&str, &str),
        value: Value,
        depth: usize,
    ) -> Result<Value, Value> {
        let Value::Str(text, trail) = &value else { return Ok(value) };
        if !text.contains('%') {
            return Ok(value);
        }
        if depth > DEEPEST || !self.step() {
            return Err(self.unknown(scope, range, format!("`{name}` refers to itself")));
        }
        let mut parts = Vec::new();
        for piece in interpolation::pieces(text) {
            match piece {
                Ok(Piece::Text(text)) => parts.push(Value::text(text, trail.clone())),
                Ok(Piece::Reference { name: other, .. }) => {
                    let Ok(Some(raw)) = self.raw_option(section, other) else {
                        let reason = format!("`{name}` refers to `{other}`, which is not set");
                        return Err(self.unknown(scope, range, reason));
                    };
                    let of = (section, other);
                    parts.push(self.interpolated(scope, range, of, raw, depth + 1)?);
                }
                Err(_) => {
                    let reason = "the option holds a single `%`, which ConfigParser refuses: it must be written `%%`";
                    return Err(self.unknown(scope, range, reason));
                }
            }
        }
        Ok(self.concatenated(scope, range, &parts))
    }

    pub(super) fn set_option(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        (section, name): (Option<&str>, Option<&str>),
        value: Option<&Value>,
    ) {
        let (Some(section), Some(name)) = (section, name) else {
            self.config_doubt =
                Some(self.doubt(scope, range, "an option that is not known is set here"));
            return;
        };
        let key = (section.to_owned(), name.to_lowercase());
        let new = value.cloned().unwrap_or(Value::None);
        let new = match new {
            Value::Str(..) | Value::Unknown(_) => new,
            // ConfigParser takes texts alone.
            other => {
                self.unknown_from(scope, range, &[&other], "this option is set to what is no text")
            }
        };
        let old = self.options.get(&key).cloned();
        let new = self.changed(0, old.as_ref(), new);
        self.options.insert(key, new);
    }
}

fn ini_trail(section: &str, name: &str) -> Trail {
    Trail::of(Origin::Ini { section: section.to_owned(), key: name.to_owned() })
}
