//! The options of a settings class, and the names of the variables that fill its fields.

use std::{path::PathBuf, rc::Rc};

use python_static::TextRange;

use crate::env_script::{
    Doubt,
    calls::Arguments,
    machine::Machine,
    value::{Class, Field, Scope, Value},
};

/// What `model_config` or `class Config` says.
#[derive(Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "pydantic's own options, one by one")]
pub(super) struct Options {
    pub(super) prefix: String,
    pub(super) case_sensitive: bool,
    pub(super) ignore_empty: bool,
    pub(super) nested_delimiter: Option<String>,
    /// A field with an alias is filled by its own name, too.
    pub(super) by_name: bool,
    /// Variables of a `.env` file that fill no field are let pass.
    pub(super) allows_others: bool,
    /// The default of a nested model stays where the variables say nothing.
    pub(super) partial_update: bool,
    pub(super) env_files: Vec<PathBuf>,
    /// Which files are read is not known.
    pub(super) files_doubt: Option<Rc<Doubt>>,
    /// Nothing of the class can be known.
    pub(super) doubt: Option<Rc<Doubt>>,
}

/// Options that change what fields hold, or which variables fill them.
const CHANGING: [&str; 10] = [
    "str_to_lower",
    "str_to_upper",
    "str_strip_whitespace",
    "anystr_lower",
    "anystr_upper",
    "anystr_strip_whitespace",
    "env_prefix_target",
    "env_parse_none_str",
    "env_nested_max_split",
    "dotenv_filtering",
];

/// Options that fill fields from somewhere else.
const FOREIGN: [&str; 6] = [
    "settings_customise_sources",
    "customise_sources",
    "json_file",
    "yaml_file",
    "toml_file",
    "secrets_dir",
];

impl Machine<'_> {
    pub(super) fn options(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        class: &Rc<Class>,
        arguments: &Arguments,
    ) -> Options {
        let mut options = Options::default();
        for class in Self::lineage(class).iter().rev() {
            for (name, value) in class.keywords.clone() {
                self.option_of(scope, range, &mut options, (&name, &value));
            }
            match class.scope.own("model_config") {
                Some(Value::Dict(dict)) => {
                    if let Some(doubt) = &*dict.open.borrow() {
                        options.doubt = Some(Rc::clone(doubt));
                    }
                    for (name, value) in dict.items.borrow().clone() {
                        self.option_of(scope, range, &mut options, (&name, &value));
                    }
                }
                Some(other) => {
                    let unknown = self.unknown_from(
                        scope,
                        range,
                        &[&other],
                        "the options of this class are not known",
                    );
                    options.doubt = unknown.doubt().cloned();
                }
                None => {}
            }
            if let Some(Value::Class(config)) = class.scope.own("Config") {
                for inner in Self::lineage(&config).iter().rev() {
                    let names = [
                        "env_prefix",
                        "case_sensitive",
                        "env_file",
                        "env_nested_delimiter",
                        "fields",
                        "alias_generator",
                        "env_ignore_empty",
                        "populate_by_name",
                        "validate_by_name",
                        "extra",
                        "nested_model_default_partial_update",
                    ];
                    for name in names.iter().chain(&FOREIGN).chain(&CHANGING) {
                        if let Some(value) = inner.scope.own(name) {
                            self.option_of(scope, range, &mut options, (name, &value));
                        }
                    }
                }
            }
            for name in ["settings_customise_sources", "customise_sources"] {
                if class.scope.own(name).is_some() {
                    self.option_of(scope, range, &mut options, (name, &Value::Bool(true)));
                }
            }
        }
        for (name, value) in arguments.keywords.clone() {
            if let Some(name) = name.strip_prefix('_') {
                self.option_of(scope, range, &mut options, (name, &value));
            }
        }
        options
    }

    fn not_followed(&self, scope: &Scope, range: &TextRange, name: &str) -> Rc<Doubt> {
        self.doubt(scope, range, format!("`{name}` of the settings is not followed"))
    }

    fn option_of(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        options: &mut Options,
        (name, value): (&str, &Value),
    ) {
        let truth = value.truth();
        match (name, value, truth) {
            ("env_prefix", Value::Str(prefix, _), _) => options.prefix = prefix.to_string(),
            ("case_sensitive", _, Some(truth)) => options.case_sensitive = truth,
            ("env_ignore_empty", _, Some(truth)) => options.ignore_empty = truth,
            ("populate_by_name" | "validate_by_name", _, Some(truth)) => options.by_name = truth,
            ("nested_model_default_partial_update", _, Some(truth)) => {
                options.partial_update = truth;
            }
            ("extra", Value::Str(text, _), _) => options.allows_others = &**text != "forbid",
            ("extra", Value::External(name), _) => {
                options.allows_others = !name.ends_with(".forbid");
            }
            ("env_nested_delimiter", Value::Str(text, _), _) => {
                options.nested_delimiter = Some(text.to_string());
            }
            ("env_nested_delimiter", value, _) if value.is_none() => {
                options.nested_delimiter = None;
            }
            ("env_file", value, _) => match self.option_paths(value) {
                Some(files) => options.env_files = files,
                None => {
                    let reason = "it is not known which `.env` file is read";
                    options.files_doubt =
                        self.unknown_from(scope, range, &[value], reason).doubt().cloned();
                }
            },
            (name, value, _) if FOREIGN.contains(&name) && !value.is_none() => {
                // A folder of secrets that does not exist is passed over.
                let missing = name == "secrets_dir"
                    && self.option_paths(value).is_some_and(|paths| {
                        paths.iter().all(|path| !self.inputs.config.cwd().join(path).exists())
                    });
                if !missing {
                    let reason = format!("`{name}` fills the settings from somewhere else");
                    options.doubt = Some(self.doubt(scope, range, reason));
                }
            }
            (
                "env_prefix"
                | "env_ignore_empty"
                | "populate_by_name"
                | "validate_by_name"
                | "case_sensitive"
                | "env_nested_delimiter"
                | "fields"
                | "alias_generator",
                value,
                _,
            ) if !value.is_none() => {
                options.doubt = Some(self.not_followed(scope, range, name));
            }
            (name, value, truth)
                if CHANGING.contains(&name) && !value.is_none() && truth != Some(false) =>
            {
                options.doubt = Some(self.not_followed(scope, range, name));
            }
            _ => {}
        }
    }
}

/// The variables that may fill a field, those that count first; `None` when that is not known.
pub(super) fn of_field(field: &Field, options: &Options, old: bool) -> Option<Vec<String>> {
    let own = || vec![format!("{}{}", options.prefix, field.name)];
    let Some(Value::Dict(dict)) = &field.default else {
        return Some(own());
    };
    if !dict.is_field {
        return Some(own());
    }
    if dict.open.borrow().is_some() {
        return None;
    }
    let given = if old {
        dict.get("env")
    } else {
        dict.get("validation_alias").or_else(|| dict.get("alias"))
    };
    let mut names: Vec<String> = match given {
        None | Some(Value::None) => return Some(own()),
        Some(Value::Str(name, _)) => vec![name.to_string()],
        Some(Value::List(list)) => {
            let items = list.items.borrow();
            items.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<_>>()?
        }
        Some(_) => return None,
    };
    if options.by_name && !old {
        names.extend(own());
    }
    Some(names)
}
