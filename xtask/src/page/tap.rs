//! What Node's test runner says in TAP, as far as it is wanted here: which tests passed, which failed, and why.

/// A test at the top of a file, or a file that could not be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Test {
    pub(crate) name: String,
    pub(crate) passed: bool,
    /// The path of its file; empty where the report gives none.
    pub(crate) file: String,
    /// The lines about its error.
    pub(crate) error: String,
}

/// Reads a report. Tests within tests count as parts of those that hold them.
pub(crate) fn read(report: &str) -> Vec<Test> {
    let mut tests: Vec<Test> = Vec::new();
    let mut lines = report.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(mut test) = heading(line) else { continue };
        if lines.next_if_eq(&"  ---").is_some() {
            let details: Vec<_> = lines.by_ref().take_while(|line| *line != "  ...").collect();
            test.file = file(&details, &test.name);
            test.error = if test.passed { String::new() } else { error(&details) };
        }
        tests.push(test);
    }
    tests
}

/// `ok 3 - name` or `not ok 3 - name`, at the left edge.
fn heading(line: &str) -> Option<Test> {
    let (passed, rest) = match line.strip_prefix("not ok ") {
        Some(rest) => (false, rest),
        None => (true, line.strip_prefix("ok ")?),
    };
    let (number, name) = rest.split_once(" - ")?;
    number.parse::<u32>().ok()?;
    let name = name.to_owned();
    Some(Test { name, passed, file: String::new(), error: String::new() })
}

/// `location: '/path/specs/data.test.mjs:70:1'`; a file that could not be run has its path for a name.
fn file(details: &[&str], name: &str) -> String {
    let location = details.iter().find_map(|line| line.trim_start().strip_prefix("location: "));
    let path = location.map_or(name, |location| location.trim_matches('\''));
    path.trim_end_matches(|c: char| c.is_ascii_digit() || c == ':').to_owned()
}

/// Everything from the message to the last line of the stack.
fn error(details: &[&str]) -> String {
    let from = details.iter().position(|line| line.starts_with("  error: "));
    let lines = details.get(from.unwrap_or(0)..).unwrap_or_default();
    lines.iter().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "TAP version 13
# Subtest: pages both ways
ok 1 - pages both ways
  ---
  duration_ms: 12.5
  location: '/tree/specs/data.test.mjs:70:1'
  ...
# longest task: 12 ms (goal 50 ms)
# Subtest: a setting - at once
    # Subtest: within
    not ok 1 - within
      ---
      error: 'inner'
      ...
not ok 2 - a setting - at once
  ---
  duration_ms: 30.2
  location: '/tree/specs/page.test.mjs:9:1'
  failureType: 'testCodeFailure'
  error: |-
    locator.click: Timeout
    Call log:
  stack: |-
    /tree/specs/page.test.mjs:12:3
  ...
not ok 3 - /tree/specs/query.test.mjs
  ---
  exitCode: 1
  error: 'test failed'
  ...
1..3
# fail 2
";

    #[test]
    fn tests_are_found_with_file_and_error() {
        let tests = read(REPORT);
        let names: Vec<_> = tests.iter().map(|test| (test.name.as_str(), test.passed)).collect();
        assert_eq!(
            names,
            [
                ("pages both ways", true),
                ("a setting - at once", false),
                ("/tree/specs/query.test.mjs", false)
            ]
        );
        assert_eq!(tests[0].error, "");
        assert_eq!(tests[1].file, "/tree/specs/page.test.mjs");
        assert_eq!(
            tests[1].error,
            "error: |-\n  locator.click: Timeout\n  Call log:\nstack: |-\n  /tree/specs/page.test.mjs:12:3"
        );
        assert_eq!(tests[2].file, "/tree/specs/query.test.mjs");
        assert_eq!(tests[2].error, "error: 'test failed'");
    }

    #[test]
    fn what_is_no_report_has_no_tests() {
        assert_eq!(read("ok\nnot ok then\nok 1\n  ---\n"), []);
    }
}
