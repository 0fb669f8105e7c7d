//! `alembic.context` and the configuration that it has.

use std::rc::Rc;

use alembic_core::config::ConfigError;
use python_static::TextRange;

use crate::env_script::{
    Origin,
    calls::Arguments,
    machine::{Configure, Eval, Machine},
    value::{Dict, Scope, Trail, Value},
};

impl Machine<'_> {
    pub(super) fn config_attribute(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        name: &str,
    ) -> Value {
        let config = self.inputs.config;
        match name {
            "config_file_name" => {
                let file = config.config_file_name();
                if config.cwd().join(file).is_file() {
                    Value::text(file.to_string_lossy().into_owned(), Trail::default())
                } else {
                    Value::None
                }
            }
            "config_ini_section" => Value::text(config.section_name(), Trail::default()),
            "attributes" => Value::Dict(Rc::clone(&self.attributes)),
            "get_main_option"
            | "get_section"
            | "get_section_option"
            | "set_main_option"
            | "set_section_option"
            | "get_alembic_option"
            | "print_stdout"
            | "get_template_directory"
            | "get_alembic_boolean_option" => {
                Value::external(&format!("alembic.context.config.{name}"))
            }
            "cmd_opts" => {
                self.unknown(scope, range, "the command line is only known when the program runs")
            }
            _ => {
                let reason = format!(
                    "`config.{name}` is set by the program that calls Alembic, not by Alembic"
                );
                self.unknown(scope, range, reason)
            }
        }
    }

    pub(super) fn config_method(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        method: &str,
        arguments: &Arguments,
    ) -> Eval {
        let main = self.inputs.config.section_name().to_owned();
        Ok(match method {
            "get_main_option" | "get_alembic_option" => {
                let default = arguments.get(1, "default").cloned().unwrap_or(Value::None);
                match arguments.text(0, "name") {
                    Some(name) => self.option(scope, range, (&main, name), default),
                    None => self.unknown(scope, range, "it is not known which option is asked for"),
                }
            }
            "get_section_option" => {
                let default = arguments.get(2, "default").cloned().unwrap_or(Value::None);
                match (arguments.text(0, "section"), arguments.text(1, "name")) {
                    (Some(section), Some(name)) => {
                        self.option(scope, range, (section, name), default)
                    }
                    _ => self.unknown(scope, range, "it is not known which option is asked for"),
                }
            }
            "get_section" => match arguments.text(0, "name") {
                Some(section) => {
                    let default = arguments.get(1, "default").cloned().unwrap_or(Value::None);
                    self.section(scope, range, section, default)
                }
                None => self.unknown(scope, range, "it is not known which section is asked for"),
            },
            "set_main_option" => {
                self.set_option(
                    scope,
                    range,
                    (Some(&main), arguments.text(0, "name")),
                    arguments.get(1, "value"),
                );
                Value::None
            }
            "set_section_option" => {
                let section = arguments.text(0, "section");
                self.set_option(
                    scope,
                    range,
                    (section, arguments.text(1, "name")),
                    arguments.get(2, "value"),
                );
                Value::None
            }
            _ => self.unknown(scope, range, format!("what `config.{method}` gives is not known")),
        })
    }

    /// An option: what env.py has set, else what the files say.
    fn option(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        (section, name): (&str, &str),
        default: Value,
    ) -> Value {
        if let Some(doubt) = &self.config_doubt {
            return Value::Unknown(Rc::clone(doubt));
        }
        let key = (section.to_owned(), name.to_lowercase());
        if let Some(set) = self.options.get(&key).cloned() {
            return self.interpolated(scope, range, &set);
        }
        match self.inputs.config.get_section_option(section, name) {
            Ok(Some(text)) => Value::text(text, ini_trail(section, name)),
            Ok(None) => default,
            Err(error) => {
                self.unreadable(scope, range, &format!("`{name}` of [{section}]"), &error)
            }
        }
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

    fn section(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        section: &str,
        default: Value,
    ) -> Value {
        if let Some(doubt) = &self.config_doubt {
            return Value::Unknown(Rc::clone(doubt));
        }
        let found = match self.inputs.config.section_options(section) {
            Ok(found) => found,
            Err(error) => {
                return self.unreadable(scope, range, &format!("[{section}]"), &error);
            }
        };
        let set: Vec<_> = self
            .options
            .iter()
            .filter(|((of, _), _)| of == section)
            .map(|((_, name), value)| (name.clone(), value.clone()))
            .collect();
        if found.is_none() && set.is_empty() {
            return default;
        }
        let items = found.unwrap_or_default().into_iter().map(|(name, text)| {
            let trail = ini_trail(section, &name);
            (Rc::from(name), Value::text(text, trail))
        });
        let dict = self.new_dict(items.collect(), None);
        for (name, value) in set {
            let value = self.interpolated(scope, range, &value);
            dict.insert(&name, value);
        }
        Value::Dict(dict)
    }

    fn set_option(
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

    /// ConfigParser's reading of a value that was set: `%%` is one percent sign.
    fn interpolated(&mut self, scope: &Scope, range: &TextRange, value: &Value) -> Value {
        let Value::Str(text, trail) = value else {
            return value.clone();
        };
        let plain = text.replace("%%", "");
        if !plain.contains('%') {
            return Value::text(text.replace("%%", "%"), trail.clone());
        }
        let reason =
            "the option holds a single `%`, which ConfigParser refuses: it must be written `%%`";
        self.unknown(scope, range, reason)
    }

    pub(super) fn context_function(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        function: &str,
        arguments: &Arguments,
    ) -> Eval {
        Ok(match function {
            "is_offline_mode" => Value::Bool(self.offline),
            "configure" => {
                self.configure(scope, range, arguments);
                Value::None
            }
            "get_x_argument" => self.x_argument(scope, range, arguments),
            "begin_transaction" | "run_migrations" | "get_context" | "get_bind" | "execute" => {
                Value::None
            }
            _ => self.unknown(
                scope,
                range,
                format!("what `context.{function}` gives is only known when it runs"),
            ),
        })
    }

    fn x_argument(&mut self, scope: &Scope, range: &TextRange, arguments: &Arguments) -> Value {
        let as_dictionary = arguments.get(0, "as_dictionary").map_or(Some(false), Value::truth);
        let given = self.inputs.x_arguments;
        match as_dictionary {
            Some(true) => {
                let pairs = given.iter().map(|text| {
                    // As Alembic: without an equals sign the value is empty.
                    let (name, value) = text.split_once('=').unwrap_or((text, ""));
                    let trail = Trail::of(Origin::XArgument(name.to_owned()));
                    (Rc::from(name), Value::text(value, trail))
                });
                let items: Vec<(Rc<str>, Value)> = pairs.collect();
                let dict = Dict {
                    items: Vec::new().into(),
                    open: None.into(),
                    is_x: true,
                    is_field: false,
                    level: self.level(),
                };
                for (name, value) in items {
                    dict.insert(&name, value);
                }
                Value::Dict(Rc::new(dict))
            }
            Some(false) => {
                let texts = given.iter().map(|text| {
                    let name = text.split('=').next().unwrap_or_default();
                    Value::text(text.as_str(), Trail::of(Origin::XArgument(name.to_owned())))
                });
                let texts = texts.collect();
                self.list(texts)
            }
            None => self.unknown(scope, range, "it is not known how `-x` is asked for"),
        }
    }

    /// env.py reads a value of `-x`.
    pub(in crate::env_script) fn read_x(&mut self, scope: &Scope, range: &TextRange, name: &str) {
        if !self.x_names.iter().any(|(known, _)| known == name) {
            let place = self.place(scope, range);
            self.x_names.push((name.to_owned(), place));
        }
    }

    fn configure(&mut self, scope: &Rc<Scope>, range: &TextRange, arguments: &Arguments) {
        let keywords = self.new_dict(arguments.keywords.clone(), arguments.open.clone());
        let connection = arguments.get(0, "connection").filter(|value| !value.is_none());
        let url = match connection {
            Some(Value::Engine(engine)) => engine.url.clone(),
            Some(other) => self.unknown_from(
                scope,
                range,
                &[other],
                "the connection is not made by code that can be followed",
            ),
            None if !self.offline => {
                let reason = "no connection is given here: env.py can only be run with `--sql`";
                self.unknown(scope, range, reason)
            }
            None => match arguments.get(1, "url") {
                Some(url) if !url.is_none() => url.clone(),
                Some(url) => self.unknown_from(scope, range, &[url], "the URL is `None` here"),
                None => self.unknown(scope, range, "neither a connection nor a URL is given here"),
            },
        };
        let call = Configure {
            place: self.place(scope, range),
            url,
            keywords,
            condition: self.conditions.first().cloned(),
            in_loop: self.unknown_loops > 0,
        };
        self.configured.push(call);
    }
}

fn ini_trail(section: &str, name: &str) -> Trail {
    Trail::of(Origin::Ini { section: section.to_owned(), key: name.to_owned() })
}
