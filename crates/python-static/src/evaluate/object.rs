//! The values of the evaluator.
//!
//! Immutable values are held directly; what can be changed in place lives on the heap of the [`State`](super::state)
//! and is referred to by its number, so that two names of one list see the same list.

use std::rc::Rc;
use std::sync::Arc;

use rustpython_parser::ast;

use crate::project::ModuleFile;
use crate::source::TextRange;

/// The number of a cell on the heap.
pub(crate) type Id = usize;
/// The number of a scope.
pub(crate) type ScopeId = usize;

/// Why a value is not known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cause {
    pub(crate) reason: Arc<str>,
    /// The place, in the file that `file` numbers (0: the file that was asked about).
    pub(crate) range: TextRange,
    pub(crate) file: usize,
    /// Reading was given up, as opposed to: it depends on running.
    pub(crate) refused: bool,
}

/// A value of the evaluated program.
#[derive(Clone, Debug)]
pub(crate) enum Object {
    Unknown(Rc<Cause>),
    None,
    Ellipsis,
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(Arc<str>),
    Bytes(Arc<[u8]>),
    Tuple(Items),
    FrozenSet(Items),
    Range(i128, i128, i128),
    List(Id),
    Set(Id),
    Dict(Id),
    /// The keys, values or items of a dictionary, as they are when they are asked for.
    View(View, Id),
    /// A generator or iterator: what is left of it.
    Iterator(Id),
    Instance(Id),
    Class(Id),
    Function(Rc<Function>),
    /// A function bound to an instance or a class.
    Method(Rc<(Object, Rc<Function>)>),
    /// A function or type of Python, by its full name: `len`, `str`, `os.path.join`.
    Builtin(Arc<str>),
    /// A method of a value of Python: `"a".upper`.
    BoundBuiltin(Rc<(Object, Arc<str>)>),
    /// A module of the project.
    Module(Arc<ModuleFile>),
    /// A module of Python's library, by its name.
    Library(Arc<str>),
    /// The names of a scope as a dictionary: `globals()`.
    Namespace(ScopeId),
    /// A `pathlib` path.
    Path(Arc<str>),
}

impl Object {
    pub(crate) fn str(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }

    pub(crate) fn tuple(items: impl Into<Rc<[Object]>>) -> Self {
        Items::new(items.into()).map_or_else(Self::too_deep, Self::Tuple)
    }

    pub(crate) fn frozenset(items: impl Into<Rc<[Object]>>) -> Self {
        Items::new(items.into()).map_or_else(Self::too_deep, Self::FrozenSet)
    }

    fn too_deep() -> Self {
        Self::Unknown(Rc::new(Cause {
            reason: "the value is nested too deeply to be worked out".into(),
            range: 0..0,
            file: 0,
            refused: true,
        }))
    }

    /// How many values that cannot be changed in place hold each other.
    pub(crate) fn depth(&self) -> u8 {
        match self {
            Self::Tuple(items) | Self::FrozenSet(items) => items.depth,
            Self::Function(function) => function.depth,
            _ => 0,
        }
    }

    pub(crate) fn builtin(name: &str) -> Self {
        Self::Builtin(name.into())
    }

    /// The cause, if the value is unknown.
    pub(crate) fn cause(&self) -> Option<&Rc<Cause>> {
        match self {
            Self::Unknown(cause) => Some(cause),
            _ => None,
        }
    }
}

/// What of a dictionary a view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Keys,
    Values,
    Items,
}

impl View {
    /// What the method of a dictionary gives.
    pub(crate) fn of_method(name: &str) -> Option<Self> {
        match name {
            "keys" => Some(Self::Keys),
            "values" => Some(Self::Values),
            "items" => Some(Self::Items),
            _ => None,
        }
    }

    /// The name of its type.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Keys => "dict_keys",
            Self::Values => "dict_values",
            Self::Items => "dict_items",
        }
    }

    /// What it shows of an entry.
    pub(crate) fn part(self, (key, value): (Object, Object)) -> Object {
        match self {
            Self::Keys => key,
            Self::Values => value,
            Self::Items => Object::tuple(vec![key, value]),
        }
    }
}

/// The elements of a tuple or frozenset. Their depth is bounded, since they are dropped recursively.
#[derive(Clone, Debug)]
pub(crate) struct Items {
    items: Rc<[Object]>,
    depth: u8,
}

/// How deep values may hold each other.
pub(crate) const MAX_NESTING: u8 = 64;

impl Items {
    fn new(items: Rc<[Object]>) -> Option<Self> {
        let depth = 1 + items.iter().map(Object::depth).max().unwrap_or(0);
        (depth <= MAX_NESTING).then_some(Self { items, depth })
    }
}

impl std::ops::Deref for Items {
    type Target = [Object];

    fn deref(&self) -> &[Object] {
        &self.items
    }
}

/// What can be changed in place.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    List(Vec<Object>),
    Set(Vec<Object>),
    Dict(Vec<(Object, Object)>),
    Iterator(std::collections::VecDeque<Object>),
    Instance {
        class: Id,
        attributes: Vec<(Arc<str>, Object)>,
    },
    Class(Class),
    /// The contents are no longer known.
    Lost(Rc<Cause>),
}

/// A class of the evaluated program.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) name: Arc<str>,
    pub(crate) bases: Vec<Object>,
    pub(crate) attributes: Vec<(Arc<str>, Object)>,
    pub(crate) kind: ClassKind,
}

/// What Python's library adds to a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClassKind {
    Plain,
    /// The members are instances.
    Enum,
    /// The members are instances and strings.
    StrEnum,
    /// `__init__` assigns the annotated fields.
    Dataclass,
    /// Like a dataclass, and a tuple.
    NamedTuple,
    /// A base or decorator is unknown: so is what is not written in the class.
    Open,
}

/// A function of the evaluated program.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: Arc<str>,
    pub(crate) arguments: Box<ast::Arguments>,
    pub(crate) body: Body,
    /// The defaults of the parameters that have one, in the order of the parameters.
    pub(crate) defaults: Vec<(Arc<str>, Object)>,
    /// The scope around the definition.
    pub(crate) scope: ScopeId,
    /// The file it stands in; see [`Cause::file`].
    pub(crate) file: usize,
    pub(crate) role: Role,
    /// See [`Object::depth`]: defaults are values too.
    pub(crate) depth: u8,
}

/// The code of a function.
#[derive(Debug)]
pub(crate) enum Body {
    Block(Vec<ast::Stmt>),
    /// The items of a generator are collected at once.
    Generator(Vec<ast::Stmt>),
    Expression(ast::Expr),
    /// Coroutines are not followed.
    Async,
}

/// How a function of a class is found through an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Plain,
    Static,
    ClassMethod,
    Property,
}
