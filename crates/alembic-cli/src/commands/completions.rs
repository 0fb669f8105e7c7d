//! `completions SHELL`: a script that makes a shell ask `alembic-rs` itself what
//! fits, so that revision identifiers and labels complete too.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use alembic_core::config::{Config, ConfigOptions, Environment};
use alembic_core::revision::RevisionMap;
use alembic_core::script::ScriptDirectory;
use clap::{Args, ValueEnum};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{Bash, CompleteEnv, Elvish, EnvCompleter, Fish, Powershell, Zsh};

use crate::context::{Context, ExitCodes};
use crate::{Outcome, cli};

/// A shell that sets this asks for completions instead of running a command.
const VARIABLE: &str = "ALEMBIC_RS_COMPLETE";

/// Print a completion script; `source <(alembic-rs completions bash)`
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
}

impl Shell {
    fn completer(self) -> &'static dyn EnvCompleter {
        match self {
            Self::Bash => &Bash,
            Self::Zsh => &Zsh,
            Self::Fish => &Fish,
            Self::Powershell => &Powershell,
            Self::Elvish => &Elvish,
        }
    }
}

pub(crate) fn run(context: &mut Context, args: &CompletionsArgs) -> Outcome {
    context.exit_codes = ExitCodes::Own;
    let mut script = Vec::new();
    let program = "alembic-rs";
    args.shell.completer().write_registration(VARIABLE, program, program, program, &mut script)?;
    context.output.write(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

/// Answers a shell that asks for completions, and ends the process then.
pub(crate) fn answer_shell() {
    if std::env::var_os(VARIABLE).is_some() {
        CompleteEnv::with_factory(cli::command).var(VARIABLE).complete();
    }
}

/// Completes the argument with identifiers, labels and symbols.
pub(crate) fn revisions() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        typed.to_str().map_or_else(Vec::new, |typed| candidates("", typed))
    })
}

/// Completes the end of a range that is being typed.
pub(crate) fn ranges() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let Some(typed) = typed.to_str() else { return Vec::new() };
        let at = typed.rfind(':').map_or(0, |colon| colon + 1);
        let (before, rest) = typed.split_at(at);
        candidates(before, rest)
    })
}

/// What may follow `before` where `typed` has been typed so far. A project that
/// cannot be read has no candidates: a shell is no place for a report.
fn candidates(before: &str, typed: &str) -> Vec<CompletionCandidate> {
    let (branch, name) = match typed.split_once('@') {
        Some((branch, name)) => (format!("{branch}@"), name),
        None => (String::new(), typed),
    };
    let candidate = |value: &str, help: &str| {
        let line = help.lines().next().unwrap_or_default().to_owned();
        let help = (!line.is_empty()).then(|| line.into());
        CompletionCandidate::new(format!("{before}{branch}{value}")).help(help)
    };
    let mut found: Vec<_> = [("head", "the only head"), ("heads", "all heads"), ("base", "")]
        .into_iter()
        .filter(|(symbol, _)| symbol.starts_with(name))
        .map(|(symbol, help)| candidate(symbol, help))
        .collect();
    let Some(scripts) = scripts() else { return found };
    let map: &RevisionMap = scripts.map();
    for index in map.live_indices().rev().filter(|&index| map.id(index).starts_with(name)) {
        found.push(candidate(map.id(index), scripts.script(index).docstring().summary()));
    }
    for (label, _) in map.declared_labels().filter(|(label, _)| label.starts_with(name)) {
        found.push(candidate(label, "label"));
    }
    found
}

/// The project as the words before the cursor name it.
fn scripts() -> Option<ScriptDirectory> {
    let mut options = ConfigOptions::new(std::env::current_dir().ok()?);
    options.environment = Environment::from_lookup(|name| std::env::var_os(name));
    let mut words = std::env::args_os();
    while let Some(word) = words.next() {
        if word == "-c" || word == "--config" {
            options.config_files.extend(words.next().map(Into::into));
        } else if word == "-n" || word == "--name" {
            options.section = words.next().and_then(|word: OsString| word.into_string().ok())?;
        }
    }
    // A pipe can be read once, and that once is not for us; it may not even be written yet.
    let is_special = |file: &PathBuf| file.metadata().is_ok_and(|metadata| !metadata.is_file());
    let from_environment = options.environment.alembic_config.as_ref().map(PathBuf::from);
    if options.config_files.iter().chain(&from_environment).any(is_special) {
        return None;
    }
    ScriptDirectory::load(&Config::load(&options).ok()?).ok()
}
