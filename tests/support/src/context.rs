//! A project and the program that runs in it.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use crate::{Filters, Invocation, Output, Project};

/// A project together with the program under test.
#[derive(Debug)]
pub struct TestContext {
    program: PathBuf,
    project: Project,
    filters: Filters,
}

impl TestContext {
    /// `program` is the test's own `env!("CARGO_BIN_EXE_alembic-rs")`, which only the crate that owns the program knows,
    /// or the `alembic` of a [`Venv`](crate::Venv).
    pub fn new(program: impl Into<PathBuf>, project: Project) -> Self {
        let filters = Filters::of_project(project.root(), project.home());
        Self { program: program.into(), project, filters }
    }

    /// Replaces `text` by `name` in everything that runs say.
    #[must_use]
    pub fn with_filter(mut self, text: impl Into<String>, name: impl Into<String>) -> Self {
        self.filters = self.filters.with(text, name);
        self
    }

    /// The project.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The program.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Runs the program with `args` in the project's folder, on no terminal and with nothing to read.
    ///
    /// # Panics
    ///
    /// When the program does not start or does not end.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Output {
        self.invocation(args).run()
    }

    /// Prepares a run with `args`, to be changed before it happens.
    pub fn invocation<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Invocation {
        Invocation::new(&self.program, args, &self.project, self.filters.clone())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::TestContext;
    use crate::{Project, Stdout, Terminal};

    fn shell() -> TestContext {
        TestContext::new("/bin/sh", Project::new())
    }

    #[test]
    fn everything_a_run_says_is_kept_apart() {
        let output = shell().run(["-c", "pwd; echo oops >&2; exit 3"]);
        assert_eq!(output.to_string(), "exit: 3\n--- stdout\n{P}\n--- stderr\noops\n");
        assert_eq!(output.code(), Some(3));
    }

    #[test]
    fn the_environment_is_clean() {
        let output = shell()
            .invocation(["-c", "echo $HOME $CARGO_MANIFEST_DIR $X $TERM"])
            .env("X", "y")
            .run();
        assert_eq!(output.stdout(), "{HOME} y xterm-256color\n");
        let output = shell().invocation(["-c", "echo ${TERM-unset}"]).without_env("TERM").run();
        assert_eq!(output.stdout(), "unset\n");
    }

    #[test]
    fn input_and_folder() {
        let output =
            shell().invocation(["-c", "cat; pwd"]).input("a\n").current_dir("migrations").run();
        assert_eq!(output.stdout(), "a\n{P}/migrations\n");
    }

    #[test]
    fn a_reader_that_leaves_early_breaks_the_pipe() {
        let output = shell()
            .invocation(["-c", "while echo x; do :; done"])
            .stdout(Stdout::PipeClosedAfter(4))
            .run();
        assert_eq!(output.stdout(), "x\nx\n");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk() {
        let output =
            shell().invocation(["-c", "echo x"]).stdout(Stdout::File("/dev/full".into())).run();
        assert_ne!(output.code(), Some(0));
        assert_eq!(output.stdout(), "");
    }

    #[test]
    fn a_terminal_is_one_and_has_a_width() {
        let script = "[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && stty size";
        let output = shell().invocation(["-c", script]).terminal(Terminal::new(57).rows(9)).run();
        assert_eq!(output.terminal(), "9 57\n");
        assert_eq!(output.stdout(), "");
    }

    #[test]
    fn single_streams_on_a_terminal() {
        let script = "for i in 0 1 2; do [ -t $i ] && echo $i >&2; done; echo out";
        let run = |terminal| shell().invocation(["-c", script]).terminal(terminal).run();
        assert_eq!(
            run(Terminal::input_only(80)).to_string(),
            "exit: 0\n--- stdout\nout\n--- stderr\n0\n"
        );
        let output = run(Terminal::output_only(80));
        assert_eq!((output.terminal(), output.stderr()), ("out\n".to_owned(), "1\n".to_owned()));
        let output = run(Terminal::error_only(80));
        assert_eq!((output.terminal(), output.stdout()), ("2\n".to_owned(), "out\n".to_owned()));
    }

    #[test]
    fn keys_are_typed() {
        let output = shell()
            .invocation(["-c", "read key; echo got $key"])
            .terminal(Terminal::new(80).typing("q\n"))
            .run();
        assert_eq!(output.terminal(), "got q\n");
    }
}
