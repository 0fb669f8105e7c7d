//! New scripts: Alembic's `ScriptDirectory.generate_revision`, step by step.
//!
//! The steps are separate because Alembic speaks between them: [`parents`], then [`Draft::place`], then the folders are
//! made, then [`Draft::check`], [`Draft::render`], the file is written, hooks run, and [`read_back`] looks at the
//! result. Nothing here writes or prints.

mod encode;
mod error;
mod read_back;
mod slug;

use std::io;
use std::path::{Path, PathBuf};

use fs_err as fs;
use python_static::{Value, percent};

pub use error::GenerateError;
use error::GenerateError as Error;
pub use read_back::read_back;

use super::ScriptDirectory;
use crate::config::python_text::{path_text, pure_path};
use crate::config::{Config, ScriptSettings, is_pipe};
use crate::revision::{ResolutionFailure, Revision, RevisionError, RevisionIndex};
use crate::template::{Template, Variables};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct NewRevision {
    /// The identifier.
    pub id: String,
    /// The message, if there is one; an empty one counts.
    pub message: Option<String>,
    /// The identifiers of the parents, such as `head`.
    pub heads: Vec<String>,
    /// Parents need not be heads.
    pub splice: bool,
    /// The branch label.
    pub branch_label: Option<String>,
    /// The version folder, as given.
    pub version_path: Option<PathBuf>,
    /// The identifiers of the dependencies.
    pub depends_on: Vec<String>,
}

/// A moment, as a template shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Year, month, day, hour, minute, second, microsecond.
    pub fields: [i64; 7],
    /// What Python prints behind it, such as `+09:00`; empty for local time.
    pub offset: String,
    /// What its zone is called, such as `JST`; empty for local time.
    pub zone: String,
    /// Microseconds since 1970.
    pub epoch_micros: i64,
}

/// Finds the parents of a new revision.
///
/// # Errors
/// An identifier that no revision may have, parents that are not there, ambiguous or named twice.
pub fn parents(
    scripts: &ScriptDirectory,
    request: &NewRevision,
) -> Result<Vec<RevisionIndex>, Error> {
    Revision::new(request.id.clone(), Vec::new(), Vec::new(), Vec::new())
        .map_err(|error| Error::Graph(scripts.explain(error)))?;
    let mut parents = Vec::new();
    let mut past_base = None;
    for head in &request.heads {
        match scripts.map().get_revisions(head) {
            Ok(found) => parents.extend(found),
            Err(RevisionError::MultipleHeads { heads, .. }) => {
                return Err(Error::MultipleHeads { heads });
            }
            // Alembic looks for all of them before it stumbles over the one that is no revision.
            Err(
                error @ RevisionError::Resolution {
                    failure: ResolutionFailure::NotARevision, ..
                },
            ) => {
                past_base = past_base.or(Some(error));
            }
            Err(other) => return Err(Error::Graph(scripts.explain(other))),
        }
    }
    if let Some(error) = past_base {
        return Err(Error::Graph(scripts.explain(error)));
    }
    let mut sorted = parents.clone();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Error::DuplicateParents);
    }
    Ok(parents)
}

/// A script that is about to be written.
pub struct Draft<'a> {
    config: &'a Config,
    settings: &'a ScriptSettings,
    scripts: &'a ScriptDirectory,
    request: &'a NewRevision,
    parents: Vec<RevisionIndex>,
    moment: Moment,
    folder: PathBuf,
    path: PathBuf,
    depends_on: Vec<String>,
}

impl<'a> Draft<'a> {
    /// Chooses the version folder and the file's name.
    ///
    /// # Errors
    /// A folder that is not configured, none where there are several, a `file_template` that gives no name.
    pub fn place(
        config: &'a Config,
        settings: &'a ScriptSettings,
        scripts: &'a ScriptDirectory,
        request: &'a NewRevision,
        parents: Vec<RevisionIndex>,
        moment: Moment,
    ) -> Result<Self, Error> {
        let folder = folder(settings, scripts, request, &parents)?;
        let absolute = config.absolute(&folder);
        if !settings.version_locations.contains(&absolute) {
            let configured = settings.version_locations.clone();
            return Err(Error::UnknownVersionPath { path: path_text(&folder), configured });
        }
        let name = file_name(config, settings, request, &moment)?;
        let path = pure_path(&folder.join(name));
        let depends_on = Vec::new();
        Ok(Self { config, settings, scripts, request, parents, moment, folder, path, depends_on })
    }

    /// The file, as Alembic names it: absolute unless the version folder was given otherwise.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file, absolute; `..` is kept.
    pub fn absolute_path(&self) -> PathBuf {
        self.config.absolute(&self.path)
    }

    /// The folders that must exist, absolute, in the order in which they are made.
    pub fn folders(&self) -> Vec<PathBuf> {
        let configured = self.settings.has_version_locations.then_some(self.folder.as_path());
        let folders = configured.into_iter().chain(self.path.parent());
        folders.map(|folder| self.config.absolute(folder)).collect()
    }

    /// Are the parents heads, and are the dependencies there?
    ///
    /// # Errors
    /// When they are not.
    pub fn check(&mut self) -> Result<(), Error> {
        let map = self.scripts.map();
        let no_head = |parent: &&RevisionIndex| !map.is_head(**parent);
        if !self.request.splice
            && let Some(&parent) = self.parents.iter().find(no_head)
        {
            let children = map.children(parent).map(|child| map.id(child).to_owned()).collect();
            return Err(Error::NotAHead { revision: map.id(parent).to_owned(), children });
        }
        self.depends_on = self
            .request
            .depends_on
            .iter()
            .map(|name| self.dependency(name))
            .collect::<Result<_, _>>()?;
        Ok(())
    }

    /// A label that the revision itself carries stays one; anything else becomes the full identifier.
    fn dependency(&self, name: &str) -> Result<String, Error> {
        let map = self.scripts.map();
        let found = map
            .get_revision(name)
            .and_then(|found| found.ok_or_else(|| RevisionError::not_a_revision(name)))
            .map_err(|error| Error::Graph(self.scripts.explain(error)))?;
        let label = map.has_label(found, name);
        Ok(if label { name.to_owned() } else { map.id(found).to_owned() })
    }

    /// The script's text.
    ///
    /// # Errors
    /// A template that is missing or cannot be rendered.
    pub fn text(&self) -> Result<String, Error> {
        let path = self.settings.script_location.join("script.py.mako");
        if is_pipe(&path) {
            let what = format!("`{}` is a named pipe, and no template", path.display());
            return Err(Error::TemplateUnreadable(io::Error::other(what)));
        }
        let bytes = fs::read(&path).map_err(Error::TemplateUnreadable)?;
        let template = Template::parse(&path.to_string_lossy(), bytes);
        let text = template.and_then(|template| template.render(&self.variables()));
        text.map_err(|error| Error::Template(Box::new(error)))
    }

    /// The script's bytes.
    ///
    /// # Errors
    /// As [`text`](Self::text), and an `output_encoding` that is not known or has no such characters.
    pub fn render(&self) -> Result<Vec<u8>, Error> {
        let encoding = self.config.output_encoding()?;
        let text = self.text()?;
        encode::encode(&text, &encoding)
    }

    fn variables(&self) -> Variables {
        let map = self.scripts.map();
        let id = |&index: &RevisionIndex| Value::str(map.id(index));
        let down = match self.parents.as_slice() {
            [] => Value::None,
            [parent] => id(parent),
            several => Value::Tuple(several.iter().map(id).collect()),
        };
        let depends_on = match self.depends_on.as_slice() {
            [] => Value::None,
            [only] => Value::str(only.as_str()),
            several => Value::List(several.iter().map(|id| Value::str(id.as_str())).collect()),
        };
        let labels = match &self.request.branch_label {
            Some(label) => Value::Tuple([Value::str(label.as_str())].into()),
            None => Value::None,
        };
        let message = self.request.message.as_deref().unwrap_or("empty message");
        let mut variables = Variables::new();
        variables.set("message", &Value::str(message));
        variables.set("up_revision", &Value::str(self.request.id.as_str()));
        variables.set("down_revision", &down);
        variables.set("branch_labels", &labels);
        variables.set("depends_on", &depends_on);
        let Moment { fields, offset, zone, epoch_micros } = &self.moment;
        variables.set_moment("create_date", *fields, [offset, zone], *epoch_micros);
        variables.set_comma();
        variables.set_config("config", self.config);
        variables
    }
}

fn folder(
    settings: &ScriptSettings,
    scripts: &ScriptDirectory,
    request: &NewRevision,
    parents: &[RevisionIndex],
) -> Result<PathBuf, Error> {
    if let Some(given) = &request.version_path {
        return Ok(given.clone());
    }
    match settings.version_locations.as_slice() {
        [only] => Ok(only.clone()),
        several => {
            let first = parents.first().and_then(|&parent| scripts.folder(parent));
            first
                .map(Path::to_owned)
                .ok_or_else(|| Error::NoVersionPath { configured: several.to_vec() })
        }
    }
}

fn file_name(
    config: &Config,
    settings: &ScriptSettings,
    request: &NewRevision,
    moment: &Moment,
) -> Result<String, Error> {
    let template = config.file_template()?;
    let message = request.message.as_deref().unwrap_or_default();
    let slug = slug::slug(message, settings.truncate_slug_length);
    let mut values = vec![
        ("rev", Value::str(request.id.as_str())),
        ("slug", Value::str(slug)),
        ("epoch", Value::Int(i128::from(moment.epoch_micros.div_euclid(1_000_000)))),
    ];
    let names = ["year", "month", "day", "hour", "minute", "second"];
    let numbers = moment.fields.iter().map(|&field| Value::Int(i128::from(field)));
    values.extend(names.into_iter().zip(numbers));
    let name = percent::format(&template, &values)
        .map_err(|reason| Error::FileName { template: template.clone(), reason })?;
    Ok(format!("{name}.py"))
}
