//! The schema that a project's SQLAlchemy models define, read without running them.
//!
//! [`read`] follows env.py or the named modules with [`python_static::program`] and gives SQLAlchemy's names their
//! meaning. What it states is what SQLAlchemy would build; what it cannot know becomes a [`schema::Problem`] with file,
//! line and reason. It knows no Alembic and no database.
#![warn(missing_docs)]

mod columns;
mod declarative;
mod document;
mod expression;
mod host;
mod listeners;
mod names;
mod relationships;
pub mod schema;
mod types;
pub mod version;

use std::path::PathBuf;
use std::rc::Rc;

use python_static::program::{Host, Machine, Place, Stop, Value};

use host::Sql;
use schema::Schema;

/// What to read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where modules are looked for, in this order.
    pub roots: Vec<PathBuf>,
    /// Problems name files relative to this folder.
    pub current: PathBuf,
    /// env.py, unless bases are named.
    pub env: Option<PathBuf>,
    /// `module:Name`
    pub bases: Vec<String>,
    /// Modules to import first.
    pub imports: Vec<String>,
    /// The versions whose rules are followed.
    pub version: version::Versions,
}

/// Nothing could be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Error {
    #[error("`{0}` is no `module:Name`")]
    Base(String),
    #[error("`{0}` cannot be read")]
    Unreadable(PathBuf),
    #[error("the module of `{0}` is not there")]
    NoModule(String),
    #[error("the reader's thread could not be started")]
    Thread,
}

/// Reads the models.
///
/// # Errors
/// When there is nothing to read. Everything else is a problem of the schema.
pub fn read(options: &Options) -> Result<Schema, Error> {
    let options = options.clone();
    // Modules import each other deeply; the depth is bounded, its stack is larger than the usual one.
    std::thread::Builder::new()
        .stack_size(512 << 20)
        .spawn(move || follow(&options))
        .map_err(|_| Error::Thread)?
        .join()
        .map_err(|_| Error::Thread)?
}

fn follow(options: &Options) -> Result<Schema, Error> {
    let sql = Rc::new(Sql::default());
    sql.state.borrow_mut().version = options.version;
    let mut machine = Machine::new(options.roots.clone(), Rc::clone(&sql) as Rc<dyn Host>);
    let nowhere = Place::default();
    let mut targets = Vec::new();
    for module in &options.imports {
        note(&sql, machine.import(module, nowhere));
    }
    if options.bases.is_empty() {
        let env = options.env.clone().unwrap_or_default();
        let ran = machine.run_file("env_py", &env).ok_or_else(|| Error::Unreadable(env.clone()))?;
        note(&sql, ran.map(|module| Value::Module(module)));
        let target = sql.state.borrow().targets.clone();
        match target {
            Some(target) => targets.push(target),
            None => sql.problem(
                nowhere,
                "env.py gives no `target_metadata` that can be read",
                vec!["*".into()],
            ),
        }
    }
    for base in &options.bases {
        let (module, name) = base.split_once(':').ok_or_else(|| Error::Base(base.clone()))?;
        let mut value = match machine.import(module, nowhere) {
            Ok(found @ Value::Module(_)) => found,
            Ok(found @ Value::Term(_)) => found,
            Err(Stop::Limit(cause)) => Value::Unknown(cause),
            _ => return Err(Error::NoModule(base.clone())),
        };
        for part in name.split('.') {
            value = machine
                .attribute(&value, part, nowhere)
                .unwrap_or_else(|_| machine.unknown(format!("`{base}` names nothing"), nowhere));
        }
        if Sql::number(&value, "metadata").is_none() {
            value = machine
                .attribute(&value, "metadata", nowhere)
                .unwrap_or_else(|_| machine.unknown(format!("`{base}` has no metadata"), nowhere));
        }
        targets.push(value);
    }
    Ok(document::build(&sql, &mut machine, &targets, &options.current))
}

fn note(sql: &Sql, result: Result<Value, Stop>) {
    match result {
        Ok(Value::Unknown(cause)) | Err(Stop::Limit(cause)) => {
            sql.problem(cause.place, cause.reason.clone(), vec!["*".into()])
        }
        Err(Stop::Raise(name, place)) => {
            sql.problem(place, format!("`{name}` is raised here"), vec!["*".into()])
        }
        Ok(_) => {}
    }
}
