//! The evaluator itself: its limits, its ways to stop, its forks.

use std::cell::Cell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use rustpython_parser::ast::{self, Ranged};

use super::object::{Cause, Object, ScopeId};
use super::state::{Scope, State};
use crate::project::Project;
use crate::source::TextRange;

/// Expressions and statements that one file may cost, imported modules included.
const MAX_STEPS: usize = 100_000;
/// How deep expressions, statements and calls may stand in each other.
const MAX_DEPTH: usize = 160;
/// Bytes that may be copied and values that may be compared while a file is read.
const MAX_WORK: usize = 1 << 26;
/// The longest string and the longest list that are built.
pub(super) const MAX_SIZE: usize = 1 << 20;

/// Why evaluation left its way.
#[derive(Debug)]
pub(super) enum Stop {
    /// The value at hand is not known; the expression around it goes on with that.
    Unknown(Rc<Cause>),
    /// The program raises an exception.
    Raise(Box<Raised>),
    /// A limit is reached; nothing more is evaluated.
    Limit(Rc<Cause>),
}

/// An exception of the program.
#[derive(Clone, Debug)]
pub(super) struct Raised {
    /// The name of its class.
    pub(super) kind: Arc<str>,
    pub(super) message: String,
    /// What `except … as name` binds.
    pub(super) value: Object,
    pub(super) range: TextRange,
    pub(super) file: usize,
}

impl Raised {
    /// The reason why what follows is not known.
    pub(super) fn sentence(&self) -> String {
        let Self { kind, message, .. } = self;
        if message.is_empty() {
            format!("the script raises `{kind}`")
        } else {
            format!("the script raises `{kind}`: {message}")
        }
    }
}

pub(super) type Eval<T = Object> = Result<T, Stop>;

/// How a statement ended.
#[derive(Clone, Debug)]
pub(super) enum Flow {
    Next,
    Return(Object),
    Break,
    Continue,
    /// Forks ended differently: which way the code goes is not known.
    Unclear(Rc<Cause>),
}

/// Where code runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) scope: ScopeId,
    pub(super) file: usize,
}

/// A file that takes part.
#[derive(Clone, Debug)]
pub(super) struct FileContext {
    pub(super) path: PathBuf,
    /// `__name__`
    pub(super) name: Arc<str>,
    /// The package that relative imports start from, as a folder; `None` outside packages.
    pub(super) package: Option<PathBuf>,
    /// Names that star imports shall bring.
    pub(super) needed: Vec<Arc<str>>,
}

/// One of the ways at a fork.
pub(super) type Arm<'f, 'p> = Box<dyn FnOnce(&mut Machine<'p>) -> Eval<Flow> + 'f>;

/// The evaluator.
pub(super) struct Machine<'p> {
    pub(super) project: &'p Project,
    pub(super) state: State,
    pub(super) files: Vec<FileContext>,
    pub(super) frame: Frame,
    /// Counts what may raise an exception: values that turned out unknown.
    pub(super) doubts: usize,
    /// The statement of the asked file that runs, and the expression whose value is being bound.
    pub(super) statement: TextRange,
    pub(super) value: TextRange,
    /// The modules and names that are being read, to end circles.
    pub(super) loading: Vec<(PathBuf, Arc<str>)>,
    steps: usize,
    work: Cell<usize>,
    depth: Cell<usize>,
}

impl<'p> Machine<'p> {
    pub(super) fn new(project: &'p Project, main: FileContext) -> Self {
        let mut state = State::default();
        let scope = state.add_module_scope();
        Self {
            project,
            state,
            files: vec![main],
            frame: Frame { scope, file: 0 },
            doubts: 0,
            statement: 0..0,
            value: 0..0,
            loading: Vec::new(),
            steps: 0,
            work: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    /// Counts a step of `cost`.
    pub(super) fn spend(&mut self, cost: usize) -> Eval<()> {
        self.steps = self.steps.saturating_add(cost);
        if self.steps > MAX_STEPS {
            return Err(self.limit("the value takes too many steps to work out"));
        }
        Ok(())
    }

    /// Counts work whose size depends on the values.
    pub(super) fn work(&self, size: usize) -> Eval<()> {
        let work = self.work.get().saturating_add(size);
        self.work.set(work);
        if work > MAX_WORK {
            return Err(self.limit("the value takes too much memory to work out"));
        }
        Ok(())
    }

    /// Runs `inner` one level deeper.
    pub(super) fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Eval<T>) -> Eval<T> {
        self.spend(1)?;
        self.enter()?;
        let result = inner(self);
        self.leave();
        result
    }

    /// The same for what only looks at values.
    pub(super) fn nested<T>(&self, inner: impl FnOnce(&Self) -> Eval<T>) -> Eval<T> {
        self.work(1)?;
        self.enter()?;
        let result = inner(self);
        self.leave();
        result
    }

    fn enter(&self) -> Eval<()> {
        if self.depth.get() >= MAX_DEPTH {
            return Err(self.limit("the value is nested too deeply to be worked out"));
        }
        self.depth.set(self.depth.get() + 1);
        Ok(())
    }

    fn leave(&self) {
        self.depth.set(self.depth.get() - 1);
    }

    fn limit(&self, reason: &str) -> Stop {
        let range = if self.frame.file == 0 { self.value.clone() } else { self.statement.clone() };
        Stop::Limit(Rc::new(Cause { reason: reason.into(), range, file: 0, refused: true }))
    }

    pub(super) fn cause(&self, reason: impl Into<Arc<str>>, range: TextRange) -> Rc<Cause> {
        Rc::new(Cause { reason: reason.into(), range, file: self.frame.file, refused: false })
    }

    /// The value at `range` is not known.
    pub(super) fn unknown(&self, reason: impl Into<Arc<str>>, range: TextRange) -> Stop {
        Stop::Unknown(self.cause(reason, range))
    }

    /// The program raises an exception at `range`.
    pub(super) fn raise(&self, kind: &str, message: impl Into<String>, range: TextRange) -> Stop {
        let message = message.into();
        Stop::Raise(Box::new(Raised {
            kind: kind.into(),
            value: Object::Unknown(
                self.cause(format!("the exception `{kind}` is not followed"), range.clone()),
            ),
            message,
            range,
            file: self.frame.file,
        }))
    }

    /// Runs `inner` in another scope.
    pub(super) fn in_scope<T>(
        &mut self,
        scope: Scope,
        inner: impl FnOnce(&mut Self) -> Eval<T>,
    ) -> Eval<T> {
        let scope = self.state.add_scope(scope);
        let frame = Frame { scope, file: self.frame.file };
        self.in_frame(frame, inner)
    }

    pub(super) fn in_frame<T>(
        &mut self,
        frame: Frame,
        inner: impl FnOnce(&mut Self) -> Eval<T>,
    ) -> Eval<T> {
        let outer = std::mem::replace(&mut self.frame, frame);
        let result = inner(self);
        self.frame = outer;
        result
    }

    /// The code forks for `cause`: runs every arm from the same state and joins what they leave.
    ///
    /// Arms that raise are dropped, since a module that raises is never loaded; when all raise, the first exception
    /// is the outcome.
    pub(super) fn fork(&mut self, cause: &Rc<Cause>, arms: Vec<Arm<'_, 'p>>) -> Eval<Flow> {
        self.doubts += 1;
        let before = self.state.clone();
        let mut joined: Option<(State, Flow)> = None;
        let mut raised = None;
        for arm in arms {
            self.spend(1 + before.size())?;
            self.state = before.clone();
            if let Some((state, _)) = &joined {
                self.state.reserve_numbers_of(state, cause);
            }
            match arm(self) {
                Ok(flow) => {
                    let state = std::mem::take(&mut self.state);
                    joined = Some(match joined {
                        None => (state, flow),
                        Some(first) => self.join(&before, first, (state, flow), cause),
                    });
                }
                Err(Stop::Raise(mut exception)) => {
                    // Its value may live in the state that is dropped here.
                    exception.value = Object::Unknown(Rc::clone(cause));
                    raised.get_or_insert(exception);
                }
                Err(Stop::Unknown(unknown)) => return self.abandon(before, Stop::Unknown(unknown)),
                Err(limit) => return self.abandon(before, limit),
            }
        }
        match (joined, raised) {
            (Some((state, flow)), _) => {
                self.state = state;
                Ok(flow)
            }
            (None, Some(exception)) => self.abandon(before, Stop::Raise(exception)),
            (None, None) => self.abandon(before, Stop::Unknown(Rc::clone(cause))),
        }
    }

    fn abandon(&mut self, before: State, stop: Stop) -> Eval<Flow> {
        self.state = before;
        Err(stop)
    }

    fn join(
        &self,
        before: &State,
        first: (State, Flow),
        second: (State, Flow),
        cause: &Rc<Cause>,
    ) -> (State, Flow) {
        let own = Some(self.frame.scope);
        let unknown = || Object::Unknown(Rc::clone(cause));
        let join =
            |first: &State, second: &State, own| State::join(before, first, second, cause, own);
        match (first, second) {
            ((a, Flow::Next), (b, Flow::Next)) => (join(&a, &b, None), Flow::Next),
            ((a, Flow::Break), (b, Flow::Break)) => (join(&a, &b, None), Flow::Break),
            ((a, Flow::Continue), (b, Flow::Continue)) => (join(&a, &b, None), Flow::Continue),
            ((a, Flow::Return(x)), (b, Flow::Return(y))) => {
                let value = if super::state::same(&a, &x, &b, &y) { y } else { unknown() };
                (join(&a, &b, own), Flow::Return(value))
            }
            ((a, Flow::Return(x)), (b, Flow::Next)) => {
                Self::return_early(join(&a, &b, own), x, cause)
            }
            ((b, Flow::Next), (a, Flow::Return(x))) => {
                // Joined the other way round, so that the scope of the fork that goes on is kept.
                let mut kept = join(&b, &a, None);
                let scope = b.scope(self.frame.scope).clone();
                *kept.scope_mut(self.frame.scope) = scope;
                Self::return_early(kept, x, cause)
            }
            ((a, _), (b, _)) => (join(&a, &b, None), Flow::Unclear(Rc::clone(cause))),
        }
    }

    /// One fork has returned, the other goes on: what was returned waits for the end of the call.
    fn return_early(mut state: State, value: Object, cause: &Rc<Cause>) -> (State, Flow) {
        match state.pending.last_mut() {
            Some(pending) => {
                pending.push(value);
                (state, Flow::Next)
            }
            None => (state, Flow::Unclear(Rc::clone(cause))),
        }
    }
}

/// The place of a node.
pub(super) fn place(node: &impl Ranged) -> TextRange {
    let range = node.range();
    range.start().to_usize()..range.end().to_usize()
}

/// The place of an expression.
pub(super) fn range_of(expr: &ast::Expr) -> TextRange {
    place(expr)
}
