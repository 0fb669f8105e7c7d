//! Readers of the environment and of `.env` files: python-dotenv, decouple, environs, starlette.

use std::{path::PathBuf, rc::Rc};

use python_static::TextRange;

use crate::{
    database_url::dotenv::Preference,
    env_script::{
        Origin, Place, SetIn,
        calls::Arguments,
        machine::{Eval, Machine},
        paths,
        value::{Object, Scope, Trail, Value},
    },
};

/// Where a reader keeps what stands in front of its variables' names.
const PREFIX: &str = "(prefix)";

impl Machine<'_> {
    pub(super) fn reader_function(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        path: &str,
        arguments: &Arguments,
    ) -> Option<Value> {
        match path {
            "dotenv.load_dotenv" | "dotenv.main.load_dotenv" => {
                Some(self.call_load_dotenv(scope, range, arguments))
            }
            "dotenv.find_dotenv" | "dotenv.main.find_dotenv" => {
                let name = arguments.text(0, "filename").unwrap_or(".env").to_owned();
                let found = match arguments.get(2, "usecwd").and_then(Value::truth) {
                    Some(true) => paths::upwards(self.inputs.config.cwd(), &name),
                    _ => self.find_dotenv(scope, &name),
                };
                let found = found.map(|path| path.to_string_lossy().into_owned());
                Some(Value::text(found.unwrap_or_default(), Trail::default()))
            }
            "dotenv.dotenv_values" | "dotenv.main.dotenv_values" => {
                let path = match arguments.get(0, "dotenv_path") {
                    None | Some(Value::None) => self.find_dotenv(scope, ".env"),
                    Some(given) => Some(path_of(given)?),
                };
                let found = path.and_then(|path| self.env_file(&path, Preference::File));
                let items = found
                    .unwrap_or_default()
                    .into_iter()
                    .map(|(name, value)| (Rc::from(name), value));
                let items = items.collect();
                Some(self.dict(items))
            }
            "decouple.config" | "decouple.AutoConfig.config" => {
                Some(self.decouple(scope, range, arguments))
            }
            "environs.Env" | "environs.FileAwareEnv"
                if arguments.plain.is_empty() && arguments.keywords.is_empty() =>
            {
                Some(Value::Object(self.object("environs")))
            }
            "starlette.config.Config" => {
                if arguments.keyword("environ").is_some() {
                    return None;
                }
                let object = self.object("starlette");
                if let Some(prefix) = arguments.keyword("env_prefix") {
                    object.attributes.borrow_mut().insert(PREFIX.into(), prefix.clone());
                }
                let file = arguments.get(0, "env_file").cloned().unwrap_or(Value::None);
                object.attributes.borrow_mut().insert("env_file".into(), file);
                Some(Value::Object(object))
            }
            "starlette.datastructures.Secret" | "starlette.datastructures.URL" => {
                arguments.plain.first().cloned()
            }
            _ => None,
        }
    }

    fn call_load_dotenv(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        arguments: &Arguments,
    ) -> Value {
        let overrides = arguments.get(3, "override").map_or(Some(false), Value::truth);
        let path = match arguments.get(0, "dotenv_path") {
            None | Some(Value::None) => self.find_dotenv(scope, ".env"),
            // `find_dotenv()` without a file is empty, and then looked for again.
            Some(Value::Str(text, _)) if text.is_empty() => self.find_dotenv(scope, ".env"),
            Some(given) => match path_of(given) {
                Some(path) => Some(path),
                None => {
                    let doubt = self.unknown_from(
                        scope,
                        range,
                        &[given],
                        "it is not known which file is loaded here",
                    );
                    self.environment_doubt = doubt.doubt().cloned();
                    return doubt;
                }
            },
        };
        let (Some(overrides), None) = (overrides, arguments.keyword("stream")) else {
            let doubt = self.doubt(scope, range, "it is not known what is loaded here");
            self.environment_doubt = Some(Rc::clone(&doubt));
            return Value::Unknown(doubt);
        };
        Value::Bool(path.is_some_and(|path| self.load_dotenv(&path, overrides)))
    }

    /// `environs`: `env.read_env()`, `env("NAME", default)`, `env.str(…)`.
    pub(in crate::env_script) fn environs(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        (object, name): (&Rc<Object>, &str),
        arguments: &Arguments,
    ) -> Value {
        let prefix = object.attributes.borrow().get(PREFIX).cloned();
        match name {
            "read_env" => self.call_load_dotenv(scope, range, arguments),
            "prefixed" => {
                let given = arguments.get(0, "prefix").cloned().unwrap_or(Value::None);
                let parts = [prefix.unwrap_or_else(|| Value::text("", Trail::default())), given];
                let block = self.object("prefixed");
                let whole = self.concatenated(scope, range, &parts);
                block.attributes.borrow_mut().insert(PREFIX.into(), whole);
                let of = Value::Object(Rc::clone(object));
                block.attributes.borrow_mut().insert("env".into(), of);
                Value::Object(block)
            }
            "str" | "__call__" | "int" | "url" => match (arguments.text(0, "name"), prefix) {
                (Some(_), Some(Value::Unknown(doubt))) => Value::Unknown(doubt),
                (Some(variable), prefix) => {
                    let prefix = prefix.as_ref().and_then(Value::as_str).unwrap_or_default();
                    let variable = format!("{prefix}{variable}");
                    let default = arguments.get(1, "default").cloned();
                    self.variable_or(scope, range, &variable, default)
                }
                (None, _) => {
                    self.unknown(scope, range, "it is not known which variable is asked for")
                }
            },
            _ => self.unknown(scope, range, format!("what `env.{name}` gives is not followed")),
        }
    }

    /// Enters, or leaves, a block of `with env.prefixed(…)`; returns the prefix that counted before.
    pub(in crate::env_script) fn set_prefix(block: &Object, back: Option<Value>) -> Option<Value> {
        let attributes = block.attributes.borrow();
        let (Some(Value::Object(env)), Some(prefix)) =
            (attributes.get("env"), attributes.get(PREFIX))
        else {
            return None;
        };
        let new = back.unwrap_or_else(|| prefix.clone());
        let old = env.attributes.borrow_mut().insert(PREFIX.into(), new);
        Some(old.unwrap_or_else(|| Value::text("", Trail::default())))
    }

    /// decouple's `config`: the environment, then `.env` beside the file or above it.
    fn decouple(&mut self, scope: &Scope, range: &TextRange, arguments: &Arguments) -> Value {
        let Some(name) = arguments.text(0, "option").map(str::to_owned) else {
            return self.unknown(scope, range, "it is not known which variable is asked for");
        };
        if let Some(value) = self.cast(scope, range, &name, arguments.get(2, "cast")) {
            return value;
        }
        if self.environment_has(&name) == Some(false) {
            let folder = scope.module.path.parent().map(PathBuf::from).unwrap_or_default();
            if paths::upwards(&folder, "settings.ini").is_some() {
                return self.unknown(
                    scope,
                    range,
                    "decouple reads `settings.ini`, which is not followed",
                );
            }
            let file = paths::upwards(&folder, ".env");
            if let Some(value) =
                file.and_then(|file| self.simple_file(scope, range, (&file, &name), &['"', '\'']))
            {
                return value;
            }
        }
        self.variable_or(scope, range, &name, arguments.get(1, "default").cloned())
    }

    /// The variable by a cast that does not leave it as it is; a number is followed where the process has it.
    fn cast(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        name: &str,
        cast: Option<&Value>,
    ) -> Option<Value> {
        let cast = cast.filter(|cast| !is_text_cast(cast))?;
        let is_number = matches!(cast, Value::External(name) if &**name == "builtins.int");
        let set = if is_number && self.environment_has(name) == Some(true) {
            self.variable(scope, range, name)
        } else {
            None
        };
        let number = set.as_ref().and_then(Value::as_str).and_then(|text| text.trim().parse().ok());
        let reason = "what `cast` makes of the variable is not followed";
        Some(number.map_or_else(|| self.unknown(scope, range, reason), Value::Int))
    }

    /// starlette's `config("NAME", cast=…, default=…)`: the environment, then its file.
    pub(in crate::env_script) fn starlette(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        object: &Object,
        arguments: &Arguments,
    ) -> Eval {
        let prefix = object.attributes.borrow().get(PREFIX).cloned();
        let prefix = match &prefix {
            None => Some(""),
            Some(prefix) => prefix.as_str(),
        };
        let (Some(prefix), Some(name)) = (prefix, arguments.text(0, "key")) else {
            return Ok(self.unknown(scope, range, "it is not known which variable is asked for"));
        };
        let name = format!("{prefix}{name}");
        if let Some(value) = self.cast(scope, range, &name, arguments.get(1, "cast")) {
            return Ok(value);
        }
        if self.environment_has(&name) == Some(false) {
            let file = object.attributes.borrow().get("env_file").cloned().unwrap_or(Value::None);
            match path_of(&file) {
                Some(path) => {
                    let path = self.inputs.config.cwd().join(path);
                    if let Some(value) =
                        self.simple_file(scope, range, (&path, &name), &['"', '\''])
                    {
                        return Ok(value);
                    }
                }
                None if file.is_none() => {}
                None => {
                    return Ok(self.unknown(scope, range, "it is not known which file is read"));
                }
            }
        }
        Ok(self.variable_or(scope, range, &name, arguments.get(2, "default").cloned()))
    }

    /// `NAME=value` lines as decouple and starlette read them: blanks and quotes around are dropped, no more.
    fn simple_file(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        (path, name): (&std::path::Path, &str),
        quotes: &[char],
    ) -> Option<Value> {
        let metadata = fs_err::metadata(path).ok()?;
        if metadata.len() > 1 << 20 {
            return None;
        }
        let text = fs_err::read_to_string(path).ok()?;
        let file = self.shown(path);
        if !self.env_files.contains(&file) {
            self.env_files.push(file.clone());
        }
        let mut found = None;
        for (index, line) in text.lines().enumerate() {
            if let Some((key, value)) = line.trim().split_once('=')
                && !line.trim_start().starts_with('#')
                && key.trim() == name
            {
                let value = value.trim();
                let quoted = value.len() >= 2
                    && quotes
                        .iter()
                        .any(|quote| value.starts_with(*quote) && value.ends_with(*quote));
                let value = if quoted { &value[1..value.len() - 1] } else { value };
                let set = SetIn::File(Place { file: file.clone(), line: index + 1 });
                let origin = Origin::Environment {
                    name: name.to_owned(),
                    set,
                    place: self.place(scope, range),
                };
                found = Some(Value::text(value, Trail::of(origin)));
            }
        }
        found
    }
}

/// The path that a value is.
pub(in crate::env_script) fn path_of(value: &Value) -> Option<PathBuf> {
    match value {
        Value::Str(text, _) => Some(PathBuf::from(&**text)),
        Value::Path(path) => Some((**path).clone()),
        _ => None,
    }
}

/// Casts that leave the text as it is.
fn is_text_cast(cast: &Value) -> bool {
    match cast {
        Value::External(name) => matches!(
            &**name,
            "builtins.str"
                | "starlette.datastructures.Secret"
                | "starlette.datastructures.URL"
                | "databases.DatabaseURL"
        ),
        other => other.is_none(),
    }
}
