//! The documents of status and history, kept as bytes until something changes.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use alembic_core::graph::History;
use alembic_core::revision::Bound;
use alembic_core::script::ScriptDirectory;
use alembic_runtime::project::{Project, Seen, Standing};
use axum::http::StatusCode;
use bytes::Bytes;

use super::{LiveProject, blocking};
use crate::error::{ApiError, ApiResult};

/// What a document was made of.
type Key = (String, String);

/// The documents as they were made last.
#[derive(Default)]
pub(super) struct Documents {
    status: Option<(Key, Bytes)>,
    graph: Option<(Key, Bytes)>,
}

impl LiveProject {
    /// The document of `status --json`.
    pub(crate) async fn status(&self) -> ApiResult<Bytes> {
        let snapshot = self.snapshot().await;
        let project = Arc::clone(snapshot.project()?);
        let scripts = Arc::clone(snapshot.scripts()?);
        let observation = self.observer.observe(&snapshot).await;
        let seen = observation.seen.clone()?;
        let key = (snapshot.fingerprint().to_owned(), observation.fingerprint.clone());
        let mut documents = self.documents.lock().await;
        if let Some((kept, bytes)) = &documents.status
            && *kept == key
        {
            return Ok(bytes.clone());
        }
        let here = self.here.clone();
        let bytes = blocking(move || status(&project, &scripts, seen, &here)).await?;
        documents.status = Some((key, bytes.clone()));
        Ok(bytes)
    }

    /// The document of `history --format json`, with what the database says where it answers.
    pub(crate) async fn graph(&self) -> ApiResult<Bytes> {
        let snapshot = self.snapshot().await;
        let project = Arc::clone(snapshot.project()?);
        let scripts = Arc::clone(snapshot.scripts()?);
        let observation = self.observer.observe(&snapshot).await;
        let key = (snapshot.fingerprint().to_owned(), observation.fingerprint.clone());
        let mut documents = self.documents.lock().await;
        if let Some((kept, bytes)) = &documents.graph
            && *kept == key
        {
            return Ok(bytes.clone());
        }
        let here = self.here.clone();
        let seen = observation.seen.clone().ok();
        let bytes = blocking(move || graph(&project, &scripts, seen, &here)).await??;
        documents.graph = Some((key, bytes.clone()));
        Ok(bytes)
    }
}

fn status(project: &Project, scripts: &ScriptDirectory, seen: Seen, here: &Path) -> Bytes {
    let standing = Standing::new(project, scripts, seen);
    to_bytes(&standing.document(project, scripts, |path| LiveProject::shown(here, path)))
}

fn graph(
    project: &Project,
    scripts: &ScriptDirectory,
    seen: Option<Seen>,
    here: &Path,
) -> ApiResult<Bytes> {
    let map = scripts.map();
    let order = map.history(Bound::Text("base"), Bound::Text("heads"));
    let order = order.map_err(|error| {
        ApiError::of(StatusCode::CONFLICT, "scripts-broken", &scripts.explain(error))
    })?;
    let mut history = History::of_scripts(scripts, &order, |path| LiveProject::shown(here, path));
    if let Some(Seen::Rows { rows, .. }) = seen {
        let rows = rows.unwrap_or_default().into_iter().map(Cow::Owned).collect();
        let url = project.target().ok().map(|target| target.url.to_string().into());
        history.set_database(map, rows, url);
    }
    history.lay_out();
    Ok(to_bytes(&history))
}

/// JSON; documents have text keys and no maps of anything else.
pub(crate) fn to_bytes(document: &impl serde::Serialize) -> Bytes {
    serde_json::to_vec(document).expect("documents are plain").into()
}
