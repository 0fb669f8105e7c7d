//! GitHub Actions: a workflow command for every finding.
//!
//! GitHub shows ten errors and ten warnings of a step; the rest is in its log.

use std::fmt::Write;

use super::{Answer, full_message, main_place};

/// `::error file=…,line=…,title=…::message`, a line each.
pub(crate) fn render(answer: &Answer<'_>) -> String {
    let mut out = String::new();
    for finding in &answer.report.findings {
        let title = format!("alembic-rs: {}", finding.code.as_str());
        let mut properties = vec![("title", title)];
        if let Some(place) = main_place(finding) {
            let line = place.line.map(|line| ("line", line.to_string()));
            let file = ("file", answer.paths.in_repository(&place.path));
            properties.splice(0..0, std::iter::once(file).chain(line));
        }
        let properties: Vec<String> = properties
            .into_iter()
            .map(|(name, value)| format!("{name}={}", escape_property(&value)))
            .collect();
        let message = escape(&full_message(finding, &answer.paths));
        let command = finding.severity().as_str();
        writeln!(out, "::{command} {}::{message}", properties.join(","))
            .expect("a string takes everything");
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{escape, escape_property};

    #[test]
    fn escapes() {
        assert_eq!(escape("50% a\r\nb: c, d"), "50%25 a%0D%0Ab: c, d");
        assert_eq!(escape_property("a,b:c%0A\n.py"), "a%2Cb%3Ac%250A%0A.py");
    }
}
