//! Imports: from modules of the project, of which only what is asked for is evaluated.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use rustpython_parser::ast;

use super::export;
use super::library;
use super::machine::{Eval, FileContext, Frame, Machine, Stop, place};
use super::object::Object;
use super::relevance;
use crate::project::ModuleFile;
use crate::source::TextRange;

/// Imports that lead through more modules than this are not followed.
const MAX_CHAIN: usize = 24;

impl Machine<'_> {
    pub(super) fn exec_import(&mut self, import: &ast::StmtImport) -> Eval<()> {
        for alias in &import.names {
            let range = place(alias);
            let value = if alias.asname.is_some() {
                self.module(&alias.name, range)
            } else {
                let first = alias.name.split('.').next().unwrap_or_default();
                self.module(first, range)
            };
            let value = self.imported(value)?;
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            self.bind(bound.split('.').next().unwrap_or_default(), value);
        }
        Ok(())
    }

    pub(super) fn exec_import_from(&mut self, import: &ast::StmtImportFrom) -> Eval<()> {
        let level = import.level.as_ref().map_or(0, ast::Int::to_usize);
        let module = import.module.as_deref().unwrap_or_default();
        if level == 0 && module == "__future__" {
            return Ok(());
        }
        let found = if level == 0 {
            self.module(module, place(import))
        } else {
            self.relative_module(level, module, place(import))
        };
        for alias in &import.names {
            if &*alias.name == "*" {
                self.import_star(found.as_ref().ok(), place(import))?;
                continue;
            }
            let value = match &found {
                Ok(module) => self.attribute(&module.clone(), &alias.name, place(alias)),
                Err(Stop::Unknown(cause)) => {
                    let reason = if level == 0 && self.is_outside(module) {
                        library::absence(&format!("{module}.{}", alias.name))
                    } else {
                        cause.reason.to_string()
                    };
                    Err(self.unknown(reason, place(alias)))
                }
                Err(Stop::Raise(raised)) => Err(Stop::Raise(raised.clone())),
                Err(Stop::Limit(cause)) => Err(Stop::Limit(Rc::clone(cause))),
            };
            let value = self.imported(value)?;
            self.bind(alias.asname.as_ref().unwrap_or(&alias.name), value);
        }
        Ok(())
    }

    /// An import that cannot be followed gives an unknown value.
    fn imported(&mut self, value: Eval) -> Eval {
        match value {
            Err(Stop::Unknown(cause)) => {
                self.doubts += 1;
                Ok(Object::Unknown(cause))
            }
            other => other,
        }
    }

    fn is_outside(&self, module: &str) -> bool {
        let first = module.split('.').next().unwrap_or_default();
        self.project.root_of(first).is_none()
    }

    /// The module of an absolute name.
    pub(super) fn module(&mut self, name: &str, range: TextRange) -> Eval {
        if library::is_module(name) {
            return Ok(Object::Library(name.into()));
        }
        let mut parts = name.split('.');
        let first = parts.next().unwrap_or_default();
        let Some(root) = self.project.root_of(first) else {
            return Err(self.unknown(library::absence(name), range));
        };
        let path = parts.fold(root.join(first), |path, part| path.join(part));
        match self.project.at(&path) {
            Some(file) => Ok(Object::Module(file)),
            None => Err(self.unknown(format!("`{name}` is not in the project"), range)),
        }
    }

    fn relative_module(&mut self, level: usize, name: &str, range: TextRange) -> Eval {
        let package = self.files[self.frame.file].package.clone();
        let Some(mut path) = package else {
            let message = "attempted relative import with no known parent package";
            return Err(self.raise("ImportError", message, range));
        };
        for _ in 1..level {
            path.pop();
        }
        path.extend(name.split('.').filter(|part| !part.is_empty()));
        match self.project.at(&path) {
            Some(file) => Ok(Object::Module(file)),
            None => Err(self.unknown(format!("`{name}` is not in the project"), range)),
        }
    }

    /// `from module import *`: brings the names that are asked for.
    fn import_star(&mut self, module: Option<&Object>, range: TextRange) -> Eval<()> {
        let needed = self.files[self.frame.file].needed.clone();
        match module {
            Some(Object::Module(file)) => {
                let listed = self.star_list(file, range.clone())?;
                for name in needed {
                    let exported = match &listed {
                        Some(listed) => listed.contains(&name),
                        None => !name.starts_with('_'),
                    };
                    if !exported {
                        continue;
                    }
                    let value = match self.module_lookup(file, &name, range.clone()) {
                        Ok(None) => continue,
                        Ok(Some(value)) => Ok(value),
                        Err(stop) => Err(stop),
                    };
                    let value = self.imported(value)?;
                    self.bind(&name, value);
                }
            }
            Some(_) => {}
            // Another package: names that the file binds itself are taken to stay its own.
            None => self.doubts += 1,
        }
        Ok(())
    }

    /// `__all__`, if the module has one that can be read.
    fn star_list(
        &mut self,
        file: &Arc<ModuleFile>,
        range: TextRange,
    ) -> Eval<Option<Vec<Arc<str>>>> {
        if !Self::binds(file, "__all__") {
            return Ok(None);
        }
        let list = self.module_attribute(file, "__all__", range.clone());
        let items = match list.and_then(|list| self.members_at(&list, range)) {
            Ok(items) => items,
            Err(stop @ Stop::Limit(_)) => return Err(stop),
            Err(_) => return Ok(None),
        };
        let names = items.iter().filter_map(|item| match item {
            Object::Str(name) => Some(Arc::clone(name)),
            _ => None,
        });
        Ok(Some(names.collect()))
    }

    fn binds(file: &ModuleFile, name: &str) -> bool {
        let bound = relevance::bound_somewhere(file.source.text(), &file.statements, name);
        bound || relevance::star_imports(file.source.text(), &file.statements)
    }

    /// `module.name`, for a module of the project.
    pub(super) fn module_attribute(
        &mut self,
        file: &Arc<ModuleFile>,
        name: &str,
        range: TextRange,
    ) -> Eval {
        match self.module_lookup(file, name, range.clone())? {
            Some(value) => Ok(value),
            None => self.special_name(file, name, range),
        }
    }

    /// The value of a name after its module has run, or a submodule; `None` when the module does not bind the name.
    fn module_lookup(
        &mut self,
        file: &Arc<ModuleFile>,
        name: &str,
        range: TextRange,
    ) -> Eval<Option<Object>> {
        if let Some(value) = file.constant(name) {
            return Ok(Some(export::from_value(&value)));
        }
        let key = (file.path.clone(), Arc::<str>::from(name));
        if let Some(known) = self.state.imported.get(&key) {
            return match known {
                Object::Unknown(cause) => Err(Stop::Unknown(Rc::clone(cause))),
                known => Ok(Some(known.clone())),
            };
        }
        if self.loading.contains(&key) || self.loading.len() >= MAX_CHAIN {
            return Err(self.unknown("the modules import each other in a circle", range));
        }
        let found = if Self::binds(file, name) {
            self.loading.push(key.clone());
            let result = self.deeper(|machine| machine.run_module(file, name));
            self.loading.pop();
            result?
        } else {
            None
        };
        let Some(value) = found.or_else(|| self.submodule(file, name)) else {
            return Ok(None);
        };
        if let Some(plain) = export::to_constant(&value) {
            file.remember(name, plain);
        }
        self.state.imported.insert(key, value.clone());
        match value {
            Object::Unknown(cause) => Err(Stop::Unknown(cause)),
            known => Ok(Some(known)),
        }
    }

    fn submodule(&self, file: &ModuleFile, name: &str) -> Option<Object> {
        let folder = file.path.parent().filter(|_| file.is_package())?;
        self.project.at(&folder.join(name)).map(Object::Module)
    }

    fn special_name(&self, file: &ModuleFile, name: &str, range: TextRange) -> Eval {
        if name == "__file__" {
            match file.path.to_str() {
                Some(path) => Ok(Object::str(path)),
                None => Err(self.unknown("the path is no text", range)),
            }
        } else {
            let module = file.path.display();
            Err(self.unknown(format!("`{module}` has no `{name}` that can be read"), range))
        }
    }

    /// Runs what a name of a module depends on; `None` when that does not bind it.
    fn run_module(&mut self, file: &Arc<ModuleFile>, name: &str) -> Eval<Option<Object>> {
        let plan = relevance::plan(file.source.text(), &file.statements, &[name]);
        let folder = file.path.parent().map(PathBuf::from);
        self.files.push(FileContext {
            path: file.path.clone(),
            name: module_name(file),
            package: folder,
            needed: plan.needed.iter().map(|name| Arc::from(name.as_str())).collect(),
        });
        let frame = Frame { scope: self.state.add_module_scope(), file: self.files.len() - 1 };
        let result = self.in_frame(frame, |machine| machine.run_statements(file, &plan.statements));
        match result {
            Ok(()) => {}
            Err(Stop::Raise(raised)) => {
                let reason = format!("`{}` raises `{}`", file.path.display(), raised.kind);
                return Ok(Some(Object::Unknown(self.cause(reason, 0..0))));
            }
            Err(stop) => return Err(stop),
        }
        Ok(self.state.scope(frame.scope).names.get(name).cloned())
    }

    fn run_statements(&mut self, file: &ModuleFile, statements: &[usize]) -> Eval<()> {
        for &index in statements {
            match file.parsed(index) {
                Ok(parsed) => {
                    self.block(parsed)?;
                }
                Err(failure) => {
                    let code = &file.source.text()[file.statements[index].range.clone()];
                    let failure = failure.clone();
                    self.refuse(code, &failure);
                }
            }
        }
        Ok(())
    }
}

/// `__name__` of a module of the project: the last part, which is all that can be said without its root.
fn module_name(file: &ModuleFile) -> Arc<str> {
    let stem = if file.is_package() { file.path.parent() } else { Some(file.path.as_path()) };
    let stem = stem.and_then(|path| path.file_stem());
    stem.map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default().into()
}
