//! The documents of `heads --format json`, with and without `--check`; described
//! in docs/check-json.md.

use std::path::Path;

use alembic_core::check::{CheckReport, Facts, Finding, Head, Place, Severity};
use alembic_core::git::FileFacts;
use serde::Serialize;

use super::{Answer, Paths, document};

/// Counts up when a field changes its meaning or goes away; new fields may come
/// at any time.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct HeadsDocument<'a> {
    version: u32,
    heads: Vec<HeadObject<'a>>,
}

#[derive(Serialize)]
struct CheckDocument<'a> {
    version: u32,
    ok: bool,
    exit_code: u8,
    complete: bool,
    checked: Checked<'a>,
    counts: Counts,
    heads: Vec<HeadObject<'a>>,
    findings: Vec<FindingObject<'a>>,
}

#[derive(Serialize)]
struct Checked<'a> {
    scripts: usize,
    allow: usize,
    per_label: bool,
    resolve_dependencies: bool,
    against: Option<AgainstObject<'a>>,
}

#[derive(Serialize)]
struct AgainstObject<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
    commit: Option<&'a str>,
    merge_base: Option<&'a str>,
    added: Vec<String>,
}

#[derive(Serialize)]
struct Counts {
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct HeadObject<'a> {
    revision: &'a str,
    #[serde(flatten)]
    place: PlaceObject,
    labels: &'a [String],
    down_revision: &'a [String],
    depends_on: &'a [String],
    message: &'a str,
    effective: bool,
    on_ref: Option<bool>,
    only_on_ref: bool,
    git: Option<GitObject<'a>>,
}

#[derive(Serialize)]
struct PlaceObject {
    path: String,
    repository_path: Option<String>,
    line: Option<usize>,
}

#[derive(Serialize)]
struct GitObject<'a> {
    state: &'static str,
    author: Option<&'a str>,
    commit: Option<&'a str>,
    date: Option<&'a str>,
}

#[derive(Serialize)]
struct FindingObject<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    revisions: &'a [String],
    label: Option<&'a str>,
    places: Vec<FindingPlace<'a>>,
    common_ancestors: Vec<FindingPlace<'a>>,
    help: Vec<String>,
}

#[derive(Serialize)]
struct FindingPlace<'a> {
    revision: Option<&'a str>,
    #[serde(flatten)]
    place: PlaceObject,
    git: Option<GitObject<'a>>,
}

/// The heads alone.
pub(crate) fn heads(heads: &[Head], facts: &Facts, paths: &Paths) -> String {
    let heads = heads.iter().map(|head| head_object(head, facts, paths)).collect();
    document(&HeadsDocument { version: VERSION, heads })
}

/// The answer of a check.
pub(crate) fn report(answer: &Answer<'_>) -> String {
    let Answer { report, options, against, paths, exit_code } = answer;
    let CheckReport { scripts, heads, findings, facts } = report;
    let added = |path: &Path| paths.here(path);
    document(&CheckDocument {
        version: VERSION,
        ok: *exit_code == 0,
        exit_code: *exit_code,
        complete: !report.is_incomplete(),
        checked: Checked {
            scripts: *scripts,
            allow: options.allow,
            per_label: options.per_label,
            resolve_dependencies: options.resolve_dependencies,
            against: against.map(|against| AgainstObject {
                reference: against.reference(),
                commit: against.commit(),
                merge_base: against.merge_base(),
                added: against.added_scripts().map(added).collect(),
            }),
        },
        counts: Counts {
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
        },
        heads: heads.iter().map(|head| head_object(head, facts, paths)).collect(),
        findings: findings.iter().map(|finding| finding_object(finding, facts, paths)).collect(),
    })
}

fn head_object<'a>(head: &'a Head, facts: &'a Facts, paths: &Paths) -> HeadObject<'a> {
    HeadObject {
        revision: &head.revision,
        place: place_object(&head.place, paths),
        labels: &head.labels,
        down_revision: &head.down_revision,
        depends_on: &head.depends_on,
        message: &head.message,
        effective: head.is_depended_on,
        on_ref: head.on_reference,
        only_on_ref: head.only_on_reference,
        git: facts.get(&head.place.path).map(git_object),
    }
}

fn finding_object<'a>(finding: &'a Finding, facts: &'a Facts, paths: &Paths) -> FindingObject<'a> {
    let place = |place: &'a Place| FindingPlace {
        revision: place.revision.as_deref(),
        place: place_object(place, paths),
        git: facts.get(&place.path).map(git_object),
    };
    FindingObject {
        code: finding.code.as_str(),
        severity: finding.severity().as_str(),
        message: &finding.message,
        revisions: &finding.revisions,
        label: finding.label.as_deref(),
        places: finding.places.iter().map(place).collect(),
        common_ancestors: finding.common_ancestors.iter().map(place).collect(),
        help: finding.help.iter().map(ToString::to_string).collect(),
    }
}

fn place_object(place: &Place, paths: &Paths) -> PlaceObject {
    PlaceObject {
        path: paths.here(&place.path),
        repository_path: paths.inside(&place.path).map(|_| paths.in_repository(&place.path)),
        line: place.line,
    }
}

fn git_object(facts: &FileFacts) -> GitObject<'_> {
    GitObject {
        state: facts.state.as_str(),
        author: facts.author.as_deref(),
        commit: facts.commit.as_ref().map(|commit| commit.id.as_str()),
        date: facts.commit.as_ref().map(|commit| commit.date.as_str()),
    }
}
