//! `heads --format json`: the heads for programs.

use alembic_core::check::{self, Head, Place};
use alembic_core::revision::RevisionIndex;
use alembic_core::script::ScriptDirectory;

use super::HeadsArgs;
use crate::Outcome;
use crate::context::{Context, explained};
use crate::output::check::{Paths, json};

pub(super) fn run(context: &mut Context, args: &HeadsArgs) -> Outcome {
    let scripts = context.scripts()?;
    let map = scripts.map();
    let mut indices: Vec<RevisionIndex> = if args.resolve_dependencies {
        explained(&scripts, map.get_revisions("heads"))?
    } else {
        map.heads().iter().map(|&head| map.by_id(map.id(head)).unwrap_or(head)).collect()
    };
    // An identifier that two scripts declare is one head.
    indices.dedup();
    let heads: Vec<Head> = indices.into_iter().map(|index| head(&scripts, index)).collect();
    let places: Vec<_> = heads.iter().map(|head| head.place.path.as_path()).collect();
    let facts = check::facts(&places, None);
    let document = json::heads(&heads, &facts, &Paths::new());
    context.output.write(&document)?;
    Ok(0)
}

fn head(scripts: &ScriptDirectory, index: RevisionIndex) -> Head {
    let (map, script) = (scripts.map(), scripts.script(index));
    let revision = map.revision(index);
    let mut labels: Vec<String> = map.labels(index).map(str::to_owned).collect();
    labels.sort_unstable();
    Head {
        revision: revision.id().to_owned(),
        place: Place {
            path: script.path().to_owned(),
            line: usize::try_from(script.line()).ok(),
            revision: Some(revision.id().to_owned()),
        },
        labels,
        down_revision: revision.down_revision().to_vec(),
        depends_on: revision.dependencies().to_vec(),
        message: script.docstring().summary().to_owned(),
        is_depended_on: !map.is_real_head(index),
        on_reference: None,
        only_on_reference: false,
    }
}
