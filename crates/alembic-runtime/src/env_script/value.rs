//! The values that are followed, and where they come from.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashMap,
    path::PathBuf,
    rc::Rc,
};

use python_static::{TextRange, tree};

use super::{Doubt, Origin, files::File, machine::Raised};
use crate::database_url::DatabaseUrl;

/// The longest way that is kept.
const MAX_TRAIL: usize = 12;

/// Where a text comes from: each step once.
#[derive(Clone, Default)]
pub(super) struct Trail(Rc<Vec<Origin>>);

impl Trail {
    pub(super) fn of(origin: Origin) -> Self {
        Self(Rc::new(vec![origin]))
    }

    /// Both ways, this one first.
    pub(super) fn and(&self, other: &Self) -> Self {
        if other.0.is_empty() {
            return self.clone();
        }
        let mut steps = self.0.to_vec();
        for step in other.0.iter() {
            if !steps.contains(step) && steps.len() < MAX_TRAIL {
                steps.push(step.clone());
            }
        }
        Self(Rc::new(steps))
    }

    pub(super) fn steps(&self) -> &[Origin] {
        &self.0
    }
}

/// A value, as far as it is followed. Cloning is cheap.
#[derive(Clone)]
pub(super) enum Value {
    None,
    /// `None`, because a variable is not set: it must not become part of a URL.
    Absent(Rc<Doubt>),
    Bool(bool),
    Int(i128),
    Str(Rc<str>, Trail),
    /// pydantic's `SecretStr`.
    Secret(Rc<str>, Trail),
    Path(Rc<PathBuf>),
    Url(Rc<DatabaseUrl>, Trail),
    List(Rc<List>),
    Dict(Rc<Dict>),
    Function(Rc<Function>),
    /// A function that nobody has used yet.
    Deferred(Rc<Deferred>),
    Class(Rc<Class>),
    Object(Rc<Object>),
    /// A method and what it belongs to.
    Method(Rc<(Value, Box<str>)>),
    /// A function of a class with its `self`.
    Bound(Rc<(Value, Rc<Function>)>),
    Module(Rc<Module>),
    /// Something outside the project, by its full name.
    External(Rc<str>),
    /// An engine or a connection: what it is connected to.
    Engine(Rc<Engine>),
    Unknown(Rc<Doubt>),
}

/// A list or tuple. `level` is how many unknown conditions stood around its making.
pub(super) struct List {
    pub(super) items: RefCell<Vec<Value>>,
    pub(super) level: usize,
}

/// A dictionary with keys of text.
pub(super) struct Dict {
    pub(super) items: RefCell<Vec<(Rc<str>, Value)>>,
    /// It may hold more than is known: why.
    pub(super) open: RefCell<Option<Rc<Doubt>>>,
    /// It is what `context.get_x_argument(as_dictionary=True)` gave.
    pub(super) is_x: bool,
    /// It is the argument of a `Field(…)`.
    pub(super) is_field: bool,
    /// When the environment was put into it, counted by its changes from one: then it has all of that.
    pub(super) environment: Cell<usize>,
    pub(super) level: usize,
}

pub(super) struct Function {
    pub(super) definition: Rc<tree::Function>,
    /// Where it was defined.
    pub(super) scope: Rc<Scope>,
    pub(super) line: usize,
    pub(super) decorators: Vec<Decorator>,
    /// Defaults, evaluated where it was defined.
    pub(super) defaults: Vec<Option<Value>>,
}

/// A function whose text is parsed when its name is used.
pub(super) struct Deferred {
    /// Where it is defined.
    pub(super) scope: Rc<Scope>,
    pub(super) range: TextRange,
    /// What it is, once that is known.
    pub(super) function: OnceCell<Value>,
}

impl Deferred {
    pub(super) fn new(scope: &Rc<Scope>, range: &TextRange) -> Self {
        Self { scope: Rc::clone(scope), range: range.clone(), function: OnceCell::new() }
    }
}

/// A decorator: what it is, and its arguments.
pub(super) struct Decorator {
    pub(super) name: Rc<str>,
    pub(super) arguments: Vec<Value>,
    pub(super) keywords: Vec<(Box<str>, Value)>,
}

pub(super) struct Class {
    pub(super) name: Rc<str>,
    pub(super) bases: Vec<Value>,
    pub(super) keywords: Vec<(Rc<str>, Value)>,
    /// What its block bound.
    pub(super) scope: Rc<Scope>,
    pub(super) fields: RefCell<Vec<Field>>,
    pub(super) decorators: Vec<Rc<str>>,
}

/// An annotated name of a class.
#[derive(Clone)]
pub(super) struct Field {
    pub(super) name: Rc<str>,
    pub(super) annotation: Rc<tree::Expression>,
    pub(super) default: Option<Value>,
    pub(super) scope: Rc<Scope>,
    pub(super) line: usize,
    pub(super) class: Rc<str>,
}

/// An instance of a class of the project, or a plain bag of attributes.
pub(super) struct Object {
    pub(super) class: Option<Rc<Class>>,
    /// What kind of library object it is, if it is one.
    pub(super) tag: &'static str,
    pub(super) attributes: RefCell<HashMap<Rc<str>, Value>>,
    /// Attributes that are not known may still exist: why.
    pub(super) open: RefCell<Option<Rc<Doubt>>>,
    pub(super) level: usize,
}

pub(super) struct Module {
    pub(super) path: PathBuf,
    /// The path as people are told it.
    pub(super) shown: PathBuf,
    /// The folder of a package.
    pub(super) folder: Option<PathBuf>,
    /// The folder that relative imports start from.
    pub(super) package: Option<PathBuf>,
    pub(super) file: Rc<File>,
    pub(super) variables: RefCell<HashMap<Rc<str>, Value>>,
    /// What ended it early.
    pub(super) broken: RefCell<Option<Raised>>,
    pub(super) is_script: bool,
    pub(super) running: Cell<bool>,
}

/// The names of a module, a function call or a class block.
pub(super) struct Scope {
    pub(super) module: Rc<Module>,
    /// `None` is the module itself.
    pub(super) own: Option<RefCell<HashMap<Rc<str>, Value>>>,
    pub(super) parent: Option<Rc<Scope>>,
    pub(super) is_class: bool,
    pub(super) globals: RefCell<Vec<Box<str>>>,
    /// Names of a function around this one.
    pub(super) nonlocals: RefCell<Vec<Box<str>>>,
    pub(super) level: usize,
}

pub(super) struct Engine {
    /// Until an event makes it connect to something else.
    pub(super) url: RefCell<Value>,
}

impl Value {
    pub(super) fn text(text: impl Into<Rc<str>>, trail: Trail) -> Self {
        Self::Str(text.into(), trail)
    }

    pub(super) fn external(name: &str) -> Self {
        Self::External(name.into())
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text, _) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_none(&self) -> bool {
        matches!(self, Self::None | Self::Absent(_))
    }

    pub(super) fn doubt(&self) -> Option<&Rc<Doubt>> {
        match self {
            Self::Unknown(doubt) | Self::Absent(doubt) => Some(doubt),
            _ => None,
        }
    }

    /// What Python's truth test says, where that is known.
    pub(super) fn truth(&self) -> Option<bool> {
        Some(match self {
            Self::None | Self::Absent(_) => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Str(text, _) => !text.is_empty(),
            Self::List(list) => !list.items.borrow().is_empty(),
            Self::Dict(dict) if dict.open.borrow().is_some() => return None,
            Self::Dict(dict) => !dict.items.borrow().is_empty(),
            Self::Path(_)
            | Self::Url(..)
            | Self::Engine(_)
            | Self::Module(_)
            | Self::Class(_)
            | Self::Function(_)
            | Self::Deferred(_) => true,
            Self::External(name) if name.starts_with("dotenv.") => true,
            Self::Object(object) if object.tag.is_empty() => true,
            _ => return None,
        })
    }

    /// Whether two values are equal, where that is known.
    pub(super) fn equals(&self, other: &Self) -> Option<bool> {
        let plain = |value: &Self| {
            matches!(
                value,
                Self::None
                    | Self::Absent(_)
                    | Self::Bool(_)
                    | Self::Int(_)
                    | Self::Str(..)
                    | Self::Path(_)
            )
        };
        Some(match (self, other) {
            (Self::Str(left, _), Self::Str(right, _)) => left == right,
            (Self::Int(left), Self::Int(right)) => left == right,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Bool(one), Self::Int(number)) | (Self::Int(number), Self::Bool(one)) => {
                i128::from(*one) == *number
            }
            (Self::Path(left), Self::Path(right)) => left == right,
            (left, right) if left.is_none() && right.is_none() => true,
            (left, right) if plain(left) && plain(right) => false,
            (
                Self::Engine(_) | Self::Object(_) | Self::Module(_) | Self::List(_) | Self::Dict(_),
                right,
            ) if right.is_none() => false,
            _ => return None,
        })
    }

    /// Whether a change from one to the other changes nothing.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::External(left), Self::External(right)) => left == right,
            (Self::Module(left), Self::Module(right)) => Rc::ptr_eq(left, right),
            (Self::Engine(left), Self::Engine(right)) => {
                left.url.borrow().same(&right.url.borrow())
            }
            (Self::Url(left, _), Self::Url(right, _)) => left == right,
            _ => self.equals(other) == Some(true),
        }
    }
}

impl Object {
    /// Every attribute becomes unknown.
    pub(super) fn spoil(&self, doubt: &Rc<Doubt>) {
        #[expect(clippy::iter_over_hash_type, reason = "each becomes the same, in any order")]
        for value in self.attributes.borrow_mut().values_mut() {
            *value = Value::Unknown(Rc::clone(doubt));
        }
        *self.open.borrow_mut() = Some(Rc::clone(doubt));
    }
}

impl Dict {
    pub(super) fn get(&self, key: &str) -> Option<Value> {
        let items = self.items.borrow();
        items.iter().rev().find(|(known, _)| &**known == key).map(|(_, value)| value.clone())
    }

    pub(super) fn insert(&self, key: &str, value: Value) {
        let mut items = self.items.borrow_mut();
        match items.iter_mut().find(|(known, _)| &**known == key) {
            Some((_, old)) => *old = value,
            None => items.push((key.into(), value)),
        }
    }
}

impl Scope {
    pub(super) fn of_module(module: &Rc<Module>, level: usize) -> Rc<Self> {
        Rc::new(Self {
            module: Rc::clone(module),
            own: None,
            parent: None,
            is_class: false,
            globals: RefCell::default(),
            nonlocals: RefCell::default(),
            level,
        })
    }

    pub(super) fn inside(parent: &Rc<Self>, is_class: bool, level: usize) -> Rc<Self> {
        Rc::new(Self {
            module: Rc::clone(&parent.module),
            own: Some(RefCell::default()),
            parent: Some(Rc::clone(parent)),
            is_class,
            globals: RefCell::default(),
            nonlocals: RefCell::default(),
            level,
        })
    }

    /// What the scope itself binds.
    pub(super) fn own(&self, name: &str) -> Option<Value> {
        self.own.as_ref().unwrap_or(&self.module.variables).borrow().get(name).cloned()
    }

    /// What the name means here, without Python's own names. A class's names are not those of its functions.
    pub(super) fn lookup(&self, name: &str) -> Option<Value> {
        let mut scope = Some(self);
        let mut first = true;
        while let Some(here) = scope {
            if (first || !here.is_class)
                && let Some(value) = here.own(name)
            {
                return Some(value);
            }
            first = false;
            scope = here.parent.as_deref();
        }
        None
    }

    /// The function around this one whose name this is, where it is declared so.
    #[expect(clippy::assigning_clones, reason = "what is assigned is borrowed from what was")]
    pub(super) fn nonlocal_home(&self, name: &str) -> Option<Rc<Self>> {
        if !self.nonlocals.borrow().iter().any(|known| &**known == name) {
            return None;
        }
        let mut scope = self.parent.clone();
        while let Some(here) = scope {
            if !here.is_class && here.own.is_some() && here.own(name).is_some() {
                return Some(here);
            }
            scope = here.parent.clone();
        }
        None
    }

    /// Every name that it binds becomes unknown.
    pub(super) fn spoil(&self, doubt: &Rc<Doubt>) {
        let names = self.own.as_ref().unwrap_or(&self.module.variables);
        #[expect(clippy::iter_over_hash_type, reason = "each becomes the same, in any order")]
        for value in names.borrow_mut().values_mut() {
            *value = Value::Unknown(Rc::clone(doubt));
        }
    }

    pub(super) fn set(&self, name: &str, value: Value) {
        let target = match &self.own {
            Some(own) if !self.globals.borrow().iter().any(|global| &**global == name) => own,
            _ => &self.module.variables,
        };
        target.borrow_mut().insert(name.into(), value);
    }
}
