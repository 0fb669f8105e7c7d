//! One revision in full.

use std::sync::Arc;

use alembic_core::revision::RevisionIndex;
use alembic_core::script::ScriptDirectory;

use super::{LiveProject, blocking};
use crate::api::revisions::{RevisionDetail, RevisionLink};
use crate::error::{ApiError, ApiResult};

impl LiveProject {
    /// The revision of exactly this identifier.
    pub(crate) async fn revision(&self, id: String) -> ApiResult<RevisionDetail> {
        let snapshot = self.snapshot().await;
        let scripts = Arc::clone(snapshot.scripts()?);
        let here = self.here.clone();
        blocking(move || {
            let index = scripts.map().by_id(&id);
            let index = index.ok_or_else(|| {
                ApiError::not_found(format!("no script of the project declares `{id}`"))
            })?;
            let mut detail = detail(&scripts, index);
            detail.path = Self::shown(&here, scripts.script(index).path()).into_owned();
            Ok(detail)
        })
        .await?
    }
}

fn detail(scripts: &ScriptDirectory, index: RevisionIndex) -> RevisionDetail {
    let (map, script) = (scripts.map(), scripts.script(index));
    let revision = map.revision(index);
    let links = |indices: &mut dyn Iterator<Item = RevisionIndex>| -> Vec<RevisionLink> {
        indices.map(|index| link(scripts, index)).collect()
    };
    let dependencies: Vec<_> =
        revision.dependencies().iter().filter_map(|name| map.lookup(name)).collect();
    let depends = |other: &RevisionIndex| {
        let names = map.revision(*other).dependencies();
        names.iter().any(|name| map.lookup(name) == Some(index))
    };
    let mut text = String::new();
    scripts.write_block(&mut text, index, false);
    let docstring = script.docstring();
    RevisionDetail {
        id: revision.id().to_owned(),
        message: docstring.summary().to_owned(),
        docstring: docstring.as_str().to_owned(),
        create_date: docstring.field("Create Date").map(str::to_owned),
        path: String::new(),
        line: script.line(),
        source: script.source().map(|source| source.inner().clone()),
        parents: links(&mut map.parents(index)),
        children: links(&mut map.children(index)),
        dependencies: links(&mut dependencies.into_iter()),
        dependents: links(&mut map.live_indices().filter(depends)),
        branch_labels: revision.branch_labels().to_vec(),
        labels: map.labels(index).map(str::to_owned).collect(),
        text,
    }
}

fn link(scripts: &ScriptDirectory, index: RevisionIndex) -> RevisionLink {
    RevisionLink {
        id: scripts.map().id(index).to_owned(),
        message: scripts.script(index).docstring().summary().to_owned(),
    }
}
