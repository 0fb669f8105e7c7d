//! Where one is.

use std::path::Path;
use std::sync::Arc;

use alembic_runtime::database_url::DatabaseUrl;
use alembic_runtime::dialect::Dialect;
use alembic_runtime::project::{Project, Seen};

use super::{LiveProject, Snapshot, blocking};
use crate::api::environment::{Environment, Place, UrlCandidate, Versions};
use crate::error::ApiResult;
use crate::guard::is_loopback;

impl LiveProject {
    /// The project and its database.
    pub(crate) async fn environment(&self, read_only: bool) -> Environment {
        let snapshot = self.snapshot().await;
        let folder = self.here.display().to_string();
        let nowhere = Environment {
            place: Place::None,
            host: None,
            database: None,
            url: None,
            source: None,
            proven: false,
            why: None,
            reason: None,
            dialect: None,
            candidates: Vec::new(),
            browsable: false,
            read_only,
            config: String::new(),
            folder,
        };
        match snapshot.project() {
            Ok(project) => of_project(project, nowhere),
            Err(error) => Environment { reason: Some(error.into_body().message), ..nowhere },
        }
    }

    /// The URL of the database, its password masked.
    pub(crate) async fn database_name(&self) -> Option<String> {
        let snapshot = self.snapshot().await;
        let target = snapshot.project().ok()?.target().ok()?;
        Some(target.url.to_string())
    }

    /// The versions of everything that takes part.
    pub(crate) async fn versions(&self) -> Versions {
        let snapshot = self.snapshot().await;
        let observation = self.observer.observe(&snapshot).await;
        let server = match &observation.seen {
            Ok(Seen::Rows { server, .. }) => Some(server.clone()),
            _ => None,
        };
        let nothing = Versions {
            alembic_rs: env!("CARGO_PKG_VERSION"),
            alembic: None,
            python: None,
            python_reason: None,
            server,
        };
        let source = Arc::clone(self.source());
        let found = blocking(move || python(&snapshot, source.python.clone())).await;
        match found.and_then(|found| found) {
            Ok((python, alembic)) => Versions { alembic, python: Some(python), ..nothing },
            Err(error) => Versions { python_reason: Some(error.into_body().message), ..nothing },
        }
    }
}

/// The Python that runs migrations, and the version of its Alembic.
fn python(
    snapshot: &Snapshot,
    named: Option<std::ffi::OsString>,
) -> ApiResult<(String, Option<String>)> {
    let python = snapshot.project()?.python(named).into_python()?;
    let shown = alembic_runtime::python::shell_text(&python.program);
    let version = python.alembic.as_ref().and_then(|alembic| alembic.version.as_ref());
    Ok((format!("{shown} ({})", python.origin), version.map(ToString::to_string)))
}

fn of_project(project: &Project, nowhere: Environment) -> Environment {
    let discovery = project.discovery();
    let candidates =
        discovery.candidates.iter().enumerate().map(|(index, candidate)| UrlCandidate {
            place: candidate.place.clone(),
            outcome: candidate.to_string(),
            chosen: discovery.chosen == Some(index),
        });
    let known = Environment {
        candidates: candidates.collect(),
        config: project.config().config_file_name().display().to_string(),
        ..nowhere
    };
    let target = match project.target() {
        Ok(target) => target,
        Err(error) => return Environment { reason: Some(error.to_string()), ..known },
    };
    let dialect = target.url.dialect();
    Environment {
        place: place(&target.url),
        host: target.url.host.clone(),
        database: target.url.database.clone(),
        url: Some(target.url.to_string()),
        source: Some(target.source.clone()),
        proven: target.proven,
        why: Some(target.why.clone()),
        dialect: dialect.map(|dialect| dialect.name().to_owned()),
        browsable: dialect == Some(Dialect::PostgreSql),
        ..known
    }
}

/// A mistake on a database of another machine is somebody else's trouble too.
fn place(url: &DatabaseUrl) -> Place {
    if url.dialect() == Some(Dialect::Sqlite) {
        return Place::Local;
    }
    let hosts = url.host.iter().map(String::as_str).chain(url.query_value("host"));
    let is_local =
        |host: &str| host.is_empty() || Path::new(host).is_absolute() || is_loopback(host);
    let mut hosts = hosts.flat_map(|hosts| hosts.split(','));
    if hosts.all(is_local) { Place::Local } else { Place::Remote }
}
