//! The schema that the project's SQLAlchemy models define, read again when a source changed.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use alembic_core::config::Config;
use axum::http::StatusCode;
use bytes::Bytes;
use fs_err as fs;
use sqlalchemy_models::erd::Diagram;
use sqlalchemy_models::{Options, version};

use super::documents::to_bytes;
use super::{FRESH, LiveProject, blocking};
use crate::error::{ApiError, ApiResult};

/// The variable with the bases of the models, for projects whose env.py does not lead to them.
const BASE: &str = "SQLALCHEMY_BASE";
/// More files than this are no project's own sources; what lies behind them is not looked at.
const MOST_FILES: usize = 20_000;
/// Folders deeper than this are a link loop that the file system did not notice.
const MAX_DEPTH: usize = 32;
/// What says which SQLAlchemy the project has.
const LOCKS: [&str; 5] = ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "requirements.txt"];

/// What was read.
pub(crate) struct Models {
    /// The document of `models --json`.
    pub(crate) document: Bytes,
    /// The tables and the relations between them.
    pub(crate) diagram: Arc<Diagram>,
}

/// What was read last, and of which state of the files.
#[derive(Default)]
pub(super) struct Kept {
    looked: Option<(Instant, u64)>,
    read: Option<(u64, ApiResult<Arc<Models>>)>,
}

impl LiveProject {
    /// The models as they are now.
    pub(crate) async fn models(&self) -> ApiResult<Arc<Models>> {
        let mut kept = self.models.lock().await;
        let (options, state) = self.look(&mut kept).await?;
        if let Some((of, models)) = &kept.read
            && *of == state
        {
            return models.clone();
        }
        let models = blocking(move || read(&options)).await?;
        kept.read = Some((state, models.clone()));
        models
    }

    /// What changes with the sources of the models; nothing before somebody has asked for them.
    pub(crate) async fn models_state(&self) -> Option<String> {
        let mut kept = self.models.lock().await;
        kept.read.as_ref()?;
        let (_, state) = self.look(&mut kept).await.ok()?;
        Some(format!("{state:016x}"))
    }

    /// Which models, and the state of their sources, which is looked at no more often than anything else here.
    async fn look(&self, kept: &mut Kept) -> ApiResult<(Options, u64)> {
        let project = Arc::clone(self.snapshot().await.project()?);
        let base = (self.source.project.environment)(BASE);
        let base = base.and_then(|base| base.into_string().ok()).unwrap_or_default();
        let (here, last) = (self.here.clone(), kept.looked);
        let (options, looked) = blocking(move || {
            let options = options(project.config(), &base, &here);
            let fresh = last.filter(|(at, _)| at.elapsed() < FRESH);
            let looked = fresh.unwrap_or_else(|| (Instant::now(), state(&options)));
            (options, looked)
        })
        .await?;
        kept.looked = Some(looked);
        Ok((options, looked.1))
    }
}

fn read(options: &Options) -> ApiResult<Arc<Models>> {
    let schema = sqlalchemy_models::read(options).map_err(|error| {
        let message = format!("the models cannot be read: {error}");
        ApiError::new(StatusCode::CONFLICT, "models-unreadable", message).with_help(format!(
            "name a base class or MetaData, as `module:Name`, in the variable {BASE}"
        ))
    })?;
    Ok(Arc::new(Models { document: to_bytes(&schema), diagram: Arc::new(Diagram::of(&schema)) }))
}

/// Which models: those of `models`, here.
fn options(config: &Config, base: &str, here: &Path) -> Options {
    let named = base.split([',', ' ']).filter(|base| !base.is_empty());
    let mut options = Options {
        current: here.to_owned(),
        bases: named.map(str::to_owned).collect(),
        version: version::of_project(here),
        ..Options::default()
    };
    if let Some((roots, env)) = of_config(config, here) {
        options.roots = roots;
        options.env = Some(env);
    }
    if options.roots.is_empty() {
        options.roots.push(here.to_owned());
    }
    options.roots.extend(version::site_packages(here));
    options
}

fn of_config(config: &Config, here: &Path) -> Option<(Vec<PathBuf>, PathBuf)> {
    let settings = config.script_settings().ok()?;
    let roots = settings.prepend_sys_path.iter().map(|root| here.join(root)).collect();
    Some((roots, here.join(settings.script_location).join("env.py")))
}

/// A number that changes with names, sizes and times of the project's own sources. Installed packages are not looked
/// at: what they hold changes with a lock file.
fn state(options: &Options) -> u64 {
    let mut files: Vec<PathBuf> = options.env.iter().cloned().collect();
    files.extend(LOCKS.iter().map(|name| options.current.join(name)));
    for root in options.roots.iter().filter(|root| !is_installed(root)) {
        list(root, 0, &mut files);
    }
    files.sort();
    files.dedup();
    let mut hash = DefaultHasher::new();
    options.bases.hash(&mut hash);
    for file in files {
        if let Ok(metadata) = fs::metadata(&file) {
            file.hash(&mut hash);
            metadata.len().hash(&mut hash);
            metadata.modified().ok().hash(&mut hash);
        }
    }
    hash.finish()
}

fn is_installed(folder: &Path) -> bool {
    folder.ends_with("site-packages")
}

fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if files.len() >= MOST_FILES {
            return;
        }
        let path = entry.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && depth < MAX_DEPTH && may_hold_sources(&path, name) {
            list(&path, depth + 1, files);
        }
        if !is_folder && path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
}

/// Whether a folder is not one of a tool or an environment.
fn may_hold_sources(path: &Path, name: &str) -> bool {
    const TOOLS: [&str; 3] = ["__pycache__", "node_modules", "site-packages"];
    !name.starts_with('.') && !TOOLS.contains(&name) && !path.join("pyvenv.cfg").exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_projects_own_sources_count_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let options = Options {
            roots: vec![root.to_owned()],
            current: root.to_owned(),
            ..Options::default()
        };
        let mut seen = vec![state(&options)];
        let mut changed = |path: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x = 1").unwrap();
            seen.push(state(&options));
            seen[seen.len() - 1] != seen[seen.len() - 2]
        };
        assert!(changed("app/models.py"));
        assert!(changed("app/pets/models.py"));
        assert!(changed("uv.lock"));
        assert!(!changed("node_modules/x/gyp.py"));
        assert!(!changed(".git/hook.py"));
        assert!(!changed("env/pyvenv.cfg"));
        assert!(!changed("env/lib/six.py"));
        assert!(!changed("notes.txt"));
    }
}
