//! What runs: `PYTHON -m alembic -c CONFIG … upgrade TARGET`, as arguments, never through a shell.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
};

use super::{discovery::Python, error::CommandError, package::Version, shell_text::shell_text};

/// Runs Alembic without looking for it in the current directory first.
const WITHOUT_CURRENT_DIRECTORY: &str = "import sys; sys.path[:1] == [''] and sys.path.pop(0); from alembic.config import main; main(prog='alembic')";

/// Modules that Alembic and what it stands on import, and that projects like to have too. `python -m` looks into the current
/// directory first.
const SHADOWED: [&str; 30] = [
    "alembic",
    "calendar",
    "code",
    "collections",
    "copy",
    "csv",
    "datetime",
    "decimal",
    "email",
    "enum",
    "greenlet",
    "inspect",
    "json",
    "logging",
    "mako",
    "markupsafe",
    "operator",
    "platform",
    "queue",
    "random",
    "secrets",
    "select",
    "sqlalchemy",
    "string",
    "token",
    "tokenize",
    "types",
    "typing",
    "typing_extensions",
    "uuid",
];

/// The two commands that run migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `upgrade`.
    Upgrade,
    /// `downgrade`.
    Downgrade,
}

impl Operation {
    /// The command's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
        }
    }
}

/// What Alembic is asked to do; every option as it was given.
#[derive(Debug, Clone)]
pub struct AlembicCommand {
    /// `-c`, each.
    pub config_files: Vec<PathBuf>,
    /// `-n`.
    pub section: Option<String>,
    /// `-x`, each.
    pub x: Vec<OsString>,
    /// `--raiseerr`.
    pub raiseerr: bool,
    /// `-q`.
    pub quiet: bool,
    /// The command.
    pub operation: Operation,
    /// `--sql`.
    pub sql: bool,
    /// `--tag`.
    pub tag: Option<OsString>,
    /// The target.
    pub target: String,
    /// A Python file that is run in the place of `-m alembic`.
    pub launcher: Option<PathBuf>,
}

impl AlembicCommand {
    /// The command without any option.
    pub fn new(operation: Operation, target: impl Into<String>) -> Self {
        Self {
            config_files: Vec::new(),
            section: None,
            x: Vec::new(),
            raiseerr: false,
            quiet: false,
            operation,
            sql: false,
            tag: None,
            target: target.into(),
            launcher: None,
        }
    }
}

/// A command that is ready to run in the current directory.
#[derive(Clone, PartialEq, Eq)]
pub struct CommandLine {
    /// The program and its arguments; never empty.
    words: Vec<OsString>,
    /// Variables that are added to the environment. They are not shown.
    environment: Vec<(OsString, OsString)>,
    /// Variables of this process that the run does not get.
    without: Vec<OsString>,
    /// Is the program a tool or a script that starts Python as its own child?
    has_launcher: bool,
}

impl CommandLine {
    /// Any program with its arguments.
    pub fn new(
        program: impl Into<OsString>,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Self {
        let words = [program.into()].into_iter().chain(arguments).collect();
        Self { words, environment: Vec::new(), without: Vec::new(), has_launcher: false }
    }

    /// Adds a variable to the environment of the run.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Keeps a variable of this process out of the run, unless [`env`](Self::env) sets it.
    #[must_use]
    pub fn without_env(mut self, name: impl Into<OsString>) -> Self {
        self.without.push(name.into());
        self
    }

    /// The program.
    pub fn program(&self) -> &OsStr {
        &self.words[0]
    }

    /// Its arguments.
    pub fn arguments(&self) -> &[OsString] {
        &self.words[1..]
    }

    /// Variables that are added to the environment.
    pub fn environment(&self) -> &[(OsString, OsString)] {
        &self.environment
    }

    /// Variables of this process that the run does not get.
    pub(super) fn without(&self) -> &[OsString] {
        &self.without
    }

    pub(super) fn has_launcher(&self) -> bool {
        self.has_launcher
    }
}

/// As one would type it; passwords are hidden.
impl fmt::Display for CommandLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&shell_text(&self.words))
    }
}

impl fmt::Debug for CommandLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CommandLine({self})")
    }
}

/// Puts the command together for this Python and its Alembic. `cwd` is the directory in which it will run.
///
/// # Errors
///
/// When the Alembic that is installed does not know what is asked for, or the target would be read as an option.
pub fn command_line(
    python: &Python,
    command: &AlembicCommand,
    cwd: &Path,
) -> Result<CommandLine, CommandError> {
    if let Some(version) = python.alembic.as_ref().and_then(|alembic| alembic.version.as_ref()) {
        check_version(command, version)?;
    }
    let target = &command.target;
    if target.starts_with('-') && !is_negative_number(target) {
        return Err(CommandError::OptionAsTarget { target: target.clone() });
    }
    let mut words = python.program.clone();
    match &command.launcher {
        Some(launcher) => words.push(launcher.into()),
        None => words.extend(entry_point(cwd)),
    }
    words.extend(options(command));
    if words.iter().any(|word| word.as_encoded_bytes().contains(&0)) {
        return Err(CommandError::Nul);
    }
    let has_launcher = !python.is_known();
    Ok(CommandLine { words, environment: Vec::new(), without: Vec::new(), has_launcher })
}

/// `-m alembic`. Where the current directory has a module that would be taken for another one, Alembic's entry point is
/// called without it, as Alembic's console script does.
fn entry_point(cwd: &Path) -> [OsString; 2] {
    let is_there = |name: &&str| {
        cwd.join(format!("{name}.py")).exists() || cwd.join(name).join("__init__.py").exists()
    };
    if SHADOWED.iter().any(is_there) {
        ["-c".into(), WITHOUT_CURRENT_DIRECTORY.into()]
    } else {
        ["-m".into(), "alembic".into()]
    }
}

fn options(command: &AlembicCommand) -> Vec<OsString> {
    let mut words = Vec::new();
    for file in &command.config_files {
        push(&mut words, "-c", file.as_os_str());
    }
    if let Some(section) = &command.section {
        push(&mut words, "-n", OsStr::new(section));
    }
    for argument in &command.x {
        push(&mut words, "-x", argument);
    }
    let flags = [("--raiseerr", command.raiseerr), ("-q", command.quiet)];
    words.extend(flags.iter().filter(|(_, given)| *given).map(|(flag, _)| OsString::from(flag)));
    words.push(command.operation.name().into());
    if command.sql {
        words.push("--sql".into());
    }
    if let Some(tag) = &command.tag {
        push(&mut words, "--tag", tag);
    }
    words.push(command.target.clone().into());
    words
}

/// An option with its value: apart, unless the value would be read as an option itself.
fn push(words: &mut Vec<OsString>, option: &str, value: &OsStr) {
    if !value.as_encoded_bytes().starts_with(b"-") {
        words.extend([option.into(), value.to_owned()]);
        return;
    }
    let mut word = OsString::from(option);
    if option.starts_with("--") {
        word.push("=");
    }
    word.push(value);
    words.push(word);
}

/// Alembic 1.7 is the oldest that is looked after; these came later.
fn check_version(command: &AlembicCommand, version: &Version) -> Result<(), CommandError> {
    let is_toml = |file: &PathBuf| file.file_name() == Some(OsStr::new("pyproject.toml"));
    let needs = [
        (command.quiet, (1, 11), "1.11", "`-q`"),
        (command.config_files.len() > 1, (1, 16), "1.16", "second `-c`"),
        (command.config_files.iter().any(is_toml), (1, 16), "1.16", "`pyproject.toml` for `-c`"),
    ];
    for (is_asked, (major, minor), needed, what) in needs {
        if is_asked && !version.is_at_least(major, minor) {
            return Err(CommandError::TooOld { what, found: version.to_string(), needed });
        }
    }
    Ok(())
}

/// What argparse takes for a positional argument in spite of its `-`.
fn is_negative_number(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('-') else { return false };
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(a, b)| (a, Some(b)));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match fraction {
        None => !whole.is_empty() && is_digits(whole),
        Some(fraction) => is_digits(whole) && !fraction.is_empty() && is_digits(fraction),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::{Origin, Package};

    fn words(command: &AlembicCommand) -> String {
        shell_text(&options(command))
    }

    fn python(version: &str) -> Python {
        let version = Some(Version::new(version));
        let mut python = Python::script("/venv/bin/python", Origin::Option);
        python.alembic = Some(Package { folder: "/venv/alembic".into(), version });
        python
    }

    #[test]
    fn options_keep_their_order_and_values() {
        let command = AlembicCommand {
            config_files: vec!["a b.ini".into(), "pyproject.toml".into()],
            section: Some("-other".into()),
            x: vec!["tenant=a".into(), "-odd".into(), String::new().into()],
            raiseerr: true,
            quiet: true,
            sql: true,
            tag: Some("-t".into()),
            ..AlembicCommand::new(Operation::Downgrade, "-1")
        };
        assert_eq!(
            words(&command),
            "-c 'a b.ini' -c pyproject.toml -n-other -x tenant=a -x-odd -x '' --raiseerr -q \
             downgrade --sql --tag=-t -1"
        );
        assert_eq!(words(&AlembicCommand::new(Operation::Upgrade, "head")), "upgrade head");
    }

    #[test]
    fn a_target_is_never_an_option() {
        let run = |target: &str| {
            let command = AlembicCommand::new(Operation::Upgrade, target);
            command_line(&python("1.20.1"), &command, Path::new("/nowhere"))
        };
        for target in ["-1", "+2", "a@-2", "base:head", "", "-1.5"] {
            assert!(run(target).is_ok(), "{target}");
        }
        for target in ["--sql", "-x", "-", "-1x", "--", "-."] {
            let error = run(target).unwrap_err();
            assert_eq!(error, CommandError::OptionAsTarget { target: target.to_owned() });
        }
        assert_eq!(run("a\0b").unwrap_err(), CommandError::Nul);
    }

    #[test]
    fn what_an_old_alembic_lacks_is_said() {
        let mut command = AlembicCommand::new(Operation::Upgrade, "head");
        command.quiet = true;
        let run = |version: &str, command: &AlembicCommand| {
            command_line(&python(version), command, Path::new("/nowhere"))
        };
        assert_eq!(run("1.7.7", &command).unwrap_err().to_string(), "Alembic 1.7.7 has no `-q`");
        assert!(run("1.13.3", &command).is_ok());
        command.config_files = vec!["pyproject.toml".into()];
        let error = run("1.13.3", &command).unwrap_err();
        assert_eq!(error.to_string(), "Alembic 1.13.3 has no `pyproject.toml` for `-c`");
        assert!(run("1.16.0", &command).is_ok());
    }
}
