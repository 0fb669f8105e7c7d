//! SARIF 2.1.0, for code scanning.

use std::fmt::Write;
use std::path::Path;

use alembic_core::check::{Code, Finding, Place, Severity};
use serde_json::{Value, json};

use super::{Answer, Fingerprints, Paths, document, full_message, main_place};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The name by which consumers know the top of the repository.
const ROOT: &str = "%SRCROOT%";

/// A log with one run.
pub(crate) fn render(answer: &Answer<'_>) -> String {
    let mut fingerprints = Fingerprints::default();
    let findings = answer.report.findings.iter();
    let results: Vec<Value> =
        findings.map(|finding| result(finding, &answer.paths, &mut fingerprints)).collect();
    let rules: Vec<Value> = Code::ALL.into_iter().map(rule).collect();
    document(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "alembic-rs",
                    "version": env!("CARGO_PKG_VERSION"),
                    "informationUri": env!("CARGO_PKG_HOMEPAGE"),
                    "rules": rules,
                },
            },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {
                ROOT: { "description": { "text": "the top of the repository" } },
            },
            "results": results,
        }],
    }))
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": code.description() },
        "defaultConfiguration": { "level": level(code.severity()) },
        "properties": { "tags": ["migrations"] },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn result(finding: &Finding, paths: &Paths, fingerprints: &mut Fingerprints) -> Value {
    let main = main_place(finding);
    let path = main.map(|place| paths.in_repository(&place.path)).unwrap_or_default();
    let mut result = json!({
        "ruleId": finding.code.as_str(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == finding.code),
        "level": level(finding.severity()),
        "message": { "text": full_message(finding, paths) },
        "locations": main.into_iter().map(|place| location(place, paths, None)).collect::<Vec<_>>(),
        "partialFingerprints": { "alembicFinding/v1": fingerprints.of(finding, &path) },
    });
    let others = finding.places.iter().filter(|place| Some(*place) != main);
    let others: Vec<Value> =
        others.zip(1_usize..).map(|(place, id)| location(place, paths, Some(id))).collect();
    if !others.is_empty() {
        result["relatedLocations"] = Value::Array(others);
    }
    result
}

fn location(place: &Place, paths: &Paths, id: Option<usize>) -> Value {
    let artifact = match paths.inside(&place.path) {
        Some(inside) => json!({ "uri": uri(inside), "uriBaseId": ROOT }),
        None => json!({ "uri": format!("file://{}", uri(&place.path)) }),
    };
    let mut physical = json!({ "artifactLocation": artifact });
    if let Some(line) = place.line {
        physical["region"] = json!({ "startLine": line });
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(id) = id {
        location["id"] = json!(id);
        let revision = place.revision.as_deref().unwrap_or_default();
        location["message"] = json!({ "text": format!("revision {revision}") });
    }
    location
}

/// The path as a URI reference: every byte but the unreserved ones and slashes
/// percent-encoded.
fn uri(path: &Path) -> String {
    let path = path.as_os_str().as_encoded_bytes();
    path.iter().fold(String::with_capacity(path.len()), |mut uri, &byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            b'\\' if cfg!(windows) => uri.push('/'),
            _ => write!(uri, "%{byte:02X}").expect("a string takes everything"),
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::uri;
    use std::path::Path;

    #[test]
    fn uris() {
        assert_eq!(uri(Path::new("v s/é#%:1\n.py")), "v%20s/%C3%A9%23%25%3A1%0A.py");
    }
}
