//! The schema that a project's SQLAlchemy models define, read without running them.
//!
//! [`read`] follows env.py or the named modules with [`python_static::program`] and gives SQLAlchemy's names their
//! meaning. What it states is what SQLAlchemy would build; what it cannot know becomes a [`schema::Problem`] with file,
//! line and reason. It knows no Alembic and no database.
#![warn(missing_docs)]
#![expect(clippy::option_option, reason = "three answers: known, known to be none, and not known")]
#![expect(clippy::format_push_string, reason = "texts are put together from parts")]
#![expect(
    clippy::match_same_arms,
    clippy::single_match_else,
    reason = "what SQLAlchemy tells apart stands apart"
)]

mod columns;
mod declarative;
mod document;
pub mod erd;
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

/// A schema, and what was read for it.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The schema.
    pub schema: Schema,
    /// The modules that were read, with their files, by name.
    pub modules: Vec<(String, PathBuf)>,
}

/// Nothing could be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A base is not written as `module:Name`.
    #[error("`{0}` is no `module:Name`")]
    Base(String),
    /// env.py is missing, too large, or no text.
    #[error("`{}` cannot be read", .0.display())]
    Unreadable(PathBuf),
    /// No root holds the module of a base.
    #[error("the module of `{0}` is not there")]
    NoModule(String),
    /// The module of a base binds no such name.
    #[error("`{0}` names nothing")]
    NoName(String),
    /// What a base names is no metadata and has none.
    #[error("`{0}` is no base class and no MetaData")]
    NoMetadata(String),
    /// The operating system gave no thread.
    #[error("the reader's thread could not be started")]
    Thread,
}

/// Reads the models.
///
/// # Errors
/// When there is nothing to read. Everything else is a problem of the schema.
pub fn read(options: &Options) -> Result<Schema, Error> {
    Ok(read_in_full(options)?.schema)
}

/// Reads the models, and says which modules were read.
///
/// # Errors
/// As [`read`].
pub fn read_in_full(options: &Options) -> Result<Reading, Error> {
    let options = options.clone();
    // Modules import each other deeply; the depth is bounded, its stack is larger than the usual one.
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || follow(&options))
        .map_err(|_| Error::Thread)?
        .join()
        .map_err(|_| Error::Thread)?
}

/// The stack of the reader's thread, in bytes; what is not used costs nothing.
const STACK: usize = 1 << 30;

fn follow(options: &Options) -> Result<Reading, Error> {
    let sql = Rc::new(Sql::default());
    sql.state.borrow_mut().version = options.version;
    let mut machine = Machine::new(options.roots.clone(), Rc::clone(&sql) as Rc<dyn Host>);
    for module in &options.imports {
        let imported = machine.import(module, Place::default());
        note(&sql, imported);
    }
    let mut targets = Vec::new();
    if options.bases.is_empty() {
        targets.extend(target_of_env(&sql, &mut machine, options)?);
    }
    for base in &options.bases {
        targets.push(metadata_of(&mut machine, base)?);
    }
    let schema = document::build(&sql, &mut machine, &targets, &options.current);
    Ok(Reading { schema, modules: machine.modules_read() })
}

/// `target_metadata` as env.py gives it to `context.configure()`.
fn target_of_env(
    sql: &Sql,
    machine: &mut Machine,
    options: &Options,
) -> Result<Option<Value>, Error> {
    let env = options.env.clone().unwrap_or_default();
    let ran = machine.run_file("env_py", &env).ok_or(Error::Unreadable(env))?;
    note(sql, ran.map(Value::Module));
    let target = sql.state.borrow().targets.clone();
    if target.is_none() {
        sql.problem(
            machine.start_of_first_file(),
            "env.py gives no `target_metadata` that can be read",
            vec!["*".into()],
        );
    }
    Ok(target)
}

/// The metadata of `module:Name`.
fn metadata_of(machine: &mut Machine, base: &str) -> Result<Value, Error> {
    let (module, name) = base.split_once(':').ok_or_else(|| Error::Base(base.to_owned()))?;
    let nowhere = Place::default();
    let mut value = match machine.import(module, nowhere) {
        Ok(Value::Unknown(_)) | Err(Stop::Raise(..)) => {
            return Err(Error::NoModule(base.to_owned()));
        }
        Ok(found) => found,
        Err(Stop::Limit(cause)) => Value::Unknown(cause),
    };
    for part in name.split('.') {
        value =
            machine.attribute(&value, part, nowhere).map_err(|_| Error::NoName(base.to_owned()))?;
    }
    let is_metadata = |value: &Value| {
        Sql::number(value, "metadata").is_some() || matches!(value, Value::Unknown(_))
    };
    if !is_metadata(&value) {
        value = machine
            .attribute(&value, "metadata", nowhere)
            .ok()
            .filter(is_metadata)
            .ok_or_else(|| Error::NoMetadata(base.to_owned()))?;
    }
    Ok(value)
}

fn note(sql: &Sql, result: Result<Value, Stop>) {
    match result {
        Ok(Value::Unknown(cause)) | Err(Stop::Limit(cause)) => {
            sql.problem(cause.place, cause.reason.clone(), vec!["*".into()]);
        }
        Err(Stop::Raise(name, place)) => {
            sql.problem(place, format!("`{name}` is raised here"), vec!["*".into()]);
        }
        Ok(_) => {}
    }
}
