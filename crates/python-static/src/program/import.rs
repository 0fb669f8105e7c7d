//! Imports, in the order in which Python executes modules.

use std::cell::{OnceCell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustpython_parser::ast;

use super::exec::Flow;
use super::value::{Cause, File, Module, Place, Scope, ScopeKind, TermKind, Value};
use super::{Eval, Machine, Stop};
use crate::source::SourceFile;
use crate::statements;

/// Modules larger than this are not read.
const MAX_SIZE: u64 = 4 << 20;
/// How many modules a program may have.
const MAX_MODULES: usize = 4000;

impl Machine {
    /// Executes a file under a name of its own, as Alembic executes env.py.
    ///
    /// # Errors
    /// What stops it, and `None` when it cannot be read.
    pub fn run_file(&mut self, name: &str, path: &Path) -> Option<Eval<Rc<Module>>> {
        let file = self.read_file(path)?;
        let module = self.new_module(name, Some(file), Vec::new());
        let result = self.run_module(&module);
        Some(result.map(|()| module))
    }

    /// Imports a module by its absolute name.
    ///
    /// # Errors
    /// What stops it.
    pub fn import(&mut self, name: &str, place: Place) -> Eval {
        if super::stdlib::is_symbolic(name) {
            return Ok(self.term(TermKind::Name(name.into()), place));
        }
        let mut at = String::new();
        let mut module: Option<Rc<Module>> = None;
        for part in name.split('.') {
            let parent = module.clone();
            if !at.is_empty() {
                at.push('.');
            }
            at.push_str(part);
            let found = match self.modules.get(&at) {
                Some(found) => Rc::clone(found),
                None => match self.load(&at, part, parent.as_deref())? {
                    Some(found) => found,
                    None if parent.is_none() => {
                        return Ok(self.unknown(
                            format!("the library `{part}` is not here to be read"),
                            place,
                        ));
                    }
                    None => return Err(Stop::Raise("ModuleNotFoundError".into(), place)),
                },
            };
            if let Some(parent) = parent
                && let Some(scope) = parent.scope.borrow().as_ref()
            {
                scope.set(part, Value::Module(Rc::clone(&found)));
            }
            module = Some(found);
        }
        Ok(module.map_or(Value::None, Value::Module))
    }

    fn load(
        &mut self,
        full: &str,
        part: &str,
        parent: Option<&Module>,
    ) -> Eval<Option<Rc<Module>>> {
        let folders = parent.map_or_else(|| self.roots.clone(), |parent| parent.folders.clone());
        let mut namespace = Vec::new();
        for folder in folders {
            let package = folder.join(part);
            if let Some(file) = self.read_file(&package.join("__init__.py")) {
                let module = self.new_module(full, Some(file), vec![package]);
                return self.start(full, module).map(Some);
            }
            if let Some(file) = self.read_file(&folder.join(format!("{part}.py"))) {
                let module = self.new_module(full, Some(file), Vec::new());
                return self.start(full, module).map(Some);
            }
            if package.is_dir() {
                namespace.push(package);
            }
        }
        if namespace.is_empty() || self.modules.len() > MAX_MODULES {
            return Ok(None);
        }
        let module = self.new_module(full, None, namespace);
        self.modules.insert(full.to_owned(), Rc::clone(&module));
        Ok(Some(module))
    }

    fn start(&mut self, full: &str, module: Rc<Module>) -> Eval<Rc<Module>> {
        self.modules.insert(full.to_owned(), Rc::clone(&module));
        match self.run_module(&module) {
            Ok(()) => Ok(module),
            Err(Stop::Raise(name, place)) => {
                // Python would stop; the reader goes on with what the module has bound so far.
                let cause = Rc::new(Cause {
                    reason: format!("`{name}` is raised while `{full}` is imported"),
                    place,
                });
                *module.broken.borrow_mut() = Some(Rc::clone(&cause));
                self.lost_import(&cause, place);
                Ok(module)
            }
            Err(stop) => Err(stop),
        }
    }

    pub(super) fn new_module(
        &mut self,
        name: &str,
        file: Option<Rc<File>>,
        folders: Vec<PathBuf>,
    ) -> Rc<Module> {
        let module = Rc::new(Module {
            name: name.into(),
            path: file.as_ref().map(|file| file.path.clone()),
            folders,
            scope: RefCell::default(),
            file,
            broken: RefCell::default(),
        });
        let scope = Scope::new(ScopeKind::Module, &module, None);
        scope.set("__name__", Value::str(name));
        scope.set("__doc__", Value::None);
        if let Some(path) = &module.path {
            scope.set("__file__", Value::str(path.to_string_lossy()));
        }
        if module.folders.is_empty() {
            scope.set(
                "__package__",
                Value::str(name.rsplit_once('.').map_or("", |(package, _)| package)),
            );
        } else {
            let folders =
                module.folders.iter().map(|folder| Value::str(folder.to_string_lossy())).collect();
            scope.set("__path__", Value::list(folders));
            scope.set("__package__", Value::str(name));
        }
        *module.scope.borrow_mut() = Some(scope);
        module
    }

    fn read_file(&mut self, path: &Path) -> Option<Rc<File>> {
        let metadata = fs_err::metadata(path).ok()?;
        if !metadata.is_file() || metadata.len() > MAX_SIZE {
            return None;
        }
        let source =
            SourceFile::decode(path.to_string_lossy().as_ref(), fs_err::read(path).ok()?).ok()?;
        let (statements, refused) = match statements::cut(source.text()) {
            Ok(statements) => (statements, None),
            Err(error) => (Vec::new(), Some((error.message.clone(), error.range.start))),
        };
        let mut files = self.files.borrow_mut();
        let parsed = statements.iter().map(|_| OnceCell::new()).collect();
        let file = Rc::new(File {
            number: files.len(),
            path: path.to_owned(),
            source,
            statements,
            refused,
            parsed,
        });
        files.push(Rc::clone(&file));
        Some(file)
    }

    fn run_module(&mut self, module: &Rc<Module>) -> Eval<()> {
        let (Some(file), Some(scope)) = (module.file.clone(), module.scope.borrow().clone()) else {
            return Ok(());
        };
        if let Some((reason, at)) = &file.refused {
            let place = Place { file: file.number, offset: u32::try_from(*at).unwrap_or(0) };
            let cause = Rc::new(Cause { reason: reason.clone(), place });
            *module.broken.borrow_mut() = Some(Rc::clone(&cause));
            self.lost_import(&cause, place);
        }
        for index in 0..file.statements.len() {
            scope.top.set(index);
            let place = Place {
                file: file.number,
                offset: u32::try_from(file.statements[index].range.start).unwrap_or(0),
            };
            match file.parsed(index) {
                Ok(parsed) => match self.statement(&scope, parsed) {
                    Ok(Flow::Next) => {}
                    Ok(_) => return Ok(()),
                    // One statement that cannot be followed spoils what it would have bound.
                    Err(Stop::Raise(name, at)) => {
                        if matches!(
                            parsed,
                            [ast::Stmt::Raise(_) | ast::Stmt::Import(_) | ast::Stmt::ImportFrom(_)]
                        ) {
                            return Err(Stop::Raise(name, at));
                        }
                        let cause = Rc::new(Cause {
                            reason: format!("`{name}` seems to be raised here"),
                            place: at,
                        });
                        self.skip(&scope, &cause, place, &[parsed])?;
                    }
                    // The next statement may be easier to follow.
                    Err(Stop::Limit(cause)) => {
                        self.skip(&scope, &cause, place, &[parsed])?;
                    }
                },
                Err(failure) => {
                    let cause = Rc::new(Cause { reason: failure.reason.clone(), place });
                    let code = &file.source.text()[file.statements[index].range.clone()];
                    let mut skipped = super::Skipped::default();
                    if let Some(name) = crate::evaluate::defined_name(code) {
                        scope.set(name, Value::Unknown(Rc::clone(&cause)));
                        if code.contains("class ") {
                            skipped.classes.push(name.to_owned());
                        }
                    } else {
                        skipped.calls = true;
                        for word in crate::identifiers::identifiers(code).collect::<Vec<_>>() {
                            if scope.get(word).is_none() {
                                scope.set(word, Value::Unknown(Rc::clone(&cause)));
                            }
                        }
                    }
                    let host = Rc::clone(&self.host);
                    host.skipped(self, &cause, place, &skipped);
                }
            }
        }
        Ok(())
    }

    /// One statement of a module, within steps of its own unless it imports.
    fn statement(&mut self, scope: &Rc<Scope>, parsed: &[ast::Stmt]) -> Eval<Flow> {
        if matches!(parsed, [ast::Stmt::Import(_) | ast::Stmt::ImportFrom(_)]) {
            return self.block(scope, parsed);
        }
        let before = self.fuel;
        let given = before.min(super::STATEMENT_FUEL);
        self.fuel = given;
        let result = self.block(scope, parsed);
        self.fuel = before - (given - self.fuel);
        result
    }

    pub(super) fn exec_import(&mut self, scope: &Rc<Scope>, import: &ast::StmtImport) -> Eval<()> {
        for alias in &import.names {
            let place = self.at(scope, alias);
            let found = match self.import(&alias.name, place) {
                Err(Stop::Raise(name, at)) if self.trying == 0 => {
                    let cause = Rc::new(Cause {
                        reason: format!("`{name}` is raised while `{}` is imported", alias.name),
                        place: at,
                    });
                    self.lost_import(&cause, place);
                    Value::Unknown(cause)
                }
                other => other?,
            };
            if let Some(name) = &alias.asname {
                scope.set(name, found);
            } else {
                let first = alias.name.split('.').next().unwrap_or_default();
                let top = match self.modules.get(first) {
                    Some(module) => Value::Module(Rc::clone(module)),
                    None if super::stdlib::is_symbolic(first) => {
                        self.term(TermKind::Name(first.into()), place)
                    }
                    None => found,
                };
                scope.set(first, top);
            }
        }
        Ok(())
    }

    /// A module was not executed, or not to its end.
    fn lost_import(&mut self, cause: &Rc<Cause>, place: Place) {
        let host = Rc::clone(&self.host);
        let lost = super::Skipped { imports: true, ..Default::default() };
        host.skipped(self, cause, place, &lost);
    }

    pub(super) fn exec_import_from(
        &mut self,
        scope: &Rc<Scope>,
        import: &ast::StmtImportFrom,
    ) -> Eval<()> {
        let place = self.at(scope, import);
        let level = import.level.as_ref().map_or(0, ast::Int::to_usize);
        let name = import.module.as_deref().unwrap_or_default();
        if level == 0 && name == "__future__" {
            return Ok(());
        }
        let full = if level == 0 {
            name.to_owned()
        } else {
            match absolute(&scope.module, level, name) {
                Some(full) => full,
                None => return Err(Stop::Raise("ImportError".into(), place)),
            }
        };
        let module = match self.import(&full, place) {
            // A program that works imports what is there: what is not, is not known.
            Err(Stop::Raise(name, at)) if self.trying == 0 => {
                let cause = Rc::new(Cause {
                    reason: format!("`{name}` is raised while `{full}` is imported"),
                    place: at,
                });
                self.lost_import(&cause, place);
                Value::Unknown(cause)
            }
            other => other?,
        };
        for alias in &import.names {
            let at = self.at(scope, alias);
            if &*alias.name == "*" {
                self.import_star(scope, &module, at);
                continue;
            }
            let value = match &module {
                Value::Module(module) => match self.module_attribute(module, &alias.name, at) {
                    Err(Stop::Raise(..)) if self.trying > 0 => {
                        return Err(Stop::Raise("ImportError".into(), at));
                    }
                    Err(Stop::Raise(..)) => self.unknown(
                        format!("what `{}` binds to `{}` is not known", full, alias.name),
                        at,
                    ),
                    other => other?,
                },
                other => self.attribute(&other.clone(), &alias.name, at)?,
            };
            self.set_name(scope, alias.asname.as_ref().unwrap_or(&alias.name), value);
        }
        Ok(())
    }

    fn import_star(&mut self, scope: &Rc<Scope>, module: &Value, place: Place) {
        match module {
            Value::Module(module) => {
                let Some(from) = module.scope.borrow().clone() else { return };
                let listed = from.get("__all__").and_then(|all| all.items());
                let names: Vec<Rc<str>> = match listed {
                    Some(listed) => listed
                        .iter()
                        .filter_map(|name| match name {
                            Value::Str(name) => Some(Rc::clone(name)),
                            _ => None,
                        })
                        .collect(),
                    None => from
                        .names
                        .borrow()
                        .keys()
                        .filter(|name| !name.starts_with('_'))
                        .cloned()
                        .collect(),
                };
                for name in names {
                    if let Ok(value) = self.module_attribute(module, &name, place) {
                        scope.set(&name, value);
                    }
                }
            }
            Value::Term(_) => {
                let name = module.name().unwrap_or_else(|| "".into());
                for known in super::builtins::star_names(&name) {
                    let value = self.term(TermKind::Name(format!("{name}.{known}").into()), place);
                    scope.set(known, value);
                }
            }
            _ => {}
        }
    }

    pub(super) fn module_attribute(
        &mut self,
        module: &Rc<Module>,
        name: &str,
        place: Place,
    ) -> Eval {
        let found = module.scope.borrow().as_ref().and_then(|scope| scope.get(name));
        if let Some(value) = found {
            return Ok(value);
        }
        if !module.folders.is_empty() {
            match self.import(&format!("{}.{name}", module.name), place) {
                Err(Stop::Raise(..)) => {}
                other => return other,
            }
        }
        if name == "__dict__"
            && let Some(scope) = module.scope.borrow().clone()
        {
            return Ok(Value::Namespace(scope));
        }
        let getter = module.scope.borrow().as_ref().and_then(|scope| scope.get("__getattr__"));
        if let Some(getter @ Value::Function(_)) = getter {
            return self.call(&getter, super::Arguments::of(vec![Value::str(name)]), place);
        }
        if let Some(cause) = module.broken.borrow().clone() {
            return Ok(Value::Unknown(cause));
        }
        Err(Stop::Raise("AttributeError".into(), place))
    }

    /// The submodules of folders: name, whether it is a package; in the order of `pkgutil`.
    pub(super) fn submodules(folders: &[PathBuf]) -> Vec<(String, bool, PathBuf)> {
        let mut found = Vec::new();
        for folder in folders {
            let Ok(entries) = fs_err::read_dir(folder) else { continue };
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if entry.path().join("__init__.py").is_file() {
                    found.push((name, true, entry.path()));
                } else if let Some(stem) = name.strip_suffix(".py")
                    && stem != "__init__"
                {
                    found.push((stem.to_owned(), false, entry.path()));
                }
            }
        }
        found.sort();
        found.dedup_by(|a, b| a.0 == b.0);
        found
    }
}

fn absolute(module: &Module, level: usize, name: &str) -> Option<String> {
    let mut parts: Vec<&str> = module.name.split('.').collect();
    let drop = if module.folders.is_empty() { level } else { level - 1 };
    if drop >= parts.len() {
        return None;
    }
    parts.truncate(parts.len() - drop);
    let mut full = parts.join(".");
    if !name.is_empty() {
        full.push('.');
        full.push_str(name);
    }
    Some(full)
}
