//! GitLab: a Code Quality report, for `artifacts: reports: codequality`.

use alembic_core::check::Severity;
use serde::Serialize;

use super::{Answer, Fingerprints, document, full_message, main_place};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// An array of issues; an empty one when all is fine.
pub(crate) fn render(answer: &Answer<'_>) -> String {
    let mut fingerprints = Fingerprints::default();
    let issues: Vec<Issue> = answer
        .report
        .findings
        .iter()
        .map(|finding| {
            let place = main_place(finding);
            let path = place.map(|place| answer.paths.in_repository(&place.path));
            let path = path.unwrap_or_default();
            Issue {
                description: full_message(finding, &answer.paths),
                check_name: finding.code.as_str(),
                fingerprint: fingerprints.of(finding, &path),
                severity: match finding.severity() {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                },
                location: Location {
                    path,
                    // GitLab wants a line, also where the whole file is meant.
                    lines: Lines { begin: place.and_then(|place| place.line).unwrap_or(1) },
                },
            }
        })
        .collect();
    document(&issues)
}
