//! Projects that the server is put over.

use std::path::Path;
use std::sync::Arc;

use alembic_core::config::ConfigOptions;
use alembic_runtime::project::ProjectOptions;
use alembic_server::{ProjectSource, ServerOptions};
use alembic_testing::{Project, Revision, Venv};

use crate::client::Client;

/// A project of letters on a SQLite file that is not there yet.
pub(crate) fn letters(letters: &str) -> Project {
    let project = Project::from_letters(letters);
    on(&project, &sqlite(&project));
    project
}

/// A project of these scripts on a SQLite file.
pub(crate) fn scripts(revisions: &[Revision]) -> Project {
    let project = Project::from_revisions(revisions);
    on(&project, &sqlite(&project));
    project
}

/// The URL of the SQLite file in a project.
pub(crate) fn sqlite(project: &Project) -> String {
    format!("sqlite:///{}", project.path("test.db").display())
}

/// Puts a project on a database.
pub(crate) fn on(project: &Project, url: &str) {
    let ini = project.read("alembic.ini");
    let ini = match ini.find("sqlalchemy.url") {
        Some(start) => {
            let end = ini[start..].find('\n').map_or(ini.len(), |end| start + end);
            format!("{}sqlalchemy.url = {url}{}", &ini[..start], &ini[end..])
        }
        None => ini.replacen("[alembic]\n", &format!("[alembic]\nsqlalchemy.url = {url}\n"), 1),
    };
    project.write("alembic.ini", ini.as_bytes());
}

/// A source with the Python that has Alembic and every driver.
pub(crate) fn source(project: &Project) -> ProjectSource {
    let [.., venv] = Venv::matrix();
    source_of(project.root(), Some(&venv))
}

/// A source without any Python.
pub(crate) fn source_without_python(project: &Project) -> ProjectSource {
    source_of(project.root(), None)
}

fn source_of(root: &Path, venv: Option<&Venv>) -> ProjectSource {
    let python = venv.map_or_else(|| "/nowhere/python".into(), |venv| venv.python().into());
    ProjectSource {
        config: ConfigOptions::new(root),
        project: ProjectOptions {
            // Nothing of the developer's machine shows.
            environment: Arc::new(|_| None),
            ..ProjectOptions::default()
        },
        python: Some(python),
    }
}

/// A client of a server over the project, with real Alembic.
pub(crate) async fn client(project: &Project) -> Client {
    Client::new(source(project), ServerOptions::default()).await
}

/// A client of a server over a small project, where nothing is run.
pub(crate) async fn plain_client() -> (Project, Client) {
    let project = letters("a <- b");
    let client = Client::new(source_without_python(&project), ServerOptions::default()).await;
    (project, client)
}
