//! What real Alembic said, as `fixtures/README.md` defines the files `expected/*.txt`.

mod canonical;

use std::{collections::BTreeMap, path::Path};

use crate::Output;

const STDOUT: &str = "--- stdout\n";
const STDERR: &str = "--- stderr\n";
const WARNING: &str = "UserWarning: ";

/// How much of standard output's order is Alembic's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// All of it.
    Exact,
    /// Labels and children come in any order; `stdout` is in canonical order.
    Sets {
        /// All branch labels of the fixture.
        labels: Vec<String>,
    },
}

/// The recorded answer to one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The file's name, for messages.
    pub name: String,
    /// The arguments behind `alembic`.
    pub args: Vec<String>,
    /// The exit code.
    pub exit: i32,
    /// Whether the order of `stdout` counts.
    pub order: Order,
    /// Standard output; the project's folder is `{P}`.
    pub stdout: String,
    /// The lines of standard error that matter: warnings, the end of a traceback, a usage error.
    pub stderr: String,
}

impl Expected {
    /// Reads a recorded file.
    ///
    /// # Panics
    ///
    /// When the file cannot be read or does not have the documented form.
    pub fn read(path: &Path) -> Self {
        let text = fs_err::read_to_string(path).expect("a recorded answer");
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self::parse(&name, &text)
    }

    /// Reads the text of a recorded file.
    ///
    /// # Panics
    ///
    /// When the text does not have the documented form.
    pub fn parse(name: &str, text: &str) -> Self {
        let (head, rest) =
            text.split_once(STDOUT).unwrap_or_else(|| panic!("{name}: no line `--- stdout`"));
        let (stdout, stderr) =
            split_at_line(rest, STDERR).unwrap_or_else(|| panic!("{name}: no line `--- stderr`"));
        let (command, head) = head.split_once('\n').unwrap_or((head, ""));
        let args = command
            .strip_prefix("$ alembic")
            .unwrap_or_else(|| panic!("{name}: no command in the first line"));
        let keys: BTreeMap<&str, &str> =
            head.lines().filter_map(|line| line.split_once(": ")).collect();
        let exit = keys.get("exit").and_then(|code| code.parse().ok());
        Self {
            name: name.to_owned(),
            args: args.split_whitespace().map(str::to_owned).collect(),
            exit: exit.unwrap_or_else(|| panic!("{name}: no exit code")),
            order: order(name, &keys),
            stdout: stdout.to_owned(),
            stderr: stderr.to_owned(),
        }
    }

    /// The texts of Alembic's warnings.
    pub fn warnings(&self) -> impl Iterator<Item = &str> {
        self.stderr.lines().filter_map(|line| line.strip_prefix(WARNING))
    }

    /// The last line of a traceback, where Alembic ended in one.
    pub fn traceback(&self) -> Option<&str> {
        let is_other = |line: &&str| !line.starts_with(WARNING) && !is_usage_error(line);
        self.stderr.lines().find(is_other)
    }

    /// What in `output` contradicts this answer, if anything does; a sentence and both texts.
    ///
    /// Where Alembic ended in a traceback, any failure is right that says something: exit 1 or 255, and the same
    /// standard output but for lines `FAILED: …`. A usage error is exit 2 with words on standard error alone. Otherwise
    /// exit code and standard output are the same, and Alembic's warnings, no others, are found on standard error.
    pub fn contradiction(&self, output: &Output) -> Option<String> {
        let (code, stdout, stderr) = (output.code(), output.stdout(), output.stderr());
        let complaint = if self.traceback().is_some() {
            self.contradicts_traceback(code, &stdout, &stderr)
        } else if self.exit == 2 {
            (code != Some(2) || !stdout.is_empty() || stderr.trim().is_empty())
                .then_some("not a usage error")
        } else {
            self.contradicts_answer(code, &stdout, &stderr)
        }?;
        let command = self.args.join(" ");
        Some(format!(
            "{}: `{command}`: {complaint}\n=== alembic: exit {}\n{}--- stderr\n{}=== ours: {output}",
            self.name, self.exit, self.stdout, self.stderr
        ))
    }

    fn contradicts_traceback(
        &self,
        code: Option<i32>,
        stdout: &str,
        stderr: &str,
    ) -> Option<&'static str> {
        let without_refusal = |text: &str| {
            let lines: Vec<&str> =
                text.lines().filter(|line| !line.starts_with("FAILED: ")).collect();
            lines.join("\n")
        };
        if !matches!(code, Some(1 | 255)) {
            Some("the exit code is not that of a failure")
        } else if without_refusal(stdout) != without_refusal(&self.stdout) {
            Some("standard output differs")
        } else if stderr.trim().is_empty() && !stdout.contains("FAILED: ") {
            Some("it failed without a word")
        } else {
            None
        }
    }

    fn contradicts_answer(
        &self,
        code: Option<i32>,
        stdout: &str,
        stderr: &str,
    ) -> Option<&'static str> {
        let same = match &self.order {
            Order::Exact => stdout == self.stdout,
            Order::Sets { labels } => canonical::form(stdout, labels) == self.stdout,
        };
        if code != Some(self.exit) {
            Some("the exit code differs")
        } else if !same {
            Some("standard output differs")
        } else if !self.warnings().all(|warning| stderr.contains(warning)) {
            Some("a warning is missing")
        } else if self.warnings().next().is_none() && stderr.contains(WARNING) {
            Some("there is a warning")
        } else {
            None
        }
    }
}

/// `alembic: error: …`, or `alembic history: error: …` where a command's own options are at fault.
fn is_usage_error(line: &str) -> bool {
    let program = line.split_once(": error: ").map(|(program, _)| program);
    program.is_some_and(|program| program == "alembic" || program.starts_with("alembic "))
}

/// Cuts `text` at the first line that is `separator`.
fn split_at_line<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    if let Some(rest) = text.strip_prefix(separator) {
        return Some(("", rest));
    }
    let at = text.find(&format!("\n{separator}"))? + 1;
    Some((&text[..at], &text[at + separator.len()..]))
}

fn order(name: &str, keys: &BTreeMap<&str, &str>) -> Order {
    match keys.get("order").copied() {
        None => Order::Exact,
        Some("sets") => {
            let labels = keys.get("labels").copied().unwrap_or_default();
            Order::Sets {
                labels: labels
                    .split(", ")
                    .filter(|label| !label.is_empty())
                    .map(str::to_owned)
                    .collect(),
            }
        }
        Some(other) => panic!("{name}: order `{other}` is unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Expected, Order};

    const RANGE: &str = "$ alembic history -r base:heads\nexit: 0\norder: sets\nlabels: port, starboard\n\
                         --- stdout\nb (port)\n--- stderr\nUserWarning: Revision b is present more than once\n";

    #[test]
    fn every_part_of_a_file_is_read() {
        let expected = Expected::parse("x.txt", RANGE);
        assert_eq!(expected.args, ["history", "-r", "base:heads"]);
        assert_eq!(expected.exit, 0);
        assert_eq!(
            expected.order,
            Order::Sets { labels: vec!["port".to_owned(), "starboard".to_owned()] }
        );
        assert_eq!(expected.stdout, "b (port)\n");
        assert_eq!(
            expected.warnings().collect::<Vec<_>>(),
            ["Revision b is present more than once"]
        );
        assert_eq!(expected.traceback(), None);
    }

    #[test]
    fn empty_streams_and_tracebacks() {
        let text = "$ alembic heads\nexit: 1\n--- stdout\n--- stderr\nKeyError: 'x'\n";
        let expected = Expected::parse("x.txt", text);
        assert_eq!((expected.stdout.as_str(), expected.traceback()), ("", Some("KeyError: 'x'")));
        assert_eq!(expected.order, Order::Exact);
    }

    #[test]
    fn a_usage_error_is_no_traceback() {
        for program in ["alembic", "alembic history"] {
            let text = format!(
                "$ alembic history\nexit: 2\n--- stdout\n--- stderr\n{program}: error: no\n"
            );
            assert_eq!(Expected::parse("x.txt", &text).traceback(), None);
        }
    }

    #[test]
    #[should_panic(expected = "x.txt: no exit code")]
    fn a_file_without_an_exit_code_is_refused() {
        Expected::parse("x.txt", "$ alembic heads\n--- stdout\n--- stderr\n");
    }
}

#[cfg(all(test, unix))]
mod comparison {
    use super::Expected;
    use crate::{Project, TestContext};

    /// What is wrong when a program prints `stdout` and `stderr` and ends with `exit`.
    fn complaint(expected: &str, exit: i32, stdout: &str, stderr: &str) -> Option<String> {
        let context = TestContext::new("/bin/sh", Project::empty());
        let script = format!("printf '{stdout}'; printf '{stderr}' >&2; exit {exit}");
        let found = Expected::parse("x", expected).contradiction(&context.run(["-c", &script]))?;
        let line = found.lines().next().unwrap_or_default();
        Some(line.rsplit(": ").next().unwrap_or_default().to_owned())
    }

    #[test]
    fn a_listing_must_be_the_same() {
        let heads = "$ alembic heads\nexit: 0\n--- stdout\na (head)\n--- stderr\n";
        assert_eq!(complaint(heads, 0, "a (head)\n", ""), None);
        assert_eq!(complaint(heads, 0, "a\n", "").unwrap(), "standard output differs");
        assert_eq!(complaint(heads, 255, "a (head)\n", "").unwrap(), "the exit code differs");
        assert_eq!(
            complaint(heads, 0, "a (head)\n", "UserWarning: x").unwrap(),
            "there is a warning"
        );
    }

    #[test]
    fn sets_are_compared_in_canonical_order() {
        let heads = "$ alembic heads\nexit: 0\norder: sets\nlabels: l, m\n--- stdout\na (l, m)\n--- stderr\nUserWarning: w\n";
        assert_eq!(complaint(heads, 0, "a (m, l)\n", "x: UserWarning: w"), None);
        assert_eq!(complaint(heads, 0, "a (m, l)\n", "").unwrap(), "a warning is missing");
    }

    #[test]
    fn a_traceback_may_become_a_refusal() {
        let heads = "$ alembic heads\nexit: 1\n--- stdout\n--- stderr\nKeyError: x\n";
        assert_eq!(complaint(heads, 255, "FAILED: no x\n", ""), None);
        assert_eq!(complaint(heads, 1, "", "no x"), None);
        assert_eq!(complaint(heads, 1, "", "").unwrap(), "it failed without a word");
        assert_eq!(
            complaint(heads, 0, "", "no x").unwrap(),
            "the exit code is not that of a failure"
        );
        assert_eq!(complaint(heads, 1, "a\n", "no x").unwrap(), "standard output differs");
    }

    #[test]
    fn a_usage_error_is_quiet_on_stdout() {
        let usage = "$ alembic show\nexit: 2\n--- stdout\n--- stderr\nalembic: error: x\n";
        assert_eq!(complaint(usage, 2, "", "usage: y"), None);
        assert_eq!(complaint(usage, 2, "usage", "y").unwrap(), "not a usage error");
    }
}
