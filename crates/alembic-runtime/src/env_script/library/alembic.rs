//! `alembic.context` and the configuration that it has.

use std::rc::Rc;

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
            | "get_alembic_boolean_option"
            | "remove_main_option"
            | "file_config" => Value::external(&format!("alembic.context.config.{name}")),
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
            "file_config.get" => {
                let default = arguments.keyword("fallback").cloned();
                match (arguments.text(0, "section"), arguments.text(1, "option"), default) {
                    (Some(section), Some(name), Some(default)) => {
                        self.option(scope, range, (section, name), default)
                    }
                    (Some(section), Some(name), None) => {
                        let none = self.unknown(scope, range, "there may be no such option");
                        self.option(scope, range, (section, name), none)
                    }
                    _ => self.unknown(scope, range, "it is not known which option is asked for"),
                }
            }
            "file_config.set" => {
                let of = (arguments.text(0, "section"), arguments.text(1, "option"));
                self.set_option(scope, range, of, arguments.get(2, "value"));
                Value::None
            }
            _ => {
                if changes_options(method) {
                    let reason = format!("`config.{method}` changes the options");
                    self.config_doubt = Some(self.doubt(scope, range, reason));
                }
                self.unknown(scope, range, format!("what `config.{method}` gives is not known"))
            }
        })
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
            "begin_transaction" | "run_migrations" | "get_context" => Value::None,
            "execute" => {
                self.executed(scope, range, arguments.get(0, "sql"), true);
                Value::None
            }
            "get_bind" => match self.configured.last() {
                Some(call) => Self::engine(call.url.clone()),
                None => self.unknown(scope, range, "nothing is configured here"),
            },
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
                    environment: 0.into(),
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
            Some(Value::Engine(engine)) => engine.url.borrow().clone(),
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

/// Whether a method of the configuration, or of its parser, changes what the options say.
fn changes_options(method: &str) -> bool {
    let reads = [
        "get",
        "getint",
        "getfloat",
        "getboolean",
        "has_section",
        "has_option",
        "sections",
        "options",
        "items",
        "keys",
        "values",
        "write",
    ];
    match method.strip_prefix("file_config.") {
        Some(method) => !reads.contains(&method),
        None => method == "remove_main_option",
    }
}
