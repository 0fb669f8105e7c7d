//! What Alembic asks of a script that it has just written: `Script._from_path`, then `RevisionMap.add_revision`.

use std::path::Path;

use fs_err as fs;
use python_static::Project;

use super::{GenerateError as Error, NewRevision};
use crate::config::ScriptSettings;
use crate::revision::{Revision, RevisionError};
use crate::script::directory::declaration_problem;
use crate::script::read::Script;
use crate::script::{
    Declaration, ScriptDirectory, ScriptDirectoryError, Warning, is_script_name, parse,
};

/// Reads a new script back, as Alembic does after it was written. What it warns about goes to `warnings`, also where
/// it fails.
///
/// # Errors
/// A script that cannot be read, that follows itself, that lacks the label it was given, whose label is taken, or that
/// follows or depends on what is not there. The file stays.
pub fn read_back(
    scripts: &ScriptDirectory,
    settings: &ScriptSettings,
    request: &NewRevision,
    path: &Path,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    if path.file_name().is_some_and(|name| name == ".py") {
        return Err(Error::NoScriptName { path: path.to_owned() });
    }
    if !is_script_name(path) {
        return Ok(());
    }
    let bytes = fs::read(path).map_err(Error::Written)?;
    let project = Project::new(settings.prepend_sys_path.iter().cloned());
    let (script, declared) = parse(path, bytes, &project)
        .map_err(|problem| Error::Graph(ScriptDirectoryError::Scripts(vec![*problem])))?;
    let Declaration { revision, down_revision, depends_on, branch_labels } = declared;
    let added = Added {
        scripts,
        revision: Revision::new(revision, down_revision, depends_on, branch_labels)
            .map_err(|error| refused(&script, error))?,
        script,
    };
    if let Some(label) = &request.branch_label
        && added.revision.branch_labels().is_empty()
    {
        return Err(Error::LabelLost {
            revision: added.revision.id().to_owned(),
            label: label.clone(),
            path: path.to_owned(),
        });
    }
    added.link(warnings)
}

fn refused(script: &Script, error: RevisionError) -> Error {
    Error::Graph(ScriptDirectoryError::Scripts(vec![declaration_problem(script, error)]))
}

/// A new revision beside those that were there.
struct Added<'a> {
    scripts: &'a ScriptDirectory,
    script: Script,
    revision: Revision,
}

impl Added<'_> {
    /// The steps of `add_revision`, in its order: labels stand in the same map as identifiers.
    fn link(&self, warnings: &mut Vec<Warning>) -> Result<(), Error> {
        let (map, revision) = (self.scripts.map(), &self.revision);
        if map.lookup(revision.id()).is_some() {
            warnings.push(Warning::DuplicateRevision { revision: revision.id().to_owned() });
        }
        // Labels go up to the parent before anything is said about one that is not there.
        if !revision.branch_labels().is_empty()
            && let [only] = revision.down_revision()
        {
            self.parent(only)?;
        }
        self.labels()?;
        for name in revision.dependencies() {
            if !self.is_there(name) {
                let (missing, referenced_by) = (name.clone(), revision.id().to_owned());
                let error = RevisionError::MissingDependency { missing, referenced_by };
                return Err(refused(&self.script, error));
            }
        }
        for name in revision.down_revision() {
            if !self.is_there(name) {
                let referenced_by =
                    ScriptDirectory::warning_form(&self.script, revision, true, false);
                let missing = name.clone();
                warnings.push(Warning::MissingParent { missing, referenced_by });
            }
            self.parent(name)?;
        }
        Ok(())
    }

    /// Is that an identifier or a label, of the new script or of another?
    fn is_there(&self, name: &str) -> bool {
        let own = || self.revision.branch_labels().iter().any(|label| label == name);
        self.scripts.map().lookup(name).is_some() || name == self.revision.id() || own()
    }

    fn parent(&self, name: &str) -> Result<(), Error> {
        if self.is_there(name) {
            return Ok(());
        }
        let (missing, referenced_by) = (name.to_owned(), self.revision.id().to_owned());
        Err(refused(&self.script, RevisionError::MissingParent { missing, referenced_by }))
    }

    fn labels(&self) -> Result<(), Error> {
        let (map, id) = (self.scripts.map(), self.revision.id());
        let labels = self.revision.branch_labels();
        for (at, label) in labels.iter().enumerate() {
            let own = label == id || labels[..at].contains(label);
            let used_by = map.lookup(label).map(|index| map.id(index)).filter(|_| !own);
            if let Some(used_by) = used_by.or(own.then_some(id)) {
                return Err(Error::Graph(self.scripts.explain(RevisionError::DuplicateLabel {
                    label: label.clone(),
                    revision: id.to_owned(),
                    used_by: used_by.to_owned(),
                })));
            }
        }
        Ok(())
    }
}
