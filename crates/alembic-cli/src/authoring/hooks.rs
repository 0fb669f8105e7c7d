//! Post write hooks: programs that are run on a new script.

mod words;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use alembic_core::config::{PostWriteHook, ScriptSettings, python_repr};
use miette::Diagnostic;

use super::progress::loud_step;
use super::python;
use crate::context::Context;
use crate::diagnostics::{Failure, code};

/// What stands for the script in a hook's options.
const TOKEN: &str = "REVISION_SCRIPT_FILENAME";

/// Where Alembic looks for a hook's module or entry point: `prepend_sys_path` (`argv[2:]`) and Python's own folders,
/// not the current one.
const SEARCH: &str = "import sys; sys.path[:] = sys.argv[2:] + [p for p in sys.path if p]; ";

/// Runs the console script called `argv[1]` with the arguments behind it, as Alembic does.
const CONSOLE_SCRIPT: &str = "import sys; from importlib.metadata import entry_points; \
    name = sys.argv.pop(1); \
    found = [e for e in entry_points(group='console_scripts') if e.name == name]; \
    sys.exit(found[0].load()())";

/// Fails unless there is a console script called `argv[1]`.
const HAS_CONSOLE_SCRIPT: &str = "from importlib.metadata import entry_points; \
    names = [e.name for e in entry_points(group='console_scripts')]; \
    sys.exit(sys.argv[1] not in names)";

/// Fails unless there is a module called `argv[1]`.
const HAS_MODULE: &str = "from importlib.util import find_spec; \
    sys.exit(find_spec(sys.argv[1]) is None)";

/// Why a hook was not run.
#[derive(Debug, thiserror::Error, Diagnostic)]
enum HookError {
    #[error(
        "Key '{name}.type' (or 'type' in toml) is required for post write hook {}",
        python_repr(name)
    )]
    #[diagnostic(help(
        "the new script was written; add `{name}.type = exec` below [post_write_hooks]"
    ))]
    NoType { name: String },
    #[error("Key {name}.{key} is required for post write hook {}", python_repr(name))]
    #[diagnostic(help(
        "the new script was written; add `{name}.{key} = …` below [post_write_hooks]"
    ))]
    NoKey { name: String, key: &'static str },
    #[error("No formatter with name '{kind}' registered")]
    #[diagnostic(help(
        "the new script was written; types are `exec`, `console_scripts` and `module`: those that \
         env.py registers need the project's own `alembic revision`"
    ))]
    UnknownType { kind: String },
    #[error("Could not find entrypoint console_scripts.{entrypoint}")]
    #[diagnostic(help(
        "the new script was written; `{python}` has no such console script: install the package \
         that brings it there"
    ))]
    NoEntrypoint { entrypoint: String, python: String },
    #[error("Could not find module {module}")]
    #[diagnostic(help(
        "the new script was written; `{python}` has no such module: install the package that \
         brings it there"
    ))]
    NoModule { module: String, python: String },
    #[error("the options of post write hook `{name}` cannot be split: {reason}")]
    #[diagnostic(help(
        "the new script was written; `{name}.options` is split as a shell splits words"
    ))]
    Options { name: String, reason: &'static str },
    #[error("cannot run `{program}` for post write hook `{name}`: {cause}")]
    #[diagnostic(help("the new script was written; the program must be a path, or be on PATH"))]
    Start { name: String, program: String, cause: std::io::Error },
    #[error(
        "post write hook `{name}` of type `{kind}` needs the project's Python, and none is known"
    )]
    #[diagnostic(help(
        "the new script was written; run the hook yourself, or make it `{name}.type = exec` with \
         `{name}.executable` as the path of the program"
    ))]
    NoPython { name: String, kind: &'static str },
}

impl From<HookError> for Failure {
    fn from(error: HookError) -> Self {
        Self::new(code::CONFIGURATION, error)
    }
}

/// Runs the hooks on a script, each after the other. That one is not there is a failure; how those end that are does not
/// matter, as in Alembic.
pub(crate) fn run(
    context: &mut Context,
    settings: &ScriptSettings,
    script: &Path,
) -> Result<(), Failure> {
    for hook in &settings.hooks {
        let name = hook.name.clone();
        let Some(kind) = hook.get("type") else {
            return Err(HookError::NoType { name }.into());
        };
        let what = format!("Running post write hook {}", python_repr(&name));
        let python = match kind {
            "console_scripts" | "module" => python::interpreter(context),
            _ => None,
        };
        let python = python.map(|words| Interpreter::new(words, &settings.prepend_sys_path));
        loud_step(context, &what, || Ok(run_one(hook, kind, python.flatten(), script)?))?;
    }
    Ok(())
}

fn run_one(
    hook: &PostWriteHook,
    kind: &str,
    python: Option<Interpreter<'_>>,
    script: &Path,
) -> Result<(), HookError> {
    let mut command = command(hook, kind, python)?;
    let options = hook.get("options").unwrap_or_default();
    let options =
        if options.contains(TOKEN) { options.to_owned() } else { format!("{TOKEN} {options}") };
    let name = hook.name.clone();
    let words = words::split(&options)
        .map_err(|reason| HookError::Options { name: name.clone(), reason })?;
    command.args(words.into_iter().map(|word| with_script(&word, script)));
    if let Some(folder) = hook.get("cwd") {
        command.current_dir(folder);
    }
    let program = command.get_program().to_string_lossy().into_owned();
    command.status().map(|_| ()).map_err(|cause| HookError::Start { name, program, cause })
}

fn command(
    hook: &PostWriteHook,
    kind: &str,
    python: Option<Interpreter<'_>>,
) -> Result<Command, HookError> {
    let name = || hook.name.clone();
    let no_python = |kind| HookError::NoPython { name: name(), kind };
    let required = |key| hook.get(key).ok_or_else(|| HookError::NoKey { name: name(), key });
    match kind {
        "exec" => Ok(Command::new(required("executable")?)),
        "console_scripts" => {
            let entrypoint = required("entrypoint")?;
            let python = python.ok_or_else(|| no_python("console_scripts"))?;
            if !python.agrees(hook, HAS_CONSOLE_SCRIPT, entrypoint)? {
                let entrypoint = entrypoint.to_owned();
                return Err(HookError::NoEntrypoint { entrypoint, python: python.shown() });
            }
            let mut command = python.command();
            command.args(["-c", CONSOLE_SCRIPT, entrypoint]);
            Ok(command)
        }
        "module" => {
            let module = required("module")?;
            let python = python.ok_or_else(|| no_python("module"))?;
            if !python.agrees(hook, HAS_MODULE, module)? {
                let module = module.to_owned();
                return Err(HookError::NoModule { module, python: python.shown() });
            }
            let mut command = python.command();
            command.args(["-m", module]);
            Ok(command)
        }
        other => Err(HookError::UnknownType { kind: other.to_owned() }),
    }
}

/// The project's Python and the arguments that it is always given.
struct Interpreter<'a> {
    program: OsString,
    arguments: Vec<OsString>,
    /// What stands first on its search path.
    prepended: &'a [PathBuf],
}

impl<'a> Interpreter<'a> {
    fn new(words: Vec<OsString>, prepended: &'a [PathBuf]) -> Option<Self> {
        let mut words = words.into_iter();
        Some(Self { program: words.next()?, arguments: words.collect(), prepended })
    }

    fn shown(&self) -> String {
        self.program.to_string_lossy().into_owned()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        command
    }

    /// Whether a question about one name is answered with yes, where the hook runs.
    fn agrees(&self, hook: &PostWriteHook, question: &str, name: &str) -> Result<bool, HookError> {
        let mut command = self.command();
        command.args(["-c", &format!("{SEARCH}{question}"), name]).args(self.prepended);
        if let Some(folder) = hook.get("cwd") {
            command.current_dir(folder);
        }
        let (name, program) = (hook.name.clone(), self.shown());
        let answer = command.output();
        let answer = answer.map_err(|cause| HookError::Start { name, program, cause })?;
        Ok(answer.status.success())
    }
}

/// Puts the script's path where the token stands; a path need not be text.
fn with_script(word: &str, script: &Path) -> OsString {
    let mut parts = word.split(TOKEN);
    let mut whole = OsString::from(parts.next().unwrap_or_default());
    for part in parts {
        whole.push(script);
        whole.push(part);
    }
    whole
}
