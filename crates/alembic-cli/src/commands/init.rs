//! `init DIRECTORY`: a new scripts folder with its configuration.

use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

use alembic_core::config::Config;
use alembic_core::template::builtin::{BUILTINS, Builtin};
use alembic_core::write::{self, NewFolders};
use clap::{Args, ValueHint};
use fs_err as fs;
use miette::Diagnostic;

use crate::Outcome;
use crate::authoring::progress::{heard_step, say, say_always, step};
use crate::context::Context;
use crate::diagnostics::{Failure, code};

/// Start a new scripts folder
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The template to start from; `list_templates` shows them
    #[arg(short, long, default_value = "generic")]
    template: String,
    /// Write `__init__.py` files too
    #[arg(long)]
    package: bool,
    /// The folder to create
    #[arg(value_hint = ValueHint::DirPath)]
    directory: OsString,
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error, Diagnostic)]
enum InitRefused {
    #[error("Directory {} already exists and is not empty", path_text(directory))]
    #[diagnostic(help("choose another folder, or move away what is there"))]
    NotEmpty { directory: PathBuf },
    #[error("No such template {template}")]
    #[diagnostic(help("there are {}", names()))]
    NoTemplate { template: String },
    #[error("{0}")]
    #[diagnostic(help("what was made before was removed again"))]
    NotWritten(io::Error),
}

impl From<io::Error> for InitRefused {
    fn from(error: io::Error) -> Self {
        Self::NotWritten(error)
    }
}

impl From<InitRefused> for Failure {
    fn from(error: InitRefused) -> Self {
        Self::new(code::CONFIGURATION, error)
    }
}

pub(crate) fn run(context: &mut Context, args: &InitArgs) -> Outcome {
    let config = context.config()?;
    let given = Path::new(&args.directory);
    let directory = config.absolute_path(given);
    if directory.exists() && !is_empty(&directory)? {
        return Err(InitRefused::NotEmpty { directory: given.to_owned() }.into());
    }
    // A template is a folder to Alembic: `./generic/` is one of its names.
    let template = Builtin::find(&path_text(Path::new(&args.template)))
        .ok_or_else(|| InitRefused::NoTemplate { template: args.template.clone() })?;
    let mut project = Project { config: &config, made: Made::default(), directory };
    project.folders(context)?;
    project.scripts(context, template)?;
    let ini = config.absolute_path(config.config_file_name());
    let toml = project.toml(context, template, given)?;
    project.ini(context, template, given, &ini)?;
    if args.package {
        project.package(context)?;
    }
    project.made.keep();
    let connection = format!(
        "configuration/connection/logging settings in {} before proceeding.",
        ini.display()
    );
    let edit = match toml {
        Some(toml) => format!("configuration settings in {} and {connection}", toml.display()),
        None => connection,
    };
    say(context, &format!("Please edit {edit}"))?;
    Ok(0)
}

fn is_empty(directory: &Path) -> Result<bool, InitRefused> {
    Ok(fs::read_dir(directory)?.next().is_none())
}

/// As Python's `str(Path(…))`.
fn path_text(path: &Path) -> String {
    let pure: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if pure.as_os_str().is_empty() { ".".to_owned() } else { pure.display().to_string() }
}

fn names() -> String {
    BUILTINS.map(|builtin| format!("`{}`", builtin.name)).join(", ")
}

/// What was made so far: it goes again unless all of it is kept.
#[derive(Default)]
struct Made {
    folders: NewFolders,
    files: Vec<PathBuf>,
    /// A file that was added to, with what it held.
    changed: Option<(PathBuf, Vec<u8>)>,
}

impl Made {
    fn keep(&mut self) {
        std::mem::take(&mut self.folders).keep();
        self.files.clear();
        self.changed = None;
    }

    fn file(&mut self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        write::create(path, bytes).map_err(InitRefused::from)?;
        self.files.push(path.to_owned());
        Ok(())
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for file in &self.files {
            let _ignored = fs::remove_file(file);
        }
        if let Some((path, bytes)) = &self.changed {
            let _ignored = write::replace(path, bytes);
        }
    }
}

struct Project<'a> {
    config: &'a Config,
    made: Made,
    /// The scripts folder, absolute.
    directory: PathBuf,
}

impl Project<'_> {
    fn folders(&mut self, context: &mut Context) -> Result<(), Failure> {
        let versions = self.directory.join("versions");
        for folder in [self.directory.clone(), versions] {
            if !folder.exists() {
                let what = format!("Creating directory {}", folder.display());
                let create = || Ok(self.made.folders.create(&folder).map_err(InitRefused::from)?);
                step(context, &what, create)?;
            }
        }
        Ok(())
    }

    fn scripts(&mut self, context: &mut Context, template: &Builtin) -> Result<(), Failure> {
        for (name, text) in [
            ("README", template.readme),
            ("env.py", template.env),
            ("script.py.mako", template.script),
        ] {
            let path = self.directory.join(name);
            self.generate(context, &path, text)?;
        }
        Ok(())
    }

    fn generate(&mut self, context: &mut Context, path: &Path, text: &str) -> Result<(), Failure> {
        let what = format!("Generating {}", path.display());
        heard_step(context, &what, || self.made.file(path, text.as_bytes()))
    }

    fn ini(
        &mut self,
        context: &mut Context,
        template: &Builtin,
        given: &Path,
        path: &Path,
    ) -> Result<(), Failure> {
        if path.exists() {
            say(context, &format!("File {} already exists, skipping", path.display()))?;
            return Ok(());
        }
        let text = template.ini(&self.location(given, path));
        self.generate(context, path, &text)
    }

    /// Writes to `pyproject.toml`, where the template does; the file.
    fn toml(
        &mut self,
        context: &mut Context,
        template: &Builtin,
        given: &Path,
    ) -> Result<Option<PathBuf>, Failure> {
        let path = self.config.absolute_path(self.config.toml_file_name());
        let Some(text) = template.toml(&self.location(given, &path)) else { return Ok(None) };
        if !path.exists() {
            self.generate(context, &path, &text)?;
        } else if self.config.toml_declares_alembic()? {
            let file = path.display();
            let already = "already exists and already has a [tool.alembic] section, skipping";
            say_always(context, &format!("File {file} {already}"))?;
        } else {
            let what = format!("Appending to existing {}", path.display());
            heard_step(context, &what, || self.append(&path, &text))?;
        }
        Ok(Some(path))
    }

    fn append(&mut self, path: &Path, text: &str) -> Result<(), Failure> {
        let before = fs::read(path).map_err(InitRefused::from)?;
        let after = [before.as_slice(), b"\n\n", text.as_bytes()].concat();
        write::replace(path, &after).map_err(InitRefused::from)?;
        self.made.changed = Some((path.to_owned(), before));
        Ok(())
    }

    fn package(&mut self, context: &mut Context) -> Result<(), Failure> {
        for folder in [self.directory.clone(), self.directory.join("versions")] {
            let path = folder.join("__init__.py");
            let what = format!("Adding {}", path.display());
            step(context, &what, || self.made.file(&path, b""))?;
        }
        Ok(())
    }

    /// The scripts folder as a configuration file names it: relative to that file, unless it was given absolute.
    fn location(&self, given: &Path, file: &Path) -> String {
        let here = file.parent().unwrap_or(Path::new("/"));
        let relative = if given.is_absolute() { None } else { relative(&self.directory, here) };
        let path = match relative {
            Some(relative) if relative.as_os_str().is_empty() => "%(here)s".to_owned(),
            Some(relative) => format!("%(here)s/{}", relative.display()),
            None => self.directory.display().to_string(),
        };
        if cfg!(windows) { path.replace('\\', "/") } else { path }
    }
}

/// The way from one folder to another, both absolute; `None` where the second goes up by itself.
fn relative(to: &Path, from: &Path) -> Option<PathBuf> {
    let (to, from): (Vec<_>, Vec<_>) = (to.components().collect(), from.components().collect());
    let common = to.iter().zip(&from).take_while(|(a, b)| a == b).count();
    if from[common..].contains(&Component::ParentDir) {
        return None;
    }
    let up = from[common..].iter().map(|_| Component::ParentDir);
    Some(up.chain(to[common..].iter().copied()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_between_folders() {
        let way = |to, from| {
            relative(Path::new(to), Path::new(from)).map(|way| way.display().to_string())
        };
        assert_eq!(way("/p/db/migs", "/p").as_deref(), Some("db/migs"));
        assert_eq!(way("/p/db", "/p/conf/x").as_deref(), Some("../../db"));
        assert_eq!(way("/p", "/p").as_deref(), Some(""));
        assert_eq!(way("/p/sub/../migs", "/p/sub").as_deref(), Some("../migs"));
        assert_eq!(way("/p/a", "/p/b/../c"), None);
    }
}
