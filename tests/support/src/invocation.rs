//! One run of the program, described before it happens.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

#[cfg(unix)]
use crate::Terminal;
use crate::{
    DEADLINE, Filters, Output, Project,
    process::{Reading, spawn, wait, write_aside},
};

/// Where standard output goes when it is on no terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Stdout {
    /// Into a pipe that is read to its end.
    #[default]
    Pipe,
    /// Into a pipe that is closed after that many bytes, as `head` does.
    PipeClosedAfter(u64),
    /// Into an existing file, such as `/dev/full`.
    File(PathBuf),
}

/// A run of the program in a project: arguments, environment, streams.
///
/// The environment is empty but for `PATH` (the system's folders), `HOME` (beside the project), `LANG` and `LC_ALL`
/// (C.UTF-8), `TZ` (UTC), `TERM` and what keeps git away from the developer's own settings.
#[must_use = "nothing happens before `run`"]
#[derive(Debug)]
pub struct Invocation {
    command: Command,
    input: Vec<u8>,
    stdout: Stdout,
    #[cfg(unix)]
    terminal: Option<Terminal>,
    filters: Filters,
}

impl Invocation {
    pub(crate) fn new<S: AsRef<OsStr>>(
        program: &Path,
        args: impl IntoIterator<Item = S>,
        project: &Project,
        filters: Filters,
    ) -> Self {
        let mut command = Command::new(program);
        command
            .args(args)
            .current_dir(project.root())
            .env_clear()
            .envs(clean_environment(project.home()));
        Self {
            command,
            input: Vec::new(),
            stdout: Stdout::default(),
            #[cfg(unix)]
            terminal: None,
            filters,
        }
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Takes a variable out of the environment.
    pub fn without_env(mut self, name: impl AsRef<OsStr>) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Runs in that folder; a relative one is taken from the project's.
    pub fn current_dir(mut self, folder: impl AsRef<Path>) -> Self {
        let root = self.command.get_current_dir().map(Path::to_owned).unwrap_or_default();
        self.command.current_dir(root.join(folder));
        self
    }

    /// Runs the program through another one, which finds its path and arguments behind its own `words`.
    ///
    /// # Panics
    ///
    /// When there are no words.
    pub fn through<S: AsRef<OsStr>>(mut self, words: impl IntoIterator<Item = S>) -> Self {
        let mut words = words.into_iter();
        let mut command = Command::new(words.next().expect("the other program"));
        command.args(words).arg(self.command.get_program()).args(self.command.get_args());
        let set =
            |(name, value): (&OsStr, Option<&OsStr>)| Some((name.to_owned(), value?.to_owned()));
        command.env_clear().envs(self.command.get_envs().filter_map(set));
        command.current_dir(self.command.get_current_dir().expect("every run has a folder"));
        self.command = command;
        self
    }

    /// Gives standard input, which is empty otherwise.
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = bytes.into();
        self
    }

    /// Says where standard output goes.
    pub fn stdout(mut self, stdout: Stdout) -> Self {
        self.stdout = stdout;
        self
    }

    /// Puts streams on a terminal.
    #[cfg(unix)]
    pub fn terminal(mut self, terminal: Terminal) -> Self {
        self.terminal = Some(terminal);
        self
    }

    /// Runs the program and waits for its end.
    ///
    /// # Panics
    ///
    /// When the program does not start or does not end within [`DEADLINE`].
    pub fn run(mut self) -> Output {
        self.connect_pipes();
        #[cfg(unix)]
        let person =
            self.terminal.take().map(|terminal| (terminal.attach(&mut self.command), terminal));
        let deadline = Instant::now() + DEADLINE;
        let mut child = spawn(&mut self.command);
        let line = format!("{:?}", self.command);
        // Our copies of the program's ends: while they are open, no stream of the program ends.
        drop(self.command);

        if let Some(stdin) = child.stdin.take() {
            write_aside(stdin, self.input);
        }
        let limit = if let Stdout::PipeClosedAfter(bytes) = self.stdout { bytes } else { u64::MAX };
        let stdout = child.stdout.take().map(|stream| Reading::begin(stream, limit));
        let stderr = child.stderr.take().map(|stream| Reading::begin(stream, u64::MAX));
        #[cfg(unix)]
        let screen = person.map(|(person, terminal)| {
            let keyboard = person.try_clone().expect("a file descriptor");
            write_aside(keyboard, terminal.typed().as_bytes().to_vec());
            Reading::begin(person, u64::MAX)
        });
        #[cfg(not(unix))]
        let screen: Option<Reading> = None;

        let status = wait(&mut child, deadline).unwrap_or_else(|error| panic!("{line}: {error}"));
        let collect = |reading: Option<Reading>| match reading {
            None => Vec::new(),
            Some(reading) => reading
                .end(deadline)
                .unwrap_or_else(|| panic!("{line}: a stream stayed open behind the program's end")),
        };
        Output {
            status,
            stdout: collect(stdout),
            stderr: collect(stderr),
            terminal: collect(screen),
            filters: self.filters,
        }
    }

    /// The streams without a terminal.
    fn connect_pipes(&mut self) {
        let stdout = match &self.stdout {
            Stdout::Pipe | Stdout::PipeClosedAfter(_) => Stdio::piped(),
            Stdout::File(path) => {
                let file = fs_err::OpenOptions::new()
                    .write(true)
                    .open(path)
                    .expect("a file for standard output");
                Stdio::from(file.into_parts().0)
            }
        };
        let stdin = if self.input.is_empty() { Stdio::null() } else { Stdio::piped() };
        self.command.stdin(stdin).stdout(stdout).stderr(Stdio::piped());
    }
}

/// The variables of a machine that nobody has set up.
fn clean_environment(home: &Path) -> Vec<(&'static str, OsString)> {
    let mut variables = vec![
        ("PATH", OsString::from("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")),
        ("HOME", home.as_os_str().to_owned()),
        ("TMPDIR", home.as_os_str().to_owned()),
        ("LANG", "C.UTF-8".into()),
        ("LC_ALL", "C.UTF-8".into()),
        ("TZ", "UTC".into()),
        ("TERM", "xterm-256color".into()),
        ("GIT_CONFIG_NOSYSTEM", "1".into()),
        // A repository around the temporary folder is none of the project's.
        ("GIT_CEILING_DIRECTORIES", home.as_os_str().to_owned()),
        ("PYTHONDONTWRITEBYTECODE", "1".into()),
    ];
    // Windows starts no program without it.
    variables.extend(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
    // Coverage tools name the file for their counts here; without it the runs would not be counted.
    variables.extend(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)));
    variables
}
