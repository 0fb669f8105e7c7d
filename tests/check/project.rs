//! A project in a git repository of its own, in a temporary folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A work tree with an `alembic.ini` and a version folder. The folder's name holds
/// a blank and a letter beyond ASCII.
pub(crate) struct Project {
    _folder: TempDir,
    root: PathBuf,
    author: &'static str,
    day: u32,
}

/// What a run of `alembic-rs` answered.
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Answer {
    /// Everything, for a snapshot.
    pub(crate) fn all(&self) -> String {
        let Self { code, stdout, stderr } = self;
        let stderr =
            if stderr.is_empty() { String::new() } else { format!("--- stderr\n{stderr}") };
        format!("{stdout}{stderr}--- exit code {code}")
    }
}

impl Project {
    /// A project without a repository.
    pub(crate) fn without_git() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("it is there").join("my prôject");
        let project = Self { _folder: folder, root, author: "alice", day: 1 };
        project.write("alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n");
        project
    }

    /// A project in a repository without commits.
    pub(crate) fn new() -> Self {
        let project = Self::without_git();
        project.git(&["init", "--quiet", "--initial-branch=main"]);
        project
    }

    /// A project with one committed revision, `0018`, by alice.
    pub(crate) fn with_orders() -> Self {
        let mut project = Self::new();
        project.script("0018_add_orders", "b7e4f1a9c2d8", None);
        project.commit("alice", "orders0");
        project
    }

    /// Two heads on `main`: bob's refunds and alice's invoices, both committed.
    pub(crate) fn with_two_heads() -> Self {
        let mut project = Self::with_orders();
        project.script("0019_add_refunds", "c41d77e0a1b2", Some("b7e4f1a9c2d8"));
        project.commit("bob", "refunds");
        project.script("0019_add_invoices", "9f31c02ad6e8", Some("b7e4f1a9c2d8"));
        project.commit("alice", "invoice");
        project
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Another work tree as a project, such as a clone of this one.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.parent().expect("a temporary folder is around it").join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        fs_err::create_dir_all(path.parent().expect("below the root")).expect("a folder");
        fs_err::write(path, text).expect("a file");
    }

    pub(crate) fn remove(&self, name: &str) {
        fs_err::remove_file(self.root.join(name)).expect("the file is there");
    }

    /// Writes `migrations/versions/NAME.py` as Alembic's template does.
    pub(crate) fn script(&self, name: &str, id: &str, down: Option<&str>) {
        self.write(&format!("migrations/versions/{name}.py"), &script(id, down));
    }

    /// Commits everything. The subject has seven letters, which stand for the
    /// commit in snapshots.
    pub(crate) fn commit(&mut self, author: &'static str, subject: &str) {
        assert_eq!(subject.len(), 7, "as long as a short hash");
        self.author = author;
        self.day += 1;
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", subject]);
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = self.try_git(arguments);
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub(crate) fn try_git(&self, arguments: &[&str]) -> Output {
        self.try_git_in(&self.root, arguments)
    }

    pub(crate) fn try_git_in(&self, folder: &Path, arguments: &[&str]) -> Output {
        let mut command = Command::new("git");
        self.environment(&mut command);
        command.current_dir(folder).args(["-c", "protocol.file.allow=always"]).args(arguments);
        command.output().expect("git is installed")
    }

    fn environment(&self, command: &mut Command) {
        let date = format!("2026-11-{:02}T10:00:00+0000", self.day);
        let mail = format!("{}@example.org", self.author);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("GIT_") || name.starts_with("GITHUB_") || name == "NO_COLOR" {
                command.env_remove(name);
            }
        }
        command
            .env_remove("ALEMBIC_CONFIG")
            .env_remove("CI_PROJECT_DIR")
            .env("HOME", self.root.parent().expect("a temporary folder is around it"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_AUTHOR_NAME", self.author)
            .env("GIT_AUTHOR_EMAIL", &mail)
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_NAME", self.author)
            .env("GIT_COMMITTER_EMAIL", &mail)
            .env("GIT_COMMITTER_DATE", &date);
    }

    /// A run of the program in the project's folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_alembic-rs"));
        self.environment(&mut command);
        command.current_dir(&self.root).args(arguments);
        command
    }

    pub(crate) fn run(&self, command: &mut Command) -> Answer {
        let output = command.output().expect("the program starts");
        let text = |bytes: &[u8]| self.readable(&String::from_utf8_lossy(bytes));
        Answer {
            code: output.status.code().expect("it was not killed"),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// `alembic-rs heads --check` with more arguments.
    pub(crate) fn check(&self, arguments: &[&str]) -> Answer {
        let mut all = vec!["heads", "--check"];
        all.extend(arguments);
        self.run(&mut self.command(&all))
    }

    /// With the subjects of commits for their hashes, and `{P}` for the root.
    fn readable(&self, text: &str) -> String {
        let mut text = text.replace(&*self.root.to_string_lossy(), "{P}");
        let log = self.try_git(&["log", "--all", "--format=%H %s", "HEAD"]);
        for line in String::from_utf8_lossy(&log.stdout).lines() {
            if let Some((hash, subject)) = line.split_once(' ') {
                text = text.replace(hash, &format!("{{{subject}}}"));
                text = text.replace(&hash[..7], subject);
            }
        }
        text
    }

    /// Everything that git keeps, to see that nothing of it is touched.
    pub(crate) fn state(&self) -> Vec<(PathBuf, std::time::SystemTime)> {
        let mut files = Vec::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs_err::read_dir(folder).expect("a folder") {
                let entry = entry.expect("an entry");
                let metadata = entry.metadata().expect("its metadata");
                if metadata.is_dir() {
                    folders.push(entry.path());
                }
                files.push((entry.path(), metadata.modified().expect("a time")));
            }
        }
        files.sort();
        files
    }
}

/// A script as Alembic's template writes it.
pub(crate) fn script(id: &str, down: Option<&str>) -> String {
    let code = down.map_or("None".to_owned(), |down| format!("{down:?}"));
    let down = down.unwrap_or_default();
    format!(
        "\"\"\"message of {id}\n\nRevision ID: {id}\nRevises: {down}\nCreate Date: 2026-11-03 \
         10:00:00.000000\n\n\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\n# revision \
         identifiers, used by Alembic.\nrevision = {id:?}\ndown_revision = {code}\nbranch_labels = \
         None\ndepends_on = None\n\n\ndef upgrade():\n    pass\n"
    )
}
