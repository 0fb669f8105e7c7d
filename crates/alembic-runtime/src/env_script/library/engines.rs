//! SQLAlchemy's engines and URLs.

use std::rc::Rc;

use python_static::TextRange;

use crate::{
    database_url::{DatabaseUrl, Secret},
    env_script::{
        calls::Arguments,
        machine::{Eval, Machine},
        value::{Object, Scope, Trail, Value},
    },
};

/// Arguments for the driver that leave the database and the schema alone.
const HARMLESS: [&str; 20] = [
    "sslmode",
    "ssl",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "ssl_context",
    "check_same_thread",
    "timeout",
    "connect_timeout",
    "command_timeout",
    "application_name",
    "statement_cache_size",
    "prepared_statement_cache_size",
    "prepared_statement_name_func",
    "charset",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "prepare_threshold",
];

impl Machine<'_> {
    pub(super) fn engine_function(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        path: &str,
        arguments: &Arguments,
    ) -> Option<Value> {
        let last = path.rsplit('.').next().unwrap_or_default();
        if last == "URL" || (last == "create" && path.contains(".URL.")) {
            return Some(self.url_of_parts(scope, range, arguments));
        }
        match last {
            "create_engine" | "create_async_engine" => {
                let url = arguments.get(0, "url").cloned();
                Some(self.engine_of(scope, range, url, arguments))
            }
            "engine_from_config" | "async_engine_from_config" => {
                Some(self.engine_from_config(scope, range, arguments))
            }
            // Both take an engine for what they make of it.
            "AsyncEngine" | "AsyncConnection" | "Session" | "AsyncSession" => {
                match arguments.plain.first() {
                    Some(engine @ Value::Engine(_)) => Some(engine.clone()),
                    _ => None,
                }
            }
            "make_url" => match arguments.plain.first()? {
                Value::Str(text, trail) => Some(match text.parse() {
                    Ok(url) => Value::Url(Rc::new(url), trail.clone()),
                    Err(_) => self.unknown(scope, range, "this text is no database URL"),
                }),
                url @ Value::Url(..) => Some(url.clone()),
                _ => None,
            },
            "text" | "quoted_name" | "DDL" => arguments.plain.first().cloned(),
            "MetaData" if arguments.plain.is_empty() => Some(self.metadata(arguments)),
            "declarative_base"
                if arguments.plain.is_empty() && arguments.keyword("cls").is_none() =>
            {
                let base = self.object("base");
                let given = arguments.keyword("metadata").cloned();
                let metadata = given.unwrap_or_else(|| self.metadata(&Arguments::default()));
                base.attributes.borrow_mut().insert("metadata".into(), metadata);
                Some(Value::Object(base))
            }
            "listen" if path.contains(".event") => {
                self.listen(scope, range, arguments);
                Some(Value::None)
            }
            _ => None,
        }
    }

    /// A `MetaData`: its schema may be the version table's.
    pub(in crate::env_script) fn metadata(&self, arguments: &Arguments) -> Value {
        let metadata = self.object("metadata");
        let schema = match &arguments.open {
            Some(doubt) => Value::Unknown(Rc::clone(doubt)),
            None => arguments.keyword("schema").cloned().unwrap_or(Value::None),
        };
        metadata.attributes.borrow_mut().insert("schema".into(), schema);
        if let Some(info) = arguments.keyword("info") {
            metadata.attributes.borrow_mut().insert("info".into(), info.clone());
        }
        Value::Object(metadata)
    }

    fn engine_of(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        url: Option<Value>,
        arguments: &Arguments,
    ) -> Value {
        for name in ["creator", "async_creator", "plugins"] {
            if arguments.keyword(name).is_some_and(|value| !value.is_none()) {
                let reason = format!("`{name}` makes the connection, not the URL");
                return Self::engine(self.unknown(scope, range, reason));
            }
        }
        if let Some(doubt) = &arguments.open {
            self.schema_doubt = Some(Rc::clone(doubt));
        }
        let mut url = url.unwrap_or(Value::None);
        if let Some(given) = arguments.keyword("connect_args") {
            url = self.connect_args(scope, range, given, url);
        }
        if let Some(options) = arguments.keyword("execution_options") {
            self.translation(scope, range, options);
        }
        match url {
            Value::Str(..) | Value::Url(..) | Value::Unknown(_) => Self::engine(url),
            other => {
                let unknown = self.unknown_from(
                    scope,
                    range,
                    &[&other],
                    "what this engine is made of is not known",
                );
                Self::engine(unknown)
            }
        }
    }

    /// Arguments for the driver may name another database or another schema.
    fn connect_args(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        given: &Value,
        url: Value,
    ) -> Value {
        let Value::Dict(dict) = given else {
            if !given.is_none() {
                self.schema_doubt = Some(self.doubt(scope, range, "`connect_args` is not known"));
            }
            return url;
        };
        let names: Vec<_> = dict.items.borrow().iter().map(|(name, _)| name.to_string()).collect();
        let leaves = |name: &String| {
            HARMLESS.contains(&name.as_str())
                || (name == "server_settings" && dict.get(name).is_some_and(|it| is_harmless(&it)))
        };
        if dict.open.borrow().is_some() || !names.iter().all(leaves) {
            self.schema_doubt = Some(self.doubt(scope, range, "`connect_args` may set the schema"));
        }
        let elsewhere =
            ["host", "port", "user", "password", "database", "dbname", "db", "service", "dsn"];
        match names.iter().find(|name| elsewhere.contains(&name.as_str())) {
            Some(name) => {
                let reason = format!("`connect_args` has `{name}`, which counts before the URL");
                self.unknown(scope, range, reason)
            }
            None => url,
        }
    }

    fn translation(&mut self, scope: &Scope, range: &TextRange, options: &Value) {
        let none = match options {
            Value::Dict(dict) => {
                dict.open.borrow().is_none() && dict.get("schema_translate_map").is_none()
            }
            other => other.is_none(),
        };
        if !none {
            self.schema_doubt =
                Some(self.doubt(scope, range, "`execution_options` may set the schema"));
        }
    }

    fn engine_from_config(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        arguments: &Arguments,
    ) -> Value {
        let prefix = match arguments.get(1, "prefix") {
            None => "sqlalchemy.".to_owned(),
            Some(Value::Str(prefix, _)) => prefix.to_string(),
            Some(_) => {
                return Self::engine(self.unknown(
                    scope,
                    range,
                    "the prefix of the options is not known",
                ));
            }
        };
        let given = arguments.keyword("url").cloned();
        let url = match (given, arguments.get(0, "configuration")) {
            (Some(url), _) => url,
            (None, Some(Value::Dict(dict))) => match dict.get(&format!("{prefix}url")) {
                Some(url) => url,
                None => match &*dict.open.borrow() {
                    Some(doubt) => Value::Unknown(Rc::clone(doubt)),
                    None => self.unknown(
                        scope,
                        range,
                        format!("`{prefix}url` is not set in the configuration"),
                    ),
                },
            },
            (None, Some(other)) => {
                self.unknown_from(scope, range, &[other], "the options of the engine are not known")
            }
            (None, None) => self.unknown(scope, range, "the options of the engine are not known"),
        };
        self.engine_of(scope, range, Some(url), arguments)
    }

    /// `URL.create(drivername, username, password, host, port, database, query)`
    fn url_of_parts(&mut self, scope: &Scope, range: &TextRange, arguments: &Arguments) -> Value {
        let mut trail = Trail::default();
        let mut doubt = arguments.open.clone();
        let names = ["drivername", "username", "password", "host", "port", "database"];
        let parts = names.map(|name| {
            let index = names.iter().position(|known| *known == name).unwrap_or_default();
            match arguments.get(index, name) {
                None | Some(Value::None) => None,
                Some(Value::Str(text, from)) => {
                    trail = trail.and(from);
                    Some(text.to_string())
                }
                Some(Value::Int(number)) => Some(number.to_string()),
                Some(other) => {
                    let unknown = self.unknown_from(
                        scope,
                        range,
                        &[other],
                        "a part of this URL is not known",
                    );
                    doubt = doubt.clone().or_else(|| unknown.doubt().cloned());
                    None
                }
            }
        });
        if let Some(doubt) = doubt {
            return Value::Unknown(doubt);
        }
        let [Some(drivername), username, password, host, port, database] = parts else {
            return self.unknown(scope, range, "this URL has no driver");
        };
        let Ok(port) = port.map(|port| port.trim().parse::<u16>()).transpose() else {
            return self.unknown(scope, range, "the port of this URL is no number");
        };
        let Some(query) = query_of(arguments.get(6, "query")) else {
            return self.unknown(scope, range, "the query of this URL is not known");
        };
        let password = password.map(Secret::new);
        let url = DatabaseUrl { drivername, username, password, host, port, database, query };
        Value::Url(Rc::new(url), trail)
    }

    /// Methods of engines and connections, also of unknown ones: they may call what they are given.
    pub(in crate::env_script) fn engine_method(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        of: &Value,
        name: &str,
        arguments: Arguments,
    ) -> Eval {
        match name {
            "run_sync" => {
                let mut given = arguments;
                if given.plain.is_empty() {
                    return Ok(self.unknown(scope, range, "it is not known what is called here"));
                }
                let function = std::mem::replace(&mut given.plain[0], of.clone());
                self.call(scope, range, &function, given)
            }
            "run_until_complete" => Ok(arguments.plain.first().cloned().unwrap_or(Value::None)),
            "connect" | "begin" | "connection" | "get_bind" | "__enter__" | "__aenter__" => {
                Ok(of.clone())
            }
            "execution_options" => {
                let options = Value::Dict(self.new_dict(arguments.keywords, arguments.open));
                self.translation(scope, range, &options);
                Ok(of.clone())
            }
            "execute" | "exec_driver_sql" | "scalar" | "scalars" | "executescript" => {
                let certain = matches!(of, Value::Engine(_));
                self.executed(scope, range, arguments.plain.first(), certain);
                if !certain {
                    return self.call_unknown(scope, range, of, &arguments, "");
                }
                Ok(self.unknown(scope, range, "what the database answers is not known"))
            }
            "commit" | "rollback" | "close" | "dispose" | "begin_nested" => Ok(Value::None),
            _ => self.call_unknown(
                scope,
                range,
                of,
                &arguments,
                &format!("what `{name}` gives is not known"),
            ),
        }
    }

    pub(in crate::env_script) fn object_method(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        object: &Rc<Object>,
        name: &str,
        arguments: Arguments,
    ) -> Eval {
        match (object.tag, name) {
            ("names", "get") => Ok(match arguments.text(0, "key") {
                Some(key) => Scope::of_module(&scope.module, 0)
                    .lookup(key)
                    .or(arguments.plain.get(1).cloned()),
                None => None,
            }
            .unwrap_or_else(|| self.unknown(scope, range, "this name is not known"))),
            ("names", _) => {
                let doubt = self.doubt(scope, range, format!("`{name}` may bind any name"));
                Scope::of_module(&scope.module, 0).spoil(&doubt);
                Ok(Value::Unknown(doubt))
            }
            ("environs", _) => Ok(self.environs(scope, range, (object, name), &arguments)),
            _ => {
                let reason = format!("what `{name}` gives is not known");
                self.call_unknown(scope, range, &Value::None, &arguments, &reason)
            }
        }
    }
}

/// Whether asyncpg's settings for the session leave the schema alone.
fn is_harmless(settings: &Value) -> bool {
    let Value::Dict(settings) = settings else { return false };
    let sets = |(name, _): &(Rc<str>, Value)| {
        matches!(
            &*name.to_lowercase(),
            "search_path" | "role" | "session_authorization" | "options"
        )
    };
    settings.open.borrow().is_none() && !settings.items.borrow().iter().any(sets)
}

/// The query of `URL.create`; `None` when it is not known.
fn query_of(given: Option<&Value>) -> Option<Vec<(String, Vec<String>)>> {
    match given {
        None | Some(Value::None) => Some(Vec::new()),
        Some(Value::Dict(dict)) if dict.open.borrow().is_none() => dict
            .items
            .borrow()
            .iter()
            .map(|(name, value)| {
                value.as_str().map(|text| (name.to_string(), vec![text.to_owned()]))
            })
            .collect(),
        Some(_) => None,
    }
}
