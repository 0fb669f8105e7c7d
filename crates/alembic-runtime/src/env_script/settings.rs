//! pydantic's settings and models: which variable fills which field.
//!
//! The order is pydantic's: what is given, the environment, the `.env` files, the default. A class that changes that
//! order, or fills its fields from somewhere else, is unknown.

mod declared;
mod fields;
mod names;
mod nested;
mod refusal;
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
pub(super) use declared::is_class_variable;
use names::Options;

/// How the doubt of a field without a value ends.
const HAS_NO_VALUE: &str = "has no value";

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
            environment: 0.into(),
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
        let outer = self.missing.take();
        for field in self.declared(class) {
            let given = declared::alias(&field).and_then(|name| arguments.keyword(&name).cloned());
            let value = match given.or_else(|| arguments.keyword(&field.name).cloned()) {
                Some(value) => self.coerced(scope, &field, value, false),
                None => self.required(scope, range, &field, arguments)?,
            };
            object.attributes.borrow_mut().insert(Rc::clone(&field.name), value);
        }
        self.validate(scope, range, object, class, false)?;
        self.refuse(object, outer)
    }

    /// The default of a field; without one, pydantic refuses to make the instance.
    fn required(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        field: &Field,
        arguments: &Arguments,
    ) -> Eval {
        if let Some(doubt) = &arguments.open {
            return Ok(Value::Unknown(Rc::clone(doubt)));
        }
        let value = self.field_default(scope, range, field)?;
        if let Value::Unknown(doubt) = &value
            && doubt.reason.ends_with(HAS_NO_VALUE)
        {
            self.missing = Some(Rc::clone(doubt));
        }
        Ok(value)
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
        let outer = self.missing.take();
        let fields = self.declared(class);
        for field in &fields {
            let value =
                self.settings_field(scope, range, field, (&options, &files, old), arguments)?;
            object.attributes.borrow_mut().insert(Rc::clone(&field.name), value);
        }
        if !old && !options.allows_others && self.missing.is_none() {
            self.missing = self.foreign_variable(scope, range, class, (&options, &files, &fields));
        }
        self.validate(scope, range, object, class, old)?;
        self.refuse(object, outer)
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
        // What is given counts before everything else.
        if let Some(doubt) = &arguments.open {
            return Ok(Value::Unknown(Rc::clone(doubt)));
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
        if let Some(value) = self.nested(scope, range, (field, &names), (options, files, old))? {
            return Ok(value);
        }
        if old && field.default.is_none() && declared::is_optional(&field.annotation) {
            return Ok(Value::None);
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
            Value::Unknown(doubt) if doubt.reason.ends_with(HAS_NO_VALUE) => {
                self.not_set(scope, field, &shown)
            }
            other => self.coerced(scope, field, other, false),
        }
    }

    /// A field without a default, whose variable is not set.
    fn not_set(&mut self, scope: &Rc<Scope>, field: &Field, variable: &str) -> Value {
        let reason =
            format!("`{}.{}` is filled by `{variable}`, which is not set", field.class, field.name);
        let doubt = self.doubt(scope, &field.annotation.range, reason);
        self.missing = Some(Rc::clone(&doubt));
        Value::Unknown(doubt)
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
            // And in a file the last of those that differ by their case alone.
            variables.reverse();
            variables.append(&mut found);
            found = variables;
        }
        found
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
