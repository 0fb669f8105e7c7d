//! What may change a connection behind the URL: statements that set the schema, and SQLAlchemy's events.

use std::rc::Rc;

use python_static::TextRange;

use crate::env_script::{
    calls::Arguments,
    machine::Machine,
    value::{Decorator, Engine, Function, Scope, Value},
};

/// Words of statements that change which schema, or which role's schema, a plain name means.
const SETS_SCHEMA: [&str; 7] = [
    "search_path",
    "current_schema",
    "set schema",
    "set role",
    "set local role",
    "set session role",
    "session authorization",
];

/// Events whose functions are given a connection before Alembic reads its table.
const ON_CONNECTIONS: [&str; 8] = [
    "connect",
    "first_connect",
    "do_connect",
    "checkout",
    "engine_connect",
    "begin",
    "before_execute",
    "before_cursor_execute",
];

impl Machine<'_> {
    /// A statement is sent to the database, or, not `certain`, to what may be one.
    pub(super) fn executed(
        &mut self,
        scope: &Scope,
        range: &TextRange,
        statement: Option<&Value>,
        certain: bool,
    ) {
        let harmless = match statement.and_then(Value::as_str) {
            Some(sql) => leaves_schema(sql),
            None if certain || self.in_event => false,
            None => {
                let text = scope.module.file.source.text();
                leaves_schema(text.get(range.clone()).unwrap_or_default())
            }
        };
        if !harmless {
            self.schema_doubt = Some(self.doubt(scope, range, "this statement may set the schema"));
        }
    }

    /// A function that SQLAlchemy calls when something happens: `@event.listens_for(target, "connect")`.
    pub(in crate::env_script) fn listens(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        function: &Rc<Function>,
    ) {
        for decorator in function.decorators.iter().filter(|decorator| is_listener(decorator)) {
            let mut arguments = Arguments::of(decorator.arguments.clone());
            let keywords = decorator.keywords.iter();
            arguments.keywords =
                keywords.map(|(name, value)| ((&**name).into(), value.clone())).collect();
            arguments.plain.push(Value::Function(Rc::clone(function)));
            self.listen(scope, range, &arguments);
        }
    }

    /// `event.listen(target, "connect", function)`
    pub(super) fn listen(&mut self, scope: &Rc<Scope>, range: &TextRange, arguments: &Arguments) {
        let event = arguments.text(1, "identifier").unwrap_or("do_connect");
        if !ON_CONNECTIONS.contains(&event) {
            return;
        }
        let retval = arguments.keyword("retval");
        let replaces = retval.is_some_and(|value| value.truth() != Some(false));
        if event == "do_connect" {
            self.connects(scope, range, arguments.get(0, "target"));
        } else if replaces {
            let reason = "this event may change the statements";
            self.schema_doubt = Some(self.doubt(scope, range, reason));
        }
        match arguments.get(2, "fn").cloned().map(|function| self.used(function)) {
            Some(Value::Function(function)) => {
                let doubt = self.doubt(scope, range, "this runs when SQLAlchemy connects");
                let outer = std::mem::replace(&mut self.in_event, true);
                self.may_run(scope, range, &function, &doubt);
                self.in_event = outer;
            }
            _ => {
                let reason = "what this event does to connections is not known";
                self.schema_doubt = Some(self.doubt(scope, range, reason));
            }
        }
    }

    fn connects(&mut self, scope: &Scope, range: &TextRange, target: Option<&Value>) {
        let reason = "this event may connect to something else than the URL";
        let doubt = self.doubt(scope, range, reason);
        match target {
            Some(Value::Engine(engine)) => engine.lose(&doubt),
            _ => self.connect_doubt = Some(doubt),
        }
    }
}

impl Engine {
    /// What it connects to is no longer known.
    fn lose(&self, doubt: &Rc<crate::env_script::Doubt>) {
        *self.url.borrow_mut() = Value::Unknown(Rc::clone(doubt));
    }
}

fn is_listener(decorator: &Decorator) -> bool {
    decorator.name.starts_with("sqlalchemy.") && decorator.name.ends_with(".listens_for")
}

/// Whether a statement demonstrably leaves the schema that a plain name means.
fn leaves_schema(statement: &str) -> bool {
    let words: Vec<_> = statement.split_whitespace().map(str::to_lowercase).collect();
    let sql = words.join(" ");
    let uses = sql.starts_with("use ") || sql.contains("; use ") || sql.contains("'role'");
    !uses && !SETS_SCHEMA.iter().any(|words| sql.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_set_the_schema_are_known_by_their_words() {
        for sql in [
            "SET search_path TO x",
            "set\n  ROLE app",
            "SELECT set_config('search_path', 'x', false)",
            "SELECT set_config('role', 'x', false)",
            "SET SESSION AUTHORIZATION app",
            "SET SCHEMA 'x'",
            "USE other",
        ] {
            assert!(!leaves_schema(sql), "{sql}");
        }
        for sql in ["SELECT 1", "PRAGMA foreign_keys=ON", "SET lock_timeout = '4s'"] {
            assert!(leaves_schema(sql), "{sql}");
        }
    }
}
