//! The project as it lies there now, and what its database says now.
//!
//! Scripts are read when they changed, which is looked at no more than twice a second for all requests together, and
//! before every plan; the database is asked no more often. Documents are kept until either changes, so that a status
//! costs nothing but its bytes.

mod browser;
mod database;
mod documents;
mod environment;
mod folder;
mod models;
mod planned;
mod revision;
mod snapshot;

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use alembic_core::config::ConfigOptions;
use alembic_runtime::project::ProjectOptions;
use alembic_runtime::python::AlembicCommand;
use tokio::sync::Mutex;

use crate::api::revisions::Problems;
use crate::error::{ApiError, ApiResult};

use self::browser::Browsing;
use self::database::Observer;
use self::documents::Documents;
pub(crate) use self::documents::to_bytes;
pub(crate) use self::planned::{Planned, sorted};
pub(crate) use self::snapshot::Snapshot;

/// What a PostgreSQL shows as the name of our connections.
pub(crate) const APPLICATION: &str = "alembic-rs ui";

/// How old what is known may be.
const FRESH: Duration = Duration::from_millis(500);

/// Where the project is, and how it was asked for.
#[derive(Clone)]
pub struct ProjectSource {
    /// Where the configuration is.
    pub config: ConfigOptions,
    /// Which database.
    pub project: ProjectOptions,
    /// `--python`.
    pub python: Option<OsString>,
}

impl ProjectSource {
    /// Alembic's command with the global options that the server was started with.
    pub(crate) fn command(&self, command: AlembicCommand) -> AlembicCommand {
        AlembicCommand {
            config_files: self.config.config_files.clone(),
            section: Some(self.config.section.clone()).filter(|section| section != "alembic"),
            x: self.project.x_arguments.iter().map(Into::into).collect(),
            ..command
        }
    }
}

/// A project that is looked at again and again.
pub struct LiveProject {
    source: Arc<ProjectSource>,
    here: PathBuf,
    checked: Mutex<Checked>,
    observer: Arc<Observer>,
    documents: Mutex<Documents>,
    browsing: Mutex<Option<Browsing>>,
    models: Mutex<models::Kept>,
}

#[derive(Default)]
struct Checked {
    at: Option<Instant>,
    snapshot: Option<Arc<Snapshot>>,
}

impl LiveProject {
    /// Nothing is read before it is asked for.
    pub fn new(mut source: ProjectSource) -> Self {
        APPLICATION.clone_into(&mut source.project.application_name);
        let cwd = &source.config.cwd;
        let here = fs_err::canonicalize(cwd).unwrap_or_else(|_| cwd.clone());
        Self {
            source: Arc::new(source),
            here,
            checked: Mutex::default(),
            observer: Arc::new(Observer::new()),
            documents: Mutex::default(),
            browsing: Mutex::default(),
            models: Mutex::default(),
        }
    }

    /// How it was asked for.
    pub(crate) fn source(&self) -> &Arc<ProjectSource> {
        &self.source
    }

    /// Scripts and configuration as they are now.
    pub(crate) async fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot_within(FRESH).await
    }

    /// Likewise, looked at after this was asked: for what is about to run.
    pub(crate) async fn snapshot_now(&self) -> Arc<Snapshot> {
        self.snapshot_within(Duration::ZERO).await
    }

    async fn snapshot_within(&self, age: Duration) -> Arc<Snapshot> {
        let mut checked = self.checked.lock().await;
        if let Checked { at: Some(at), snapshot: Some(snapshot) } = &*checked
            && at.elapsed() < age
        {
            return Arc::clone(snapshot);
        }
        let (source, last) = (Arc::clone(&self.source), checked.snapshot.clone());
        let refreshed = blocking(move || Snapshot::refresh(&source, last)).await;
        let snapshot = refreshed.unwrap_or_else(|error| Arc::new(Snapshot::failed(error)));
        *checked = Checked { at: Some(Instant::now()), snapshot: Some(Arc::clone(&snapshot)) };
        snapshot
    }

    /// Forgets what the database said: something was changed there.
    pub(crate) fn forget_rows(&self) {
        self.observer.forget();
    }

    /// What changes with the project, and what with the database.
    pub(crate) async fn fingerprints(&self) -> (String, String) {
        let snapshot = self.snapshot().await;
        let observation = self.observer.observe(&snapshot).await;
        (snapshot.fingerprint().to_owned(), observation.fingerprint.clone())
    }

    /// What is wrong with scripts and configuration.
    pub(crate) async fn problems(&self) -> Problems {
        self.snapshot().await.problems().clone()
    }

    /// A path as it is seen from where the server was started.
    fn shown<'a>(here: &Path, path: &'a Path) -> Cow<'a, str> {
        path.strip_prefix(here).unwrap_or(path).to_string_lossy()
    }
}

/// Runs what blocks beside the event loop.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> ApiResult<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| ApiError::internal())
}
