//! Folders with interpreters that are none: discovery looks at files alone.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

use alembic_runtime::python::{Discovery, Inputs, NamedPython, discover};
use tempfile::TempDir;

/// What a real interpreter begins with.
const PROGRAM: &[u8] = b"\x7fELF and more";

/// A home with a project in `home/dev/shop`, a system Python without Alembic, and an environment of variables.
pub(crate) struct Tree {
    folder: TempDir,
    variables: BTreeMap<String, OsString>,
    python: Option<OsString>,
    configured: Option<NamedPython>,
}

impl Tree {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let mut tree = Self { folder, variables: BTreeMap::new(), python: None, configured: None };
        tree.dir("home/dev/shop/.git");
        tree.program("usr/bin/python3.11");
        tree.file("usr/lib/python3.11/os.py", "");
        tree.set("PATH", tree.path("usr/bin"));
        tree.set("HOME", tree.path("home"));
        tree
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        // Links on the way (macOS's /var) would show in what is compared.
        fs_err::canonicalize(self.folder.path()).unwrap().join(path)
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.path("home/dev/shop")
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.insert(name.to_owned(), value.into());
    }

    pub(crate) fn name_python(&mut self, value: impl Into<OsString>) {
        self.python = Some(value.into());
    }

    pub(crate) fn configure(&mut self, value: &str, file: &str) {
        let file = self.path(file);
        self.configured = Some(NamedPython { value: value.into(), file });
    }

    pub(crate) fn dir(&self, path: &str) {
        fs_err::create_dir_all(self.path(path)).unwrap();
    }

    pub(crate) fn file(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    /// An executable that looks like one.
    pub(crate) fn program(&self, path: &str) {
        self.script(path, PROGRAM);
    }

    pub(crate) fn script(&self, path: &str, text: impl AsRef<[u8]>) {
        self.file(path, text);
        executable(&self.path(path));
    }

    /// An environment made with the system's Python, without Alembic.
    pub(crate) fn venv(&self, path: &str) {
        self.program(&format!("{path}/bin/python"));
        let home = self.path("usr/bin");
        let text = format!("home = {}\nversion = 3.11.7\n", home.display());
        self.file(&format!("{path}/pyvenv.cfg"), text);
        self.dir(&format!("{path}/lib/python3.11/site-packages"));
    }

    /// An environment with Alembic.
    pub(crate) fn venv_with_alembic(&self, path: &str) {
        self.venv(path);
        self.alembic(&format!("{path}/lib/python3.11/site-packages"), "1.20.1");
    }

    /// Alembic in a site-packages folder.
    pub(crate) fn alembic(&self, site: &str, version: &str) {
        self.file(&format!("{site}/alembic/__init__.py"), "");
        let text =
            format!("Metadata-Version: 2.4\nName: alembic\nVersion: {version}\n\nVersion: 0\n");
        self.file(&format!("{site}/alembic-{version}.dist-info/METADATA"), text);
    }

    pub(crate) fn discover(&self) -> Discovery {
        self.discover_in("home/dev/shop")
    }

    /// Discovers for a configuration in `folder`, from there.
    pub(crate) fn discover_in(&self, folder: &str) -> Discovery {
        let lookup = |name: &str| self.variables.get(name).cloned();
        discover(&Inputs {
            python: self.python.clone(),
            configured: self.configured.clone(),
            folder: self.path(folder),
            cwd: self.path(folder),
            lookup: &lookup,
        })
    }

    /// What was looked at, a line each, the tree's own folder left out.
    pub(crate) fn told(&self) -> String {
        self.tell(&self.discover())
    }

    pub(crate) fn tell(&self, discovery: &Discovery) -> String {
        let lines = discovery.candidates.iter().map(|candidate| {
            let verdict = if candidate.refusal().is_none() { ": taken" } else { "" };
            format!("{candidate}{verdict}\n")
        });
        lines
            .collect::<String>()
            .replace(&format!("{}/", self.path("").display()), "")
            .replace(&self.path("").display().to_string(), "")
    }
}

#[cfg(unix)]
fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let permissions = std::fs::Permissions::from_mode(0o755);
    fs_err::set_permissions(path, permissions).unwrap();
}

#[cfg(not(unix))]
fn executable(_path: &Path) {}
