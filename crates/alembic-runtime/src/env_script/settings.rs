//! pydantic's settings and models: which variable fills which field.
//!
//! The order is pydantic's: what is given, the environment, the `.env` files, the default. A class that changes that
//! order, or fills its fields from somewhere else, is unknown.

mod fields;
mod names;
mod validators;

use std::rc::Rc;

use python_static::TextRange;

use super::{
    calls::Arguments,
    library::path_of,
    machine::{Eval, Machine},
    value::{Class, Dict, Field, Object, Scope, Value},
};
use crate::database_url::dotenv::Preference;
use names::Options;

/// The variables of a class's `.env` files, those that count first.
pub(super) type FileVariables = Vec<(String, Value)>;

impl Machine<'_> {
    /// `Field(…)`, `SettingsConfigDict(…)`, `PostgresDsn.build(…)` and types used as functions.
    pub(super) fn pydantic_function(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        path: &str,
        arguments: &Arguments,
    ) -> Option<Value> {
        let last = path.rsplit('.').next().unwrap_or_default();
        match last {
            "Field" | "PrivateAttr" => Some(self.field_call(arguments)),
            "SettingsConfigDict" | "ConfigDict" => {
                Some(Value::Dict(self.new_dict(arguments.keywords.clone(), arguments.open.clone())))
            }
            "AliasChoices" => Some(self.list(arguments.plain.clone())),
            "SecretStr" => match arguments.plain.first()? {
                Value::Str(text, trail) => Some(Value::Secret(Rc::clone(text), trail.clone())),
                _ => None,
            },
            "build" => Some(self.dsn_build(scope, range, arguments)),
            _ if fields::is_dsn(last) => match arguments.plain.first()? {
                Value::Str(text, trail) => {
                    Some(self.dsn(scope, range, text, trail, path.contains(".v1.")))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The arguments of a `Field(…)`, kept until the field is filled.
    pub(super) fn field_call(&mut self, arguments: &Arguments) -> Value {
        let mut items = arguments.keywords.clone();
        if let Some(default) = arguments.plain.first() {
            items.push(("default".into(), default.clone()));
        }
        Value::Dict(Rc::new(Dict {
            items: items.into(),
            open: arguments.open.clone().into(),
            is_x: false,
            is_field: true,
            level: self.level(),
        }))
    }

    /// Fills the fields of a `BaseModel`.
    pub(super) fn fill_model(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        object: &Rc<Object>,
        class: &Rc<Class>,
        arguments: &Arguments,
    ) -> Eval<()> {
        for field in Self::fields(class) {
            let value = match arguments.keyword(&field.name) {
                Some(value) => self.coerced(scope, &field, value.clone(), false),
                None => self.field_default(scope, range, &field)?,
            };
            object.attributes.borrow_mut().insert(Rc::clone(&field.name), value);
        }
        self.validate(scope, range, object, class, false)
    }

    /// Fills the fields of a `BaseSettings`; `old` is pydantic 1.
    pub(super) fn fill_settings(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        object: &Rc<Object>,
        (class, old): (&Rc<Class>, bool),
        arguments: &Arguments,
    ) -> Eval<()> {
        if let Some(Value::Function(function)) = Self::of_class(class, "__init__") {
            let doubt = self.unknown(
                &function.scope,
                &range.clone(),
                format!("`{}` has an `__init__` of its own", class.name),
            );
            *object.open.borrow_mut() = doubt.doubt().cloned();
            return Ok(());
        }
        let options = self.options(scope, range, class, arguments);
        if let Some(doubt) = &options.doubt {
            *object.open.borrow_mut() = Some(Rc::clone(doubt));
            return Ok(());
        }
        let files = self.file_variables(&options);
        for field in Self::fields(class) {
            if &*field.name == "model_config" {
                continue;
            }
            let value =
                self.settings_field(scope, range, &field, (&options, &files, old), arguments)?;
            object.attributes.borrow_mut().insert(Rc::clone(&field.name), value);
        }
        self.validate(scope, range, object, class, old)
    }

    fn settings_field(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        field: &Field,
        (options, files, old): (&Options, &FileVariables, bool),
        arguments: &Arguments,
    ) -> Eval {
        if let Some(value) = arguments.keyword(&field.name) {
            return Ok(value.clone());
        }
        let inside = Rc::clone(&field.scope);
        let place = field.annotation.range.clone();
        let Some(names) = names::of_field(field, options, old) else {
            let reason = format!("it is not known which variable fills `{}`", field.name);
            return Ok(self.unknown(&inside, &place, reason));
        };
        for name in &names {
            if let Some(value) = self.set_variable_of(&inside, &place, name, options.case_sensitive)
            {
                if options.ignore_empty && value.as_str() == Some("") {
                    continue;
                }
                return Ok(self.filled(&inside, field, value, old));
            }
        }
        for name in &names {
            let matches = |known: &str| {
                if options.case_sensitive {
                    known == name
                } else {
                    known.eq_ignore_ascii_case(name)
                }
            };
            if let Some((_, value)) = files.iter().find(|(known, _)| matches(known)) {
                if options.ignore_empty && value.as_str() == Some("") {
                    continue;
                }
                return Ok(self.filled(&inside, field, value.clone(), old));
            }
        }
        if let Some(doubt) = &options.files_doubt {
            return Ok(Value::Unknown(Rc::clone(doubt)));
        }
        if let Some(value) = self.nested(scope, range, field, (options, files, &names, old))? {
            return Ok(value);
        }
        let value = self.field_default(scope, range, field)?;
        Ok(self.defaulted(&inside, field, names.first().map_or("", String::as_str), value))
    }

    /// A default, with the trace of the variable that is not set.
    fn defaulted(&mut self, scope: &Rc<Scope>, field: &Field, name: &str, value: Value) -> Value {
        let shown = name.to_uppercase();
        let place = self.place(scope, &field.annotation.range);
        if !self.unset.iter().any(|(known, _)| *known == shown) {
            self.unset.push((shown.clone(), place.clone()));
        }
        match value {
            Value::Str(text, trail) => {
                let unset = super::value::Trail::of(super::Origin::Unset { name: shown, place });
                let way = self.through(field, &unset.and(&trail));
                self.coerced(scope, field, Value::Str(text, way), false)
            }
            Value::Unknown(doubt) if doubt.reason.ends_with("has no value") => {
                let reason = format!(
                    "`{}.{}` is filled by `{shown}`, which is not set",
                    field.class, field.name
                );
                self.unknown(scope, &field.annotation.range, reason)
            }
            other => self.coerced(scope, field, other, false),
        }
    }

    fn filled(&mut self, scope: &Rc<Scope>, field: &Field, value: Value, old: bool) -> Value {
        let value = match value {
            Value::Str(text, trail) => Value::Str(text, self.through(field, &trail)),
            other => other,
        };
        self.coerced(scope, field, value, old)
    }

    /// The variable by its name, whichever way its letters are written.
    fn set_variable_of(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        name: &str,
        case_sensitive: bool,
    ) -> Option<Value> {
        let mut spellings = vec![name.to_owned()];
        if !case_sensitive {
            spellings.extend([name.to_uppercase(), name.to_lowercase()]);
        }
        let found = spellings.iter().find(|name| self.environment_has(name) == Some(true))?;
        self.variable(scope, range, found)
    }

    fn file_variables(&mut self, options: &Options) -> FileVariables {
        let mut found = FileVariables::new();
        for path in &options.env_files {
            // Of several files the last one counts.
            let mut variables = self.env_file(path, Preference::File).unwrap_or_default();
            variables.append(&mut found);
            found = variables;
        }
        found
    }

    /// A field that is a model: `DB__URL` with `env_nested_delimiter="__"`.
    fn nested(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        field: &Field,
        (options, files, names, old): (&Options, &FileVariables, &[String], bool),
    ) -> Eval<Option<Value>> {
        let Some(delimiter) = &options.nested_delimiter else {
            return Ok(None);
        };
        let inside = Rc::clone(&field.scope);
        let Some(class) = self.model_of(&inside, &field.annotation) else {
            return Ok(None);
        };
        let default = match &field.default {
            Some(_) => Some(self.field_default(scope, range, field)?),
            None => None,
        };
        let object = match &default {
            Some(Value::Object(object)) => Rc::clone(object),
            _ => match self.instantiate(scope, range, &class, Arguments::default())? {
                Value::Object(object) => object,
                _ => return Ok(None),
            },
        };
        for inner in Self::fields(&class) {
            let prefixed = names
                .iter()
                .map(|name| format!("{name}{delimiter}{}", inner.name))
                .collect::<Vec<_>>();
            let inner_options = Options {
                prefix: format!("{}{delimiter}", names.first().map_or("", String::as_str)),
                ..options.clone()
            };
            let place = inner.annotation.range.clone();
            let inner_scope = Rc::clone(&inner.scope);
            let mut found = None;
            for name in &prefixed {
                found = self
                    .set_variable_of(&inner_scope, &place, name, options.case_sensitive)
                    .or_else(|| {
                        files
                            .iter()
                            .find(|(known, _)| known.eq_ignore_ascii_case(name))
                            .map(|(_, value)| value.clone())
                    });
                if found.is_some() {
                    break;
                }
            }
            let value = match found {
                Some(value) => Some(self.filled(&inner_scope, &inner, value, old)),
                None => {
                    self.nested(scope, range, &inner, (&inner_options, files, &prefixed, old))?
                }
            };
            if let Some(value) = value {
                object.attributes.borrow_mut().insert(Rc::clone(&inner.name), value);
            } else if default.is_none()
                && let Some(name) = prefixed.first()
                && object.attributes.borrow().get(&inner.name).is_some_and(|value| {
                    value.doubt().is_some_and(|doubt| doubt.reason.ends_with("has no value"))
                })
            {
                let reason = format!(
                    "`{}.{}` is filled by `{}`, which is not set",
                    inner.class,
                    inner.name,
                    name.to_uppercase()
                );
                let unknown = self.unknown(&inner_scope, &place, reason);
                object.attributes.borrow_mut().insert(Rc::clone(&inner.name), unknown);
            }
        }
        Ok(Some(Value::Object(object)))
    }

    /// The folder or file that an option names.
    fn option_paths(&self, value: &Value) -> Option<Vec<std::path::PathBuf>> {
        match value {
            Value::None => Some(Vec::new()),
            Value::List(list) => list.items.borrow().iter().map(path_of).collect(),
            other => path_of(other).map(|path| vec![path]),
        }
    }
}
