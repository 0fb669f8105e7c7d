//! The answer of `heads --check` in its forms. Each form is a function from an
//! [`Answer`] to text; nothing is printed here.

pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod json;
mod paths;
pub(crate) mod sarif;
pub(crate) mod text;

use std::path::Path;

use alembic_core::check::{Against, CheckOptions, CheckReport, Code, Finding, Place};

pub(crate) use paths::Paths;

use super::visible::visible;

/// What was asked, what was found, and how paths are written.
pub(crate) struct Answer<'a> {
    pub(crate) report: &'a CheckReport,
    pub(crate) options: CheckOptions,
    pub(crate) against: Option<&'a Against>,
    pub(crate) paths: Paths,
    pub(crate) exit_code: u8,
}

/// The place that a form with one place for each finding shows: the script that
/// has to change.
fn main_place(finding: &Finding) -> Option<&Place> {
    match finding.code {
        // The head that came last.
        Code::MultipleHeads => finding.places.last(),
        _ => finding.places.first(),
    }
}

/// The message with everything else that a reader needs, a line each.
fn full_message(finding: &Finding, paths: &Paths) -> String {
    let mut lines = vec![visible(&finding.message)];
    if finding.places.len() > 1 {
        lines.extend(finding.places.iter().map(|place| {
            let id = place.revision.as_deref().unwrap_or_default();
            visible(&format!("{id}  {}", located(paths.in_repository(&place.path), place.line)))
        }));
    }
    lines.extend(finding.help.iter().map(|help| visible(&format!("help: {help}"))));
    lines.join("\n")
}

/// `path:line`.
fn located(path: String, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("{path}:{line}"),
        None => path,
    }
}

/// Names of findings that stay the same when lines move: 128 bits of FNV-1a over
/// the code, the path and the revisions; `repeats` counts findings that agree in
/// all of them.
#[derive(Default)]
struct Fingerprints {
    seen: std::collections::BTreeMap<String, u32>,
}

impl Fingerprints {
    fn of(&mut self, finding: &Finding, path: &str) -> String {
        let mut revisions = finding.revisions.clone();
        revisions.sort_unstable();
        let label = finding.label.as_deref().unwrap_or_default();
        let mut parts = vec![finding.code.as_str(), label];
        // Which of several heads moves depends on who looks at it.
        parts.extend((finding.code != Code::MultipleHeads).then_some(path));
        parts.extend(revisions.iter().map(String::as_str));
        let key = parts.join("\0");
        let repeats = self.seen.entry(key.clone()).or_default();
        *repeats += 1;
        fnv(&format!("{key}\0{repeats}"))
    }
}

fn fnv(text: &str) -> String {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let hash = |hash: u128, byte: u8| (hash ^ u128::from(byte)).wrapping_mul(PRIME);
    format!("{:032x}", text.bytes().fold(BASIS, hash))
}

/// A document of JSON, for people too.
fn document(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("maps with text keys alone");
    text.push('\n');
    text
}

/// The name of a script's file.
fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
