//! What lies outside the project and is understood all the same: Alembic's context, SQLAlchemy's engines, `os`,
//! `pathlib`, the readers of `.env` files. By full name, whichever way it was imported.

mod alembic;
mod engines;
mod environment;
mod events;
mod iteration;
mod options;
mod python;
mod texts;

pub(super) use self::environment::path_of;

use std::rc::Rc;

use python_static::TextRange;

use super::{
    calls::Arguments,
    machine::{Eval, Machine},
    value::{Scope, Trail, Value},
};

impl Machine<'_> {
    /// `path.name` of something outside the project.
    pub(super) fn library_attribute(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        path: &str,
        name: &str,
    ) -> Value {
        if path == "alembic.context.config" {
            return self.config_attribute(scope, range, name);
        }
        match (path, name) {
            ("os" | "os.path", "sep") => Value::text("/", Trail::default()),
            ("os", "name") => {
                Value::text(if cfg!(windows) { "nt" } else { "posix" }, Trail::default())
            }
            ("sys", "path") => Value::external("sys.path"),
            ("typing", "TYPE_CHECKING") => Value::Bool(false),
            ("flask" | "flask.globals" | "quart", "current_app") => {
                self.unknown(scope, range, "the Flask application is only known when it runs")
            }
            // Several names for one thing.
            ("alembic", "context") | ("alembic.runtime", "environment") => {
                Value::external("alembic.context")
            }
            ("os", "environ") => Value::external("os.environ"),
            _ => Value::external(&format!("{path}.{name}")),
        }
    }

    pub(super) fn call_library(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        path: &str,
        arguments: Arguments,
    ) -> Eval {
        if let Some(method) = path.strip_prefix("alembic.context.config.") {
            return self.config_method(scope, range, method, &arguments);
        }
        if let Some(function) = path.strip_prefix("alembic.context.") {
            return self.context_function(scope, range, function, &arguments);
        }
        let root = path.split('.').next().unwrap_or_default();
        let found = match root {
            "os" | "posixpath" => self.os_function(scope, range, path, &arguments)?,
            "builtins" => return self.builtin(scope, range, path, arguments),
            "pathlib" | "sys" | "urllib" | "logging" | "typing" | "functools" | "asyncio"
            | "anyio" | "copy" => self.standard(scope, range, path, &arguments)?,
            "sqlalchemy" | "sqlmodel" | "sqlalchemy_utils" | "databases" => {
                self.engine_function(scope, range, path, &arguments)
            }
            "dotenv" | "decouple" | "environs" | "starlette" => {
                self.reader_function(scope, range, path, &arguments)
            }
            "pydantic" | "pydantic_settings" | "pydantic_core" => {
                self.pydantic_function(scope, range, path, &arguments)
            }
            "re" if path == "re.sub" => self.substituted(&arguments),
            "types" if path == "types.SimpleNamespace" && arguments.plain.is_empty() => {
                let object = self.object("namespace");
                object.open.borrow_mut().clone_from(&arguments.open);
                object.attributes.borrow_mut().extend(arguments.keywords.iter().cloned());
                Some(Value::Object(object))
            }
            "dataclasses" if path == "dataclasses.field" => Some(self.field_call(&arguments)),
            _ => None,
        };
        match found {
            Some(value) => Ok(value),
            None => {
                let reason = absence(path);
                self.call_unknown(scope, range, &Value::None, &arguments, &reason)
            }
        }
    }
}

/// Why what a library gives is not known.
fn absence(path: &str) -> String {
    match path {
        "os.environ.copy" | "builtins.open" => {
            format!("what `{path}` gives is only known when the program runs")
        }
        _ => format!("`{path}` is not followed: what it gives is only known when the program runs"),
    }
}
