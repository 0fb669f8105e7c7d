//! Follows a project's modules in the order in which Python would execute them, without running Python.
//!
//! Every statement of a module is interpreted over [`Value`]s. What belongs to a library is a [`Term`]: the expression
//! that the program wrote, with its place, for a [`Host`] to give a meaning to. What depends on the program's run is
//! [`Value::Unknown`] with the cause. Steps, depth and sizes are bounded; no file outside the given roots is read.

#![expect(
    clippy::too_many_lines,
    clippy::match_same_arms,
    reason = "tables of Python's words, an arm for each"
)]
#![expect(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "methods of the machine beside others that need it, and answer alike"
)]
#![expect(
    clippy::float_cmp,
    clippy::many_single_char_names,
    reason = "Python compares floats so; pairs of operands are called a and b"
)]
#![expect(clippy::assigning_clones, reason = "scopes are walked upwards by name")]

mod args;
mod builtins;
mod call;
mod class;
mod eval;
mod exec;
mod import;
mod methods;
mod operators;
pub(crate) mod regex;
mod skip;
mod stdlib;
mod value;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;

pub use args::Arguments;
pub use regex::substitute;
pub use stdlib::is_standard;
pub use value::{
    Annotation, Cause, Class, Function, Instance, Module, Place, Role, Scope, Term, TermKind, Value,
};

/// Why interpretation does not go on.
#[derive(Clone, Debug)]
pub enum Stop {
    /// An exception: the name of its class and where it was raised.
    Raise(Rc<str>, Place),
    /// A bound was reached.
    Limit(Rc<Cause>),
}

/// An answer of the machine.
pub type Eval<T = Value> = Result<T, Stop>;

/// Gives the terms of libraries their meaning.
pub trait Host {
    /// A call of a library's function; `None` leaves it a term.
    fn call(
        &self,
        machine: &mut Machine,
        function: &Value,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value>;
    /// An attribute of a term or class; `None` leaves it to the machine.
    fn attribute(
        &self,
        machine: &mut Machine,
        of: &Value,
        name: &str,
        place: Place,
    ) -> Option<Value>;
    /// An assignment to an attribute; `false` leaves it to the machine.
    fn assign(
        &self,
        machine: &mut Machine,
        of: &Value,
        name: &str,
        value: &Value,
        place: Place,
    ) -> bool;
    /// A class statement was executed.
    fn class_created(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        keywords: &[(Rc<str>, Value)],
    );
    /// Whether a call of this, or a class derived from it, may change what the host knows.
    fn concerns(&self, value: &Value) -> bool;
    /// Whether a function is worked out when it is read from its class, as Python's descriptors are.
    fn is_descriptor(&self, function: &Function) -> bool;
    /// Statements were passed over because a condition is not known; `defines` names what could come from them.
    fn skipped(&self, machine: &mut Machine, cause: &Rc<Cause>, place: Place, defines: &Skipped);
}

/// What statements that were passed over would have done.
#[derive(Debug, Default, Clone)]
pub struct Skipped {
    /// The names of classes that concern the host.
    pub classes: Vec<String>,
    /// Whether modules are imported.
    pub imports: bool,
    /// Whether something is called that concerns the host.
    pub calls: bool,
}

/// How many steps one program may take.
const FUEL: u64 = 30_000_000;
/// How many steps one statement of a module may take, unless it imports.
const STATEMENT_FUEL: u64 = 8_000_000;
/// How many objects one program may make that others can stand in: so deep nothing is nested that the stack could not
/// hold its end.
const OBJECTS: u32 = 1_000_000;
/// How many calls may be open.
const MAX_DEPTH: usize = 90;
/// How long a string or list may become.
pub(crate) const MAX_SIZE: usize = 1 << 20;

/// The interpreter.
pub struct Machine {
    roots: Vec<PathBuf>,
    pub(crate) modules: HashMap<String, Rc<Module>>,
    files: RefCell<Vec<Rc<value::File>>>,
    host: Rc<dyn Host>,
    fuel: u64,
    objects: u32,
    depth: usize,
    next_id: usize,
    building: Vec<Rc<Class>>,
    /// How many `try` statements are open.
    trying: usize,
}

impl Machine {
    /// A machine that looks for modules below `roots`, in this order.
    pub fn new(roots: Vec<PathBuf>, host: Rc<dyn Host>) -> Self {
        Self {
            roots,
            modules: HashMap::new(),
            files: RefCell::new(Vec::new()),
            host,
            fuel: FUEL,
            objects: OBJECTS,
            depth: 0,
            next_id: 1,
            building: Vec::new(),
            trying: 0,
        }
    }

    /// The names and paths of the modules that were read, in order of their names.
    pub fn modules_read(&self) -> Vec<(String, PathBuf)> {
        let mut read: Vec<_> = self
            .modules
            .iter()
            .filter_map(|(name, module)| Some((name.clone(), module.path.clone()?)))
            .collect();
        read.sort();
        read
    }

    /// The path and line (from 1) of a place.
    pub fn locate(&self, place: Place) -> Option<(PathBuf, usize)> {
        let files = self.files.borrow();
        let file = files.get(place.file)?;
        let text = file.source.text();
        let end = (place.offset as usize).min(text.len());
        Some((file.path.clone(), 1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..end]).count()))
    }

    /// The first file that was read, at its first line.
    pub fn first_file(&self) -> Option<(PathBuf, usize)> {
        self.files.borrow().first().map(|file| (file.path.clone(), 1))
    }

    /// Where the first file that was read begins.
    pub fn start_of_first_file(&self) -> Place {
        Place { file: 0, offset: 0 }
    }

    /// An unknown value.
    pub fn unknown(&self, reason: impl Into<String>, place: Place) -> Value {
        Value::Unknown(Rc::new(Cause { reason: reason.into(), place }))
    }

    /// A new term.
    pub fn term(&mut self, kind: TermKind, place: Place) -> Value {
        self.next_id += 1;
        match Term::new(self.next_id, kind, place) {
            Some(term) => Value::Term(Rc::new(term)),
            None => self.unknown("the expression is nested too deeply to be followed", place),
        }
    }

    /// A number that no other object has.
    pub fn fresh(&mut self) -> usize {
        self.next_id += 1;
        self.next_id
    }

    fn step(&mut self, place: Place) -> Eval<()> {
        if self.fuel == 0 {
            return Err(Stop::Limit(Rc::new(Cause {
                reason: "the program takes too many steps to be followed".into(),
                place,
            })));
        }
        self.fuel -= 1;
        Ok(())
    }

    /// Takes as many steps as reading or making `size` bytes or items is worth.
    fn charge(&mut self, size: usize, place: Place) -> Eval<()> {
        self.fuel = self.fuel.saturating_sub(size as u64 / 8);
        self.step(place)
    }

    /// Makes one more object that others can stand in.
    fn allocate(&mut self, place: Place) -> Eval<()> {
        if self.objects == 0 {
            return Err(Stop::Limit(Rc::new(Cause {
                reason: "the program makes too many objects to be followed".into(),
                place,
            })));
        }
        self.objects -= 1;
        Ok(())
    }

    fn deeper<T>(&mut self, place: Place, run: impl FnOnce(&mut Self) -> Eval<T>) -> Eval<T> {
        if self.depth >= MAX_DEPTH {
            return Err(Stop::Limit(Rc::new(Cause {
                reason: "calls are nested too deeply to be followed".into(),
                place,
            })));
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }
}
