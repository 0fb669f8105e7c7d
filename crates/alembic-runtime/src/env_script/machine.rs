//! The reader's state, its limits, and what an unknown condition means for an assignment.

use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    rc::Rc,
};

use python_static::TextRange;

use super::{
    Doubt, EnvScript, Inputs, Mode, Place, Setting, UrlAnswer, combine,
    files::Files,
    value::{Dict, List, Module, Object, Scope, Trail, Value},
};

/// Statements and expressions that one reading may cost, imported modules included.
const MAX_STEPS: usize = 400_000;
/// How deep expressions, statements, calls and imports may stand in each other.
const MAX_DEPTH: usize = 420;
/// How much of the caller's stack is used before a thread with more of it takes over: the main thread of Windows has one
/// megabyte in all.
const ROOM: usize = 256 << 10;
/// Room for [`MAX_DEPTH`] levels; only what is used becomes memory.
const STACK: usize = 256 << 20;
/// The longest text that is built.
pub(super) const MAX_TEXT: usize = 1 << 16;

/// An exception of the program.
#[derive(Clone)]
pub(super) struct Raised {
    pub(super) kind: Rc<str>,
    pub(super) doubt: Rc<Doubt>,
}

pub(super) type Eval<T = Value> = Result<T, Raised>;

/// A call of `context.configure`.
pub(super) struct Configure {
    pub(super) place: Place,
    /// The URL of the connection, or the one that is given.
    pub(super) url: Value,
    pub(super) keywords: Rc<Dict>,
    /// The unknown condition that it stands under.
    pub(super) condition: Option<Rc<Doubt>>,
    /// It stands in a loop whose rounds are not known.
    pub(super) in_loop: bool,
}

/// What reading needs to remember.
pub(super) struct Machine<'a> {
    pub(super) inputs: &'a Inputs<'a>,
    /// The files that were read, for both ways through env.py.
    pub(super) files: &'a Files,
    stack: &'a Stack,
    pub(super) offline: bool,
    pub(super) roots: Vec<PathBuf>,
    pub(super) modules: HashMap<PathBuf, Rc<Module>>,
    /// Modules by their absolute name, found among so many roots: those become more, never fewer or others.
    pub(super) named: HashMap<Box<str>, (usize, Value)>,
    /// Variables that `.env` files or the project's code have set; `None` is removed.
    pub(super) variables: BTreeMap<String, Option<Value>>,
    /// How often the environment was changed, from one.
    pub(super) environment_changes: usize,
    /// The environment may have more than is known.
    pub(super) environment_doubt: Option<Rc<Doubt>>,
    /// What the process environment has may have been replaced.
    pub(super) environment_replaced: Option<Rc<Doubt>>,
    pub(super) env_files: Vec<PathBuf>,
    pub(super) unset: Vec<(String, Place)>,
    /// Options that env.py has set, by section and key.
    pub(super) options: BTreeMap<(String, String), Value>,
    /// What the project has put in the place of a library's own: where, its name, and what.
    pub(super) patched: Vec<(Rc<str>, Box<str>, Value)>,
    /// The configuration was given to code that cannot be read.
    pub(super) config_doubt: Option<Rc<Doubt>>,
    pub(super) attributes: Rc<Dict>,
    pub(super) configured: Vec<Configure>,
    pub(super) x_names: Vec<(String, Place)>,
    pub(super) calls_file_config: bool,
    /// Why the version table's schema cannot be told from the arguments alone.
    pub(super) schema_doubt: Option<Rc<Doubt>>,
    /// Why engines may connect to something else than their URL.
    pub(super) connect_doubt: Option<Rc<Doubt>>,
    /// A function is followed that SQLAlchemy calls with its connections.
    pub(super) in_event: bool,
    /// The unknown conditions around the statement at hand.
    pub(super) conditions: Vec<Rc<Doubt>>,
    pub(super) unknown_loops: usize,
    /// The conditions of `break` and `continue` that may have run, of the loops around: until the loop ends.
    pub(super) jumps: Vec<Rc<Doubt>>,
    /// `try` blocks around the statement at hand that have handlers.
    pub(super) tries: usize,
    /// What functions may have returned under an unknown condition, by call.
    pub(super) maybe_returns: Vec<Vec<Value>>,
    /// Calls of what is not followed: each may raise an exception.
    pub(super) foreign_calls: usize,
    /// Why pydantic refuses the instance that is being made.
    pub(super) missing: Option<Rc<Doubt>>,
    /// How many unknown values were met.
    pub(super) doubts: Cell<usize>,
    pub(super) steps: usize,
    pub(super) depth: usize,
    pub(super) last: Place,
    /// The annotated names of the class whose block runs.
    pub(super) class_fields: Vec<super::value::Field>,
}

pub(super) fn read(inputs: &Inputs<'_>) -> EnvScript {
    // A thread of its own costs a fifth of what a short command takes, and hardly any project needs it.
    let stack = Stack::with_room(ROOM);
    let answer = read_here(inputs, &stack);
    if stack.is_used_up() { read_deep(inputs) } else { answer }
}

/// The tree is walked recursively, and deeper than the stack of the caller's thread may be.
fn read_deep(inputs: &Inputs<'_>) -> EnvScript {
    std::thread::scope(|scope| {
        let reading = std::thread::Builder::new()
            .name("env.py".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, || read_here(inputs, &Stack::with_room(usize::MAX)));
        match reading.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => combine::gave_up(inputs.script, "reading it failed"),
        }
    })
}

/// How much of this thread's stack the reader has used, and may use.
pub(super) struct Stack {
    start: usize,
    room: usize,
    is_used_up: Cell<bool>,
}

impl Stack {
    fn with_room(room: usize) -> Self {
        Self { start: Self::address(), room, is_used_up: Cell::new(false) }
    }

    /// Where the stack is now, about: wherever a variable of this function would lie.
    #[inline(never)]
    fn address() -> usize {
        let here = 0_u8;
        std::ptr::from_ref(std::hint::black_box(&here)).addr()
    }

    /// Whether there is room for more, now.
    fn has_room(&self) -> bool {
        let has_room = self.start.abs_diff(Self::address()) < self.room;
        if !has_room {
            self.is_used_up.set(true);
        }
        has_room
    }

    fn is_used_up(&self) -> bool {
        self.is_used_up.get()
    }
}

fn read_here(inputs: &Inputs<'_>, stack: &Stack) -> EnvScript {
    let files = Files::new(false);
    let answer = ways(inputs, &files, stack);
    let open = is_open(&answer.online) || answer.offline.as_ref().is_some_and(is_open);
    if files.has_passed_over() && open && !stack.is_used_up() {
        return ways(inputs, &Files::new(true), stack);
    }
    answer
}

/// Whether there is something that more reading may tell.
fn is_open(mode: &Mode) -> bool {
    let settings = &mode.settings;
    matches!(mode.url, UrlAnswer::Unknown(_))
        || matches!(settings.version_table, Setting::Unknown(_))
        || matches!(settings.version_table_schema, Setting::Unknown(_))
        || matches!(settings.version_table_pk, Setting::Unknown(_))
        || matches!(settings.transaction_per_migration, Setting::Unknown(_))
        || matches!(settings.transactional_ddl, Setting::Unknown(_))
}

/// The way through env.py that connects, and the one of `--sql` where it may matter.
fn ways(inputs: &Inputs<'_>, files: &Files, stack: &Stack) -> EnvScript {
    let mut answer = pass(inputs, files, stack, false);
    if inputs.offline || matches!(answer.online.url, UrlAnswer::Unknown(_)) {
        answer.offline = Some(pass(inputs, files, stack, true).online);
    }
    answer.modules = files.paths();
    answer
}

/// One way, whichever it is, as the answer's `online`.
fn pass(inputs: &Inputs<'_>, files: &Files, stack: &Stack, offline: bool) -> EnvScript {
    let mut machine = Machine::new(inputs, files, stack, offline);
    let failure = machine.run_script();
    EnvScript {
        online: combine::mode(&machine, failure),
        offline: None,
        x_names: machine.x_names,
        calls_file_config: machine.calls_file_config,
        unset: machine.unset,
        env_files: machine.env_files,
        modules: Vec::new(),
    }
}

impl<'a> Machine<'a> {
    fn new(inputs: &'a Inputs<'a>, files: &'a Files, stack: &'a Stack, offline: bool) -> Self {
        let cwd = inputs.config.cwd();
        let mut roots = inputs.roots.to_vec();
        // Where a project that is installed in place has its packages.
        roots.extend([cwd.to_owned(), cwd.join("src")]);
        Self {
            inputs,
            files,
            stack,
            offline,
            roots,
            modules: HashMap::new(),
            named: HashMap::new(),
            variables: BTreeMap::new(),
            environment_changes: 1,
            environment_doubt: None,
            environment_replaced: None,
            env_files: Vec::new(),
            unset: Vec::new(),
            options: BTreeMap::new(),
            patched: Vec::new(),
            config_doubt: None,
            attributes: Rc::new(Dict {
                items: Vec::new().into(),
                open: None.into(),
                is_x: false,
                is_field: false,
                environment: 0.into(),
                level: 0,
            }),
            configured: Vec::new(),
            x_names: Vec::new(),
            calls_file_config: false,
            schema_doubt: None,
            connect_doubt: None,
            in_event: false,
            conditions: Vec::new(),
            unknown_loops: 0,
            jumps: Vec::new(),
            tries: 0,
            maybe_returns: Vec::new(),
            foreign_calls: 0,
            missing: None,
            doubts: Cell::new(0),
            steps: 0,
            depth: 0,
            last: Place { file: combine::shown(cwd, inputs.script), line: 1 },
            class_fields: Vec::new(),
        }
    }

    /// One step further; false when a limit is reached.
    pub(super) fn step(&mut self) -> bool {
        self.steps += 1;
        self.steps < MAX_STEPS && self.depth < MAX_DEPTH && self.stack.has_room()
    }

    pub(super) fn level(&self) -> usize {
        self.conditions.len()
    }

    pub(super) fn shown(&self, path: &Path) -> PathBuf {
        combine::shown(self.inputs.config.cwd(), path)
    }

    pub(super) fn place(&self, scope: &Scope, range: &TextRange) -> Place {
        Place { file: scope.module.shown.clone(), line: scope.module.file.line_of(range.start) }
    }

    pub(super) fn doubt(
        &self,
        scope: &Scope,
        range: &TextRange,
        reason: impl Into<String>,
    ) -> Rc<Doubt> {
        self.doubts.set(self.doubts.get() + 1);
        self.doubt_quietly(scope, range, reason)
    }

    /// A doubt that says nothing of exceptions.
    pub(super) fn doubt_quietly(
        &self,
        scope: &Scope,
        range: &TextRange,
        reason: impl Into<String>,
    ) -> Rc<Doubt> {
        Rc::new(Doubt { place: self.place(scope, range), reason: reason.into() })
    }

    pub(super) fn unknown(
        &self,
        scope: &Scope,
        range: &TextRange,
        reason: impl Into<String>,
    ) -> Value {
        Value::Unknown(self.doubt(scope, range, reason))
    }

    pub(super) fn literal(&self, scope: &Scope, range: &TextRange, text: &str) -> Value {
        let place = self.place(scope, range);
        Value::text(text, Trail::of(super::Origin::Literal(place)))
    }

    pub(super) fn list(&self, items: Vec<Value>) -> Value {
        Value::List(Rc::new(List { items: items.into(), level: self.level() }))
    }

    pub(super) fn dict(&self, items: Vec<(Rc<str>, Value)>) -> Value {
        Value::Dict(self.new_dict(items, None))
    }

    pub(super) fn new_dict(
        &self,
        items: Vec<(Rc<str>, Value)>,
        open: Option<Rc<Doubt>>,
    ) -> Rc<Dict> {
        Rc::new(Dict {
            items: items.into(),
            open: open.into(),
            is_x: false,
            is_field: false,
            environment: 0.into(),
            level: self.level(),
        })
    }

    pub(super) fn object(&self, tag: &'static str) -> Rc<Object> {
        Rc::new(Object {
            class: None,
            tag,
            attributes: std::cell::RefCell::default(),
            open: None.into(),
            level: self.level(),
        })
    }

    /// The unknown condition under which something that was made at `level` is changed now.
    pub(super) fn condition_beyond(&self, level: usize) -> Option<Rc<Doubt>> {
        self.conditions.get(level).cloned()
    }

    /// What a place holds after it was given a value: unknown when that may not have happened.
    pub(super) fn changed(&self, level: usize, old: Option<&Value>, new: Value) -> Value {
        match self.condition_beyond(level) {
            Some(_) if old.is_some_and(|old| old.same(&new)) => new,
            Some(condition) => Value::Unknown(condition),
            None => new,
        }
    }

    pub(super) fn bind(&mut self, scope: &Rc<Scope>, name: &str, value: Value) {
        if let Some(home) = scope.nonlocal_home(name) {
            return self.bind(&home, name, value);
        }
        // The names of a module are as old as the module, whichever function sets them.
        let global = scope.globals.borrow().iter().any(|global| &**global == name);
        let level = if global { 0 } else { scope.level };
        let old = scope.own(name);
        let value = self.changed(level, old.as_ref(), value);
        scope.set(name, value);
    }

    /// Runs with one more unknown condition around.
    pub(super) fn under<T>(&mut self, condition: Rc<Doubt>, run: impl FnOnce(&mut Self) -> T) -> T {
        let level = self.conditions.len();
        self.conditions.push(condition);
        let result = run(self);
        // What follows a return that may have happened stays conditional until its function ends.
        if self.conditions.len() > level {
            self.conditions.remove(level);
        }
        result
    }

    /// Runs one level deeper.
    pub(super) fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    pub(super) fn raise(
        &self,
        scope: &Scope,
        range: &TextRange,
        kind: &str,
        reason: impl Into<String>,
    ) -> Raised {
        Raised { kind: kind.into(), doubt: self.doubt(scope, range, reason) }
    }
}
