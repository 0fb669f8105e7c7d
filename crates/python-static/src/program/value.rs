//! The values of the machine.

use std::cell::{Cell, OnceCell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;

use indexmap::IndexMap;
use rustpython_parser::ast;

use super::args::Arguments;
use crate::ast::{ParseFailure, parse};
use crate::source::SourceFile;
use crate::statements::Statement;

/// How many values one comparison may look at.
const MAX_COMPARISONS: u32 = 20_000;
/// How deep one comparison may go.
const MAX_NESTING: usize = 200;

/// A place in one of the files that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The number of the file.
    pub file: usize,
    /// The byte offset.
    pub offset: u32,
}

impl Default for Place {
    /// Nowhere.
    fn default() -> Self {
        Self { file: usize::MAX, offset: 0 }
    }
}

/// Why a value is not known.
#[derive(Clone, Debug)]
pub struct Cause {
    /// A lower-case fragment.
    pub reason: String,
    /// Where.
    pub place: Place,
}

/// A value of the followed program.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the variants are Python's types")]
pub enum Value {
    None,
    Ellipsis,
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(Rc<str>),
    Bytes(Rc<[u8]>),
    Tuple(Rc<[Value]>),
    List(Rc<RefCell<Vec<Value>>>),
    Set(Rc<RefCell<Vec<Value>>>),
    Dict(Rc<RefCell<Vec<(Value, Value)>>>),
    Function(Rc<Function>),
    /// A function with its first argument.
    Bound(Rc<(Value, Rc<Function>)>),
    /// A method of a value of Python.
    Method(Rc<(Value, Rc<str>)>),
    Builtin(Rc<str>),
    Class(Rc<Class>),
    Instance(Rc<Instance>),
    Module(Rc<Module>),
    /// The names of a scope as a dictionary.
    Namespace(Rc<Scope>),
    /// A function with some of its arguments.
    Partial(Rc<(Value, Arguments)>),
    /// The next class of the method resolution order: class and object.
    Super(Rc<(Rc<Class>, Value)>),
    /// An expression over names of libraries.
    Term(Rc<Term>),
    Unknown(Rc<Cause>),
}

/// An expression over names of libraries.
#[derive(Debug)]
pub struct Term {
    /// No other object has it.
    pub id: usize,
    /// What it is.
    pub kind: TermKind,
    /// Where it was made.
    pub place: Place,
    /// How deep terms are nested in it.
    pub depth: u16,
}

/// The kinds of terms.
#[derive(Debug)]
pub enum TermKind {
    /// A dotted name: `sqlalchemy.orm.Mapped`.
    Name(Rc<str>),
    /// An attribute of another term.
    Attribute(Value, Rc<str>),
    /// A call.
    Call(Value, Arguments),
    /// `of[index]`
    Item(Value, Value),
    /// An operator and its operands.
    Operator(&'static str, Vec<Value>),
    /// A name that an annotation mentions and that is bound nowhere.
    Forward(Rc<str>),
    /// An object of the host, by its kind and number.
    Object(&'static str, usize, Rc<str>),
}

impl TermKind {
    /// How deep terms are nested in what it is made of.
    fn depth(&self) -> u16 {
        let of = |value: &Value| value.as_term().map_or(0, |term| term.depth + 1);
        let all = |values: &[Value]| values.iter().map(of).max().unwrap_or(0);
        match self {
            Self::Name(_) | Self::Forward(_) | Self::Object(..) => 0,
            Self::Attribute(value, _) => of(value),
            Self::Item(a, b) => of(a).max(of(b)).max(b.items().map_or(0, |items| all(&items))),
            Self::Operator(_, operands) => all(operands),
            Self::Call(function, arguments) => {
                let named = arguments.keywords.iter().map(|(_, value)| of(value));
                of(function).max(all(&arguments.positional)).max(named.max().unwrap_or(0))
            }
        }
    }
}

impl Term {
    /// A term; `None` when terms are nested too deeply in it.
    pub fn new(id: usize, kind: TermKind, place: Place) -> Option<Self> {
        let depth = kind.depth();
        (depth < MAX_TERM_DEPTH).then_some(Self { id, kind, place, depth })
    }
}

/// How deep terms may be nested: they are read and dropped recursively.
const MAX_TERM_DEPTH: u16 = 400;

/// A function of the program.
#[derive(Debug)]
pub struct Function {
    /// No other object has it.
    pub id: usize,
    /// Its name.
    pub name: Rc<str>,
    pub(crate) code: Code,
    pub(crate) defaults: Vec<Value>,
    pub(crate) keyword_defaults: Vec<(Rc<str>, Value)>,
    pub(crate) scope: Rc<Scope>,
    /// Where it is defined.
    pub place: Place,
    /// What its decorators make of it.
    pub role: Role,
    /// The class in whose body it was defined.
    pub(crate) class: RefCell<Option<Rc<Class>>>,
    /// Its decorators that the machine does not know.
    pub decorators: Vec<Value>,
    /// The return annotation.
    pub returns: Option<Annotation>,
}

#[derive(Clone, Debug)]
pub(crate) enum Code {
    /// A `def`, found again by its top-level statement and offset.
    Def(usize, u32),
    Lambda(Rc<ast::ExprLambda>),
}

impl Function {
    /// Whether its source, up to the end of the statement around it, holds one of these words.
    pub fn mentions(&self, words: &[&str]) -> bool {
        let Some(file) = &self.scope.module.file else { return true };
        let text = file.source.text();
        let start = self.place.offset as usize;
        let end = match self.code {
            Code::Def(top, _) => file.statements.get(top).map_or(text.len(), |one| one.range.end),
            Code::Lambda(_) => {
                text[start.min(text.len())..].find('\n').map_or(text.len(), |length| start + length)
            }
        };
        let Some(code) = text.get(start..end) else { return true };
        crate::identifiers::identifiers(code).any(|word| words.contains(&word))
    }
}

/// What decorators make of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are Python's words")]
pub enum Role {
    Plain,
    Static,
    ClassMethod,
    Property,
}

/// A class of the program.
#[derive(Debug)]
pub struct Class {
    /// No other object has it.
    pub id: usize,
    /// `__name__`
    pub name: Rc<str>,
    /// `__module__`
    pub module: Rc<str>,
    /// Bases as written.
    pub bases: Vec<Value>,
    /// The method resolution order: classes, and terms of libraries; itself first.
    pub mro: RefCell<Vec<Value>>,
    /// What its body bound, in order.
    pub dict: RefCell<IndexMap<Rc<str>, Value>>,
    /// The annotations of its body, in order.
    pub annotations: RefCell<Vec<(Rc<str>, Annotation)>>,
    /// Where it is defined.
    pub place: Place,
    /// Whether its members are those of an enumeration.
    pub is_enum: Cell<bool>,
    /// `metaclass`
    pub metaclass: Option<Value>,
}

impl Class {
    /// The names of libraries and classes in its resolution order, by the last part of their names.
    pub fn has_base(&self, full: &str) -> bool {
        self.mro.borrow().iter().any(|base| base.name().is_some_and(|name| &*name == full))
    }
}

/// An annotation, to be evaluated when it is asked for.
#[derive(Clone, Debug)]
pub struct Annotation {
    pub(crate) expr: Rc<ast::Expr>,
    pub(crate) scope: Rc<Scope>,
    /// Where it stands.
    pub place: Place,
}

/// An instance of a class of the program.
#[derive(Debug)]
pub struct Instance {
    /// Its class.
    pub class: Rc<Class>,
    /// Its attributes.
    pub attributes: RefCell<IndexMap<Rc<str>, Value>>,
    /// Where it was made.
    pub place: Place,
    /// Arguments it was made with.
    pub arguments: Arguments,
    /// Arguments that its `__init__` handed on to a base of a library.
    pub handed_on: RefCell<Option<Arguments>>,
}

/// A module.
#[derive(Debug)]
pub struct Module {
    /// `__name__`
    pub name: Rc<str>,
    /// Its file.
    pub path: Option<PathBuf>,
    /// The folders of a package.
    pub folders: Vec<PathBuf>,
    /// Its names.
    pub scope: RefCell<Option<Rc<Scope>>>,
    pub(crate) file: Option<Rc<File>>,
    /// Why execution stopped before its end.
    pub(crate) broken: RefCell<Option<Rc<Cause>>>,
}

/// A file, cut, its statements parsed when they are executed.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) number: usize,
    pub(crate) path: PathBuf,
    pub(crate) source: SourceFile,
    pub(crate) statements: Vec<Statement>,
    /// Why it was not cut into statements, and where.
    pub(crate) refused: Option<(String, usize)>,
    pub(crate) parsed: Vec<OnceCell<Result<Vec<ast::Stmt>, ParseFailure>>>,
}

impl File {
    pub(crate) fn parsed(&self, index: usize) -> Result<&[ast::Stmt], &ParseFailure> {
        self.parsed[index]
            .get_or_init(|| parse(self.source.text(), &self.statements[index]))
            .as_deref()
    }
}

/// Names and their values.
#[derive(Debug)]
pub struct Scope {
    /// The names, in order of their first binding.
    pub names: RefCell<IndexMap<Rc<str>, Value>>,
    pub(crate) parent: Option<Rc<Scope>>,
    pub(crate) kind: ScopeKind,
    pub(crate) module: Rc<Module>,
    pub(crate) globals: RefCell<Vec<Rc<str>>>,
    pub(crate) annotations: RefCell<Vec<(Rc<str>, Annotation)>>,
    pub(crate) top: Cell<usize>,
    pub(crate) class: Option<Rc<Class>>,
    pub(crate) first: RefCell<Option<Value>>,
    pub(crate) yields: RefCell<Vec<Value>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    Module,
    Class,
    Function,
}

impl Scope {
    pub(crate) fn new(kind: ScopeKind, module: &Rc<Module>, parent: Option<Rc<Scope>>) -> Rc<Self> {
        let top = parent.as_ref().map_or(0, |parent| parent.top.get());
        Rc::new(Self {
            names: RefCell::default(),
            parent,
            kind,
            module: Rc::clone(module),
            globals: RefCell::default(),
            annotations: RefCell::default(),
            top: Cell::new(top),
            class: None,
            first: RefCell::default(),
            yields: RefCell::default(),
        })
    }

    pub(crate) fn get(&self, name: &str) -> Option<Value> {
        self.names.borrow().get(name).cloned()
    }

    /// Binds a name.
    pub fn set(&self, name: &str, value: Value) {
        self.names.borrow_mut().insert(name.into(), value);
    }
}

impl Value {
    /// A string.
    pub fn str(text: impl AsRef<str>) -> Self {
        Self::Str(text.as_ref().into())
    }

    /// A list.
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Rc::new(RefCell::new(items)))
    }

    /// A tuple.
    pub fn tuple(items: Vec<Value>) -> Self {
        Self::Tuple(items.into())
    }

    /// A dictionary.
    pub fn dict(items: Vec<(Value, Value)>) -> Self {
        Self::Dict(Rc::new(RefCell::new(items)))
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The term.
    pub fn as_term(&self) -> Option<&Rc<Term>> {
        match self {
            Self::Term(term) => Some(term),
            _ => None,
        }
    }

    /// The full name of a library's name or of a class.
    pub fn name(&self) -> Option<Rc<str>> {
        match self {
            Self::Term(term) => match &term.kind {
                TermKind::Name(name) => Some(Rc::clone(name)),
                _ => None,
            },
            Self::Builtin(name) => Some(Rc::clone(name)),
            Self::Class(class) => Some(Rc::clone(&class.name)),
            _ => None,
        }
    }

    /// The items of a sequence or set.
    pub fn items(&self) -> Option<Vec<Value>> {
        match self {
            Self::Tuple(items) => Some(items.to_vec()),
            Self::List(items) | Self::Set(items) => Some(items.borrow().clone()),
            Self::Dict(items) => Some(items.borrow().iter().map(|(key, _)| key.clone()).collect()),
            _ => None,
        }
    }

    /// The pairs of a dictionary.
    pub fn pairs(&self) -> Option<Vec<(Value, Value)>> {
        match self {
            Self::Dict(items) => Some(items.borrow().clone()),
            _ => None,
        }
    }

    /// The function, its arguments: what a call was made of.
    pub fn as_call(&self) -> Option<(&Value, &Arguments)> {
        match &self.as_term()?.kind {
            TermKind::Call(function, arguments) => Some((function, arguments)),
            _ => None,
        }
    }

    /// Whether it is the same object, or an equal plain value.
    ///
    /// What is nested or shared so much that it cannot be compared counts as different.
    pub fn same(&self, other: &Value) -> bool {
        self.same_within(other, &mut { MAX_COMPARISONS }, 0)
    }

    fn same_within(&self, other: &Value, left: &mut u32, depth: usize) -> bool {
        if *left == 0 || depth > MAX_NESTING {
            return false;
        }
        *left -= 1;
        match (self, other) {
            (Self::None, Self::None) | (Self::Ellipsis, Self::Ellipsis) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Int(a), Self::Bool(b)) | (Self::Bool(b), Self::Int(a)) => *a == i128::from(*b),
            (Self::Float(a), Self::Float(b)) => a == b,
            #[expect(clippy::cast_precision_loss, reason = "as Python compares small numbers")]
            (Self::Int(a), Self::Float(b)) | (Self::Float(b), Self::Int(a)) => (*a as f64) == *b,
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Tuple(a), Self::Tuple(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b.iter()).all(|(a, b)| a.same_within(b, left, depth + 1))
            }
            (Self::List(a), Self::List(b)) | (Self::Set(a), Self::Set(b)) => {
                Rc::ptr_eq(a, b) || {
                    let (a, b) = (a.borrow(), b.borrow());
                    a.len() == b.len()
                        && a.iter().zip(b.iter()).all(|(a, b)| a.same_within(b, left, depth + 1))
                }
            }
            (Self::Dict(a), Self::Dict(b)) => Rc::ptr_eq(a, b),
            (Self::Function(a), Self::Function(b)) => a.id == b.id,
            (Self::Class(a), Self::Class(b)) => a.id == b.id,
            (Self::Module(a), Self::Module(b)) => Rc::ptr_eq(a, b),
            (Self::Instance(a), Self::Instance(b)) => Rc::ptr_eq(a, b),
            (Self::Builtin(a), Self::Builtin(b)) => a == b,
            (Self::Term(a), Self::Term(b)) => same_term(a, b, left, depth),
            _ => false,
        }
    }
}

fn same_term(a: &Rc<Term>, b: &Rc<Term>, left: &mut u32, depth: usize) -> bool {
    if a.id == b.id {
        return true;
    }
    let mut same = |a: &Value, b: &Value| a.same_within(b, left, depth + 1);
    match (&a.kind, &b.kind) {
        (TermKind::Name(a), TermKind::Name(b)) => a == b,
        (TermKind::Object(a, m, x), TermKind::Object(b, n, y)) => a == b && m == n && x == y,
        (TermKind::Item(a, i), TermKind::Item(b, j)) => same(a, b) && same(i, j),
        (TermKind::Operator(a, x), TermKind::Operator(b, y)) => {
            a == b && x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y))
        }
        _ => false,
    }
}
