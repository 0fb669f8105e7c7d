//! What every command shares: the global options, the project, the output.

use std::mem::ManuallyDrop;
use std::path::PathBuf;

use alembic_core::config::{Config, ConfigOptions, Environment};
use alembic_core::revision::RevisionError;
use alembic_core::script::{ScriptDirectory, ScriptFiles, ScriptPlaces, Warning};

use crate::Outcome;
use crate::cli::GlobalOptions;
use crate::diagnostics::{self, Failure};
use crate::output::Output;

/// Whose exit codes hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitCodes {
    /// An Alembic command with Alembic's options: 255 for every refusal.
    Alembic,
    /// A command or option of our own: the table of the README.
    Own,
}

/// The state of one run.
pub(crate) struct Context {
    pub(crate) global: GlobalOptions,
    pub(crate) output: Output,
    pub(crate) exit_codes: ExitCodes,
}

impl Context {
    pub(crate) fn new(output: Output, mut global: GlobalOptions) -> Self {
        // What compose files call it. As an option, so that a child that migrates gets it too.
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        if global.config.is_empty() && variable("ALEMBIC_CONFIG").is_none() {
            global.config.extend(variable("ALEMBIC_INI"));
        }
        Self { global, output, exit_codes: ExitCodes::Alembic }
    }

    /// The configuration that the global options and the environment name.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        Ok(Config::load(&self.config_options()?)?)
    }

    /// Where the global options and the environment say that the configuration is.
    pub(crate) fn config_options(&self) -> Result<ConfigOptions, Failure> {
        let cwd = std::env::current_dir().map_err(Failure::no_current_directory)?;
        let mut options = ConfigOptions::new(cwd);
        // As Alembic: an empty name is none.
        let named = self.global.config.iter().filter(|name| !name.is_empty());
        options.config_files = named.map(PathBuf::from).collect();
        options.section.clone_from(&self.global.name);
        options.environment = Environment::from_lookup(|name| std::env::var_os(name));
        Ok(options)
    }

    /// Where the scripts lie.
    pub(crate) fn places(&self) -> Result<ScriptPlaces, Failure> {
        Ok(ScriptPlaces::of(&self.config()?)?)
    }

    /// All scripts, linked; warnings go to standard error on the way.
    pub(crate) fn scripts(&self) -> Result<ManuallyDrop<ScriptDirectory>, Failure> {
        Self::link(self.places()?.read())
    }

    /// As [`scripts`](Self::scripts), of scripts that were read already.
    ///
    /// They are never dropped: the program ends with the command, and to free
    /// thousands of scripts one by one would be a fiftieth of its time.
    pub(crate) fn link(files: ScriptFiles) -> Result<ManuallyDrop<ScriptDirectory>, Failure> {
        match ScriptDirectory::link(files) {
            Ok(scripts) => {
                warn(scripts.warnings());
                Ok(ManuallyDrop::new(scripts))
            }
            Err(failure) => {
                warn(&failure.warnings);
                Err(failure.error.into())
            }
        }
    }

    /// Starts the pager where a person reads the output.
    pub(crate) fn page(&mut self) {
        if !self.global.no_pager {
            self.output.page();
        }
    }

    /// Prints what is left and reports a failure; the exit code.
    pub(crate) fn conclude(self, outcome: Outcome) -> u8 {
        let flushed = self.output.finish();
        let outcome = outcome.and_then(|code| {
            flushed?;
            Ok(code)
        });
        match outcome {
            Ok(code) => code,
            Err(failure) => diagnostics::report(&failure, self.exit_codes, &self.global),
        }
    }
}

/// Adds near misses and the way out to what the graph refused.
pub(crate) fn explained<T>(
    scripts: &ScriptDirectory,
    answer: Result<T, RevisionError>,
) -> Result<T, Failure> {
    answer.map_err(|error| Failure::question(scripts.explain(error)))
}

fn warn(warnings: &[Warning]) {
    for warning in warnings {
        diagnostics::warn(&warning.to_string());
    }
}
