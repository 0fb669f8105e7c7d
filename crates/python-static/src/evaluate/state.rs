//! All that a statement can change: scopes and heap. Cloned where the code forks, joined where it meets again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::object::{Cause, Cell, Id, Object, ScopeId};
use crate::source::TextRange;

/// The names of a module, of a call, of a class body or of a comprehension.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    pub(crate) names: BTreeMap<Arc<str>, Object>,
    /// The scope around it, for functions and comprehensions.
    pub(crate) parent: Option<ScopeId>,
    /// The scope of the module.
    pub(crate) globals: ScopeId,
    /// A class body: not seen by the functions in it.
    pub(crate) is_class: bool,
    /// A comprehension: walrus targets belong to the scope around it.
    pub(crate) is_comprehension: bool,
    /// Names declared `global` here.
    pub(crate) global_names: BTreeSet<Arc<str>>,
    /// Names declared `nonlocal` here.
    pub(crate) nonlocal_names: BTreeSet<Arc<str>>,
    /// What `yield` has given so far.
    pub(crate) yielded: Vec<Object>,
}

/// Where a wanted name was bound last.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) statement: TextRange,
    pub(crate) value: TextRange,
}

/// Scopes and heap.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    scopes: Vec<Rc<Scope>>,
    heap: Vec<Rc<Cell>>,
    /// Where the names of the file that was asked about were bound.
    pub(crate) places: BTreeMap<Arc<str>, Place>,
    /// What has been read from modules of the project.
    pub(crate) imported: BTreeMap<(PathBuf, Arc<str>), Object>,
    /// For each running call, the values that forks of it have returned already.
    pub(crate) pending: Vec<Vec<Object>>,
}

impl State {
    pub(crate) fn add_scope(&mut self, scope: Scope) -> ScopeId {
        self.scopes.push(Rc::new(scope));
        self.scopes.len() - 1
    }

    /// A scope of a module: its own globals.
    pub(crate) fn add_module_scope(&mut self) -> ScopeId {
        let globals = self.scopes.len();
        self.add_scope(Scope { globals, ..Scope::default() })
    }

    pub(crate) fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id]
    }

    pub(crate) fn scope_mut(&mut self, id: ScopeId) -> &mut Scope {
        Rc::make_mut(&mut self.scopes[id])
    }

    pub(crate) fn allocate(&mut self, cell: Cell) -> Id {
        self.heap.push(Rc::new(cell));
        self.heap.len() - 1
    }

    pub(crate) fn cell(&self, id: Id) -> &Cell {
        &self.heap[id]
    }

    pub(crate) fn cell_mut(&mut self, id: Id) -> &mut Cell {
        Rc::make_mut(&mut self.heap[id])
    }

    /// How much a clone costs, in steps.
    pub(crate) fn size(&self) -> usize {
        self.scopes.len() + self.heap.len()
    }

    /// Makes room up to the size of `other`, so that what is allocated next has numbers of its own.
    pub(crate) fn reserve_numbers_of(&mut self, other: &Self, cause: &Rc<Cause>) {
        while self.heap.len() < other.heap.len() {
            self.allocate(Cell::Lost(Rc::clone(cause)));
        }
        while self.scopes.len() < other.scopes.len() {
            self.add_scope(Scope::default());
        }
    }

    /// Joins two outcomes of a fork at which the state was `before`. `second` was begun with the numbers of `first`
    /// reserved. Names and cells that differ become unknown for `cause`.
    ///
    /// The scope `own` is taken from `second` as it is: the first fork has left it for good.
    pub(crate) fn join(
        before: &Self,
        first: &Self,
        second: &Self,
        cause: &Rc<Cause>,
        own: Option<ScopeId>,
    ) -> Self {
        let mut joined = second.clone();
        for id in 0..first.scopes.len() {
            if id >= before.scopes.len() {
                joined.scopes[id] = Rc::clone(&first.scopes[id]);
            } else if own != Some(id) && !Rc::ptr_eq(&first.scopes[id], &second.scopes[id]) {
                joined.scopes[id] = Rc::new(join_scopes(first, second, id, cause));
            }
        }
        for id in 0..first.heap.len() {
            if id >= before.heap.len() {
                joined.heap[id] = Rc::clone(&first.heap[id]);
            } else if !Rc::ptr_eq(&first.heap[id], &second.heap[id])
                && !same_cells(first, &first.heap[id], second, &second.heap[id])
            {
                joined.heap[id] = Rc::new(Cell::Lost(Rc::clone(cause)));
            }
        }
        for (name, place) in &first.places {
            joined.places.entry(Arc::clone(name)).or_insert_with(|| place.clone());
        }
        for (key, value) in &first.imported {
            joined.imported.entry(key.clone()).or_insert_with(|| value.clone());
        }
        let pending = joined.pending.iter_mut().zip(&first.pending).zip(&before.pending);
        for ((values, others), old) in pending {
            values.extend(others.iter().skip(old.len()).cloned());
        }
        joined
    }
}

fn join_scopes(first: &State, second: &State, id: ScopeId, cause: &Rc<Cause>) -> Scope {
    let (ours, theirs) = (first.scope(id), second.scope(id));
    let mut joined = theirs.clone();
    for (name, value) in &ours.names {
        let same = theirs.names.get(name).is_some_and(|other| same(first, value, second, other));
        if !same {
            joined.names.insert(Arc::clone(name), Object::Unknown(Rc::clone(cause)));
        }
    }
    for name in theirs.names.keys() {
        if !ours.names.contains_key(name) {
            joined.names.insert(Arc::clone(name), Object::Unknown(Rc::clone(cause)));
        }
    }
    if ours.yielded.len() != theirs.yielded.len() {
        joined.yielded.push(Object::Unknown(Rc::clone(cause)));
    }
    joined
}

/// Values compared deeper than this count as different.
const MAX_DEPTH: usize = 20;
/// After so many values the rest counts as different.
const MAX_COMPARED: usize = 50_000;

/// Whether a value of one state is surely the same as a value of another.
pub(crate) fn same(left: &State, a: &Object, right: &State, b: &Object) -> bool {
    Comparison::new(left, right).objects(a, b, 0)
}

fn same_cells(left: &State, a: &Cell, right: &State, b: &Cell) -> bool {
    Comparison::new(left, right).cells(a, b, 0)
}

struct Comparison<'s> {
    left: &'s State,
    right: &'s State,
    compared: usize,
}

impl<'s> Comparison<'s> {
    fn new(left: &'s State, right: &'s State) -> Self {
        Self { left, right, compared: 0 }
    }

    fn objects(&mut self, a: &Object, b: &Object, depth: usize) -> bool {
        self.compared += 1;
        if depth > MAX_DEPTH || self.compared > MAX_COMPARED {
            return false;
        }
        match (a, b) {
            (Object::None, Object::None) | (Object::Ellipsis, Object::Ellipsis) => true,
            (Object::Bool(a), Object::Bool(b)) => a == b,
            (Object::Int(a), Object::Int(b)) => a == b,
            (Object::Float(a), Object::Float(b)) => a.to_bits() == b.to_bits(),
            (Object::Str(a), Object::Str(b))
            | (Object::Path(a), Object::Path(b))
            | (Object::Builtin(a), Object::Builtin(b))
            | (Object::Library(a), Object::Library(b)) => a == b,
            (Object::Bytes(a), Object::Bytes(b)) => a == b,
            (Object::Tuple(a), Object::Tuple(b)) | (Object::FrozenSet(a), Object::FrozenSet(b)) => {
                self.all(a.iter(), b.iter(), depth)
            }
            (Object::Range(start, stop, step), Object::Range(begin, end, stride)) => {
                (start, stop, step) == (begin, end, stride)
            }
            (Object::Unknown(a), Object::Unknown(b)) => a == b,
            (Object::Function(a), Object::Function(b)) => Rc::ptr_eq(a, b),
            (Object::Module(a), Object::Module(b)) => Arc::ptr_eq(a, b),
            (Object::Namespace(a), Object::Namespace(b)) => a == b,
            (Object::View(view, _), Object::View(other, _)) if view != other => false,
            (Object::List(a), Object::List(b))
            | (Object::View(_, a), Object::View(_, b))
            | (Object::Set(a), Object::Set(b))
            | (Object::Dict(a), Object::Dict(b))
            | (Object::Iterator(a), Object::Iterator(b))
            | (Object::Instance(a), Object::Instance(b))
            | (Object::Class(a), Object::Class(b)) => {
                let (left, right) = (self.left, self.right);
                self.cells(left.cell(*a), right.cell(*b), depth + 1)
            }
            _ => false,
        }
    }

    fn all<'o>(
        &mut self,
        a: impl ExactSizeIterator<Item = &'o Object>,
        b: impl ExactSizeIterator<Item = &'o Object>,
        depth: usize,
    ) -> bool {
        a.len() == b.len() && a.zip(b).all(|(a, b)| self.objects(a, b, depth + 1))
    }

    fn named(&mut self, a: &[(Arc<str>, Object)], b: &[(Arc<str>, Object)], depth: usize) -> bool {
        a.len() == b.len()
            && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && self.objects(&a.1, &b.1, depth + 1))
    }

    fn cells(&mut self, a: &Cell, b: &Cell, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return false;
        }
        match (a, b) {
            (Cell::List(a), Cell::List(b)) | (Cell::Set(a), Cell::Set(b)) => {
                self.all(a.iter(), b.iter(), depth)
            }
            (Cell::Dict(a), Cell::Dict(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b).all(|(a, b)| {
                        self.objects(&a.0, &b.0, depth + 1) && self.objects(&a.1, &b.1, depth + 1)
                    })
            }
            (Cell::Iterator(a), Cell::Iterator(b)) => self.all(a.iter(), b.iter(), depth),
            (
                Cell::Instance { class, attributes },
                Cell::Instance { class: other_class, attributes: others },
            ) => class == other_class && self.named(attributes, others, depth),
            (Cell::Class(a), Cell::Class(b)) => {
                a.name == b.name
                    && a.kind == b.kind
                    && self.named(&a.attributes, &b.attributes, depth)
            }
            (Cell::Lost(a), Cell::Lost(b)) => a == b,
            _ => false,
        }
    }
}
