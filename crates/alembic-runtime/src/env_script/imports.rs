//! Modules of the project, run as Python runs them: once, from the top.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    path::{Path, PathBuf},
    rc::Rc,
};

use python_static::{
    TextRange,
    program::is_standard,
    tree::{Action, Statement},
};

use super::{
    Doubt, Place,
    machine::{Eval, Machine, Raised},
    value::{Module, Scope, Value},
};

/// Modules that one reading may run.
const MAX_MODULES: usize = 600;

/// Where Alembic is, these are.
const COME_WITH_ALEMBIC: [&str; 5] =
    ["alembic", "sqlalchemy", "mako", "markupsafe", "typing_extensions"];

type Names = [(Box<str>, Option<Box<str>>)];

impl Machine<'_> {
    /// Runs env.py; returns what ended it early.
    pub(super) fn run_script(&mut self) -> Option<Raised> {
        let path = self.inputs.script.to_owned();
        let module = self.load(&path, None, true);
        module.broken.borrow().clone()
    }

    /// Reads and runs a file.
    fn load(&mut self, path: &Path, package: Option<PathBuf>, is_script: bool) -> Rc<Module> {
        let file = self.files.read(path);
        let is_package = path.ends_with("__init__.py");
        let module = Rc::new(Module {
            path: path.to_owned(),
            shown: self.shown(path),
            folder: path.parent().filter(|_| is_package).map(Path::to_owned),
            package,
            file: Rc::clone(&file),
            variables: RefCell::new(HashMap::new()),
            broken: RefCell::new(None),
            is_script,
            running: Cell::new(true),
        });
        self.modules.insert(path.to_owned(), Rc::clone(&module));
        match &file.parsed {
            Ok(tree) => {
                let scope = Scope::of_module(&module, self.level());
                if let Err(raised) = self.block(&scope, tree) {
                    *module.broken.borrow_mut() = Some(raised);
                }
            }
            Err((line, reason)) => {
                let place = Place { file: module.shown.clone(), line: *line };
                let reason = reason.clone();
                let doubt = Rc::new(Doubt { place, reason });
                *module.broken.borrow_mut() = Some(Raised { kind: "SyntaxError".into(), doubt });
            }
        }
        module.running.set(false);
        module
    }

    pub(super) fn import(
        &mut self,
        scope: &Rc<Scope>,
        names: &Names,
        range: &TextRange,
    ) -> Eval<()> {
        for (name, alias) in names {
            let value = self.module_named(scope, range, name)?;
            let (bound, value) = match alias {
                Some(alias) => (&**alias, value),
                None => {
                    let first = name.split('.').next().unwrap_or_default();
                    (
                        first,
                        if first == &**name {
                            value
                        } else {
                            self.module_named(scope, range, first)?
                        },
                    )
                }
            };
            self.bind(scope, bound, value);
        }
        Ok(())
    }

    pub(super) fn import_from(
        &mut self,
        scope: &Rc<Scope>,
        (level, module): (usize, &str),
        names: &Names,
        range: &TextRange,
    ) -> Eval<()> {
        if level == 0 && module == "__future__" {
            return Ok(());
        }
        let found = if level == 0 {
            self.module_named(scope, range, module)?
        } else {
            self.relative(scope, range, level, module)?
        };
        for (name, alias) in names {
            if &**name == "*" {
                self.import_all(scope, range, &found);
                continue;
            }
            let value = self.attribute(scope, range, &found, name)?;
            self.bind(scope, alias.as_ref().unwrap_or(name), value);
        }
        Ok(())
    }

    /// The module outside the project that a statement imports, and that may not be there.
    pub(super) fn uncertain_import(&self, statement: &Statement) -> Option<String> {
        let names: Vec<&str> = match &statement.action {
            Action::Import(names) => names.iter().map(|(name, _)| &**name).collect(),
            Action::ImportFrom { level: 0, module, .. } => vec![module],
            _ => return None,
        };
        let first = names.into_iter().map(|name| name.split('.').next().unwrap_or_default());
        let mut uncertain = first.filter(|first| {
            let is_projects =
                || self.roots.iter().any(|root| self.files.module_at(&root.join(first)).is_some());
            let is_there = is_standard(first)
                || COME_WITH_ALEMBIC.contains(first)
                || (!is_known_library(first) && is_projects())
                || self.is_installed(first);
            !is_there
        });
        uncertain.next().map(str::to_owned)
    }

    /// Whether the module lies in the virtual environment that is active, or in the project's own.
    fn is_installed(&self, module: &str) -> bool {
        let cwd = self.inputs.config.cwd();
        let active = (self.inputs.environment)("VIRTUAL_ENV").map(PathBuf::from);
        let own = [".venv", "venv"].map(|name| cwd.join(name));
        active.into_iter().chain(own).any(|folder| {
            let versions = fs_err::read_dir(folder.join("lib")).into_iter().flatten().flatten();
            let found = versions.map(|version| version.path().join("site-packages"));
            let windows = std::iter::once(folder.join("Lib").join("site-packages"));
            found.chain(windows).any(|packages| {
                packages.join(module).is_dir() || packages.join(format!("{module}.py")).is_file()
            })
        })
    }

    fn import_all(&mut self, scope: &Rc<Scope>, range: &TextRange, module: &Value) {
        let module = match module {
            Value::Module(module) => module,
            Value::External(path) => {
                for name in starred(path) {
                    let value = self.library_attribute(scope, range, path, name);
                    self.bind(scope, name, value);
                }
                return;
            }
            _ => return,
        };
        let listed = module.variables.borrow().get("__all__").and_then(|list| self.items_of(list));
        let listed = listed.map(|names| {
            names.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        });
        let mut found: Vec<_> = module
            .variables
            .borrow()
            .iter()
            .filter(|(name, _)| match &listed {
                Some(listed) => listed.iter().any(|listed| **listed == ***name),
                None => !name.starts_with('_'),
            })
            .map(|(name, value)| (Rc::clone(name), value.clone()))
            .collect();
        found.sort_by(|(left, _), (right, _)| left.cmp(right));
        for (name, value) in found {
            self.bind(scope, &name, value);
        }
    }

    /// The module of an absolute name; what lies outside the project is known by its name alone.
    pub(super) fn module_named(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        name: &str,
    ) -> Eval {
        let first = name.split('.').next().unwrap_or_default();
        if is_known_library(first) {
            return Ok(Value::external(name));
        }
        // Every module of a project asks for the same few.
        if let Some((roots, found)) = self.named.get(name)
            && *roots == self.roots.len()
        {
            return Ok(found.clone());
        }
        let has_it = |root: &&PathBuf| self.files.module_at(&root.join(first)).is_some();
        let found = match self.roots.iter().find(has_it).cloned() {
            Some(root) => self.descend(scope, range, &root, name)?,
            None => Value::external(name),
        };
        if !matches!(found, Value::Unknown(_)) {
            self.named.insert(name.into(), (self.roots.len(), found.clone()));
        }
        Ok(found)
    }

    fn relative(&mut self, scope: &Rc<Scope>, range: &TextRange, level: usize, name: &str) -> Eval {
        let Some(mut folder) = scope.module.package.clone() else {
            let reason = "attempted relative import with no known parent package";
            return Err(self.raise(scope, range, "ImportError", reason));
        };
        for _ in 1..level {
            folder.pop();
        }
        if name.is_empty() {
            return self.at(scope, range, &folder, ".");
        }
        self.descend(scope, range, &folder, name)
    }

    /// Imports the packages on the way, then the module.
    fn descend(&mut self, scope: &Rc<Scope>, range: &TextRange, root: &Path, name: &str) -> Eval {
        let mut path = root.to_owned();
        let mut value = Value::None;
        for part in name.split('.') {
            path.push(part);
            value = self.at(scope, range, &path, name)?;
        }
        Ok(value)
    }

    /// The module whose path without its suffix this is.
    fn at(&mut self, scope: &Rc<Scope>, range: &TextRange, path: &Path, name: &str) -> Eval {
        let Some(file) = self.files.module_at(path) else {
            let reason = format!("`{name}` is not in the project");
            return Err(self.raise(scope, range, "ModuleNotFoundError", reason));
        };
        if let Some(module) = self.modules.get(&file) {
            return Ok(Value::Module(Rc::clone(module)));
        }
        if self.modules.len() >= MAX_MODULES {
            return Ok(self.unknown(
                scope,
                range,
                "too many modules are imported to follow them all",
            ));
        }
        let package = if file.ends_with("__init__.py") {
            Some(path.to_owned())
        } else {
            path.parent().map(Path::to_owned)
        };
        let module = self.deeper(|machine| machine.load(&file, package, false));
        // An exception in a module is one of the import; it is followed only where the import expects it.
        match &*module.broken.borrow() {
            Some(raised) if self.tries > 0 => Err(raised.clone()),
            _ => Ok(Value::Module(Rc::clone(&module))),
        }
    }

    /// `module.name`
    pub(super) fn module_attribute(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        module: &Rc<Module>,
        name: &str,
    ) -> Eval {
        let found = module.variables.borrow().get(name).cloned();
        if let Some(value) = found {
            return Ok(value);
        }
        if let Some(folder) = &module.folder
            && self.files.module_at(&folder.join(name)).is_some()
        {
            return self.at(scope, range, &folder.join(name), name);
        }
        if name == "__file__" {
            let path = module.path.to_string_lossy().into_owned();
            return Ok(Value::text(path, super::value::Trail::default()));
        }
        let raised = module.broken.borrow().clone();
        if let Some(raised) = raised {
            return Ok(Value::Unknown(raised.doubt));
        }
        let file = &module.shown;
        Ok(if module.running.get() {
            let reason = format!(
                "`{}` is still being imported here: the modules import each other",
                file.display()
            );
            self.unknown(scope, range, reason)
        } else {
            self.unknown(
                scope,
                range,
                format!("`{}` does not bind `{name}` by code that can be followed", file.display()),
            )
        })
    }
}

/// Libraries whose meaning is known here, even when a folder of the project has their name: env.py lies in a folder
/// that is mostly called `alembic`.
fn is_known_library(name: &str) -> bool {
    matches!(
        name,
        "alembic"
            | "sqlalchemy"
            | "os"
            | "sys"
            | "logging"
            | "pathlib"
            | "dotenv"
            | "pydantic"
            | "asyncio"
    )
}

/// What `from module import *` binds of a library, as far as it means something here.
fn starred(path: &str) -> &'static [&'static str] {
    match path {
        "pydantic_settings" => &["BaseSettings", "SettingsConfigDict"],
        "pydantic" => &[
            "BaseModel",
            "Field",
            "SecretStr",
            "PostgresDsn",
            "MySQLDsn",
            "AnyUrl",
            "ConfigDict",
            "AliasChoices",
            "PrivateAttr",
            "computed_field",
            "field_validator",
            "model_validator",
            "validator",
            "root_validator",
        ],
        "sqlalchemy" => {
            &["MetaData", "URL", "create_engine", "engine_from_config", "make_url", "text"]
        }
        "sqlalchemy.orm" => &["DeclarativeBase", "declarative_base"],
        "dotenv" => &["load_dotenv", "find_dotenv", "dotenv_values"],
        "os" => &["environ", "getenv", "path"],
        "os.path" => &["abspath", "basename", "dirname", "exists", "isfile", "join"],
        "pathlib" => &["Path"],
        "typing" => &["Any", "Optional", "Union"],
        "urllib.parse" => &["quote", "quote_plus", "unquote"],
        _ => &[],
    }
}
