//! Real repositories in temporary folders.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use alembic_core::config::{Config, ConfigOptions};
use alembic_core::lost::{self, Known, Lost, LostRevision, LostScript};
use alembic_core::script::ScriptDirectory;
use fs_err as fs;
use tempfile::TempDir;

/// A project in a repository of its own.
pub(crate) struct Clone {
    _folder: TempDir,
    pub(crate) top: PathBuf,
}

impl Clone {
    /// `alembic.ini`, `migrations/env.py`, an empty `migrations/versions`; committed.
    pub(crate) fn new() -> Self {
        Self::in_folder(OsStr::new("project"))
    }

    pub(crate) fn in_folder(name: &OsStr) -> Self {
        let project = Self::without_git(name);
        project.git(["init", "--quiet", "--initial-branch=main"]);
        project.commit("begin");
        project
    }

    pub(crate) fn without_git(name: &OsStr) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let top = fs::canonicalize(folder.path()).expect("it is there").join(name);
        fs::create_dir_all(top.join("migrations/versions")).expect("a new folder");
        let project = Self { _folder: folder, top };
        project.write("alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n");
        project.write("migrations/env.py", "");
        project.write("migrations/script.py.mako", "");
        project
    }

    /// Another folder beside the project.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.top.parent().expect("a folder in a folder").join(name)
    }

    pub(crate) fn write(&self, path: impl AsRef<Path>, text: &str) {
        let path = self.top.join(path);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn script(&self, name: &str, id: &str, down: &str) {
        self.write(Path::new("migrations/versions").join(name), &script(id, down));
    }

    pub(crate) fn git<const N: usize>(&self, arguments: [&str; N]) -> String {
        git_in(&self.top, &arguments)
    }

    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "--message", message]);
        self.git(["rev-parse", "HEAD"])
    }

    pub(crate) fn config(&self) -> Config {
        config_in(&self.top)
    }

    pub(crate) fn lost(&self, ids: &[&str]) -> Lost {
        lost_in(&self.top, ids)
    }

    /// The best script of one lost revision.
    pub(crate) fn best(&self, id: &str) -> LostScript {
        let mut lost = self.lost(&[id]);
        assert!(lost.horizon.failures.is_empty(), "{:?}", lost.horizon);
        let LostRevision { scripts, .. } = lost.revisions.remove(0);
        scripts.into_iter().next().unwrap_or_else(|| panic!("no script of {id}"))
    }

    /// Everything that must not change: files, index, references, stashes.
    pub(crate) fn state(&self) -> (BTreeMap<PathBuf, Vec<u8>>, String) {
        let mut files = BTreeMap::new();
        collect(&self.top, &mut files);
        let shown = [
            self.git(["status", "--porcelain", "--ignored"]),
            self.git(["stash", "list"]),
            self.git(["for-each-ref"]),
            self.git(["reflog", "--all"]),
        ];
        (files, shown.join("\n--\n"))
    }
}

/// A script as the generic template writes it.
pub(crate) fn script(id: &str, down: &str) -> String {
    let down = if down.is_empty() { "None".to_owned() } else { format!("\"{down}\"") };
    format!(
        "\"\"\"make {id}\n\nRevision ID: {id}\nRevises:\nCreate Date: 2026-01-02 03:04:05\n\n\"\"\"\n\
         revision = \"{id}\"\ndown_revision = {down}\nbranch_labels = None\ndepends_on = None\n\n\n\
         def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"
    )
}

pub(crate) fn config_in(folder: &Path) -> Config {
    Config::load(&ConfigOptions::new(folder)).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn known_in(folder: &Path) -> Known {
    let directory = ScriptDirectory::load(&config_in(folder));
    Known::of(&directory.unwrap_or_else(|failure| panic!("{}", failure.error)))
}

pub(crate) fn lost_in(folder: &Path, ids: &[&str]) -> Lost {
    let settings = config_in(folder).script_settings().unwrap_or_else(|error| panic!("{error}"));
    lost::search(&settings, &known_in(folder), ids)
}

pub(crate) fn git_in(folder: &Path, arguments: &[&str]) -> String {
    let output = try_git(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn try_git(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .args(["-c", "protocol.file.allow=always", "-c", "core.autocrlf=false"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for name in ["GIT_AUTHOR", "GIT_COMMITTER"] {
        command.env(format!("{name}_NAME"), "Ada Author");
        command.env(format!("{name}_EMAIL"), "ada@example.org");
        command.env(format!("{name}_DATE"), "2026-03-04T05:06:07+0000");
    }
    command.output().expect("git")
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            // `git status` of the test itself refreshes the index; its contents are compared by git.
            let contents = if path.ends_with(".git/index") {
                Vec::new()
            } else {
                fs::read(&path).expect("a file")
            };
            files.insert(path, contents);
        }
    }
}
