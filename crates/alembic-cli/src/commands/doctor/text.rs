//! The checks as a person reads them: status and name in columns, sentence and fix beside them.

use std::fmt::Write as _;

use alembic_core::doctor::{Check, Way};
use textwrap::{Options, WordSeparator, WordSplitter};

use crate::output::visible::visible;

/// Columns for a status, and blanks between columns.
const STATUS: usize = 7;
const GAP: usize = 2;
/// A sentence is set no narrower than this, however narrow the terminal.
const LEAST: usize = 24;
/// Where the command of a fix begins.
const COMMANDS: [&str; 2] = [": alembic-rs ", ": git "];

/// Every check, set for a terminal of that many columns, or unwrapped without one.
pub(super) fn render(checks: &[Check], terminal: Option<usize>) -> String {
    let names = checks.iter().map(|check| check.name.len()).max().unwrap_or_default();
    let indent = STATUS + GAP + names + GAP;
    let room = terminal.map_or(usize::MAX, |columns| columns.saturating_sub(indent).max(LEAST));
    let mut out = String::new();
    for Check { name, status, sentence, fix, ways } in checks {
        // The first of the ways is the fix.
        let others: Vec<String> = ways.iter().skip(1).map(Way::to_string).collect();
        let fix = fix.iter().chain(&others).flat_map(|fix| fix.lines());
        let fix = fix.flat_map(|line| set_fix(&visible(line), room));
        let mut lines = sentence.lines().flat_map(|line| set(&visible(line), room)).chain(fix);
        let first = lines.next().unwrap_or_default();
        let written = writeln!(out, "{:<STATUS$}  {name:<names$}  {first}", status.as_str());
        written.expect("a string takes everything");
        for line in lines {
            writeln!(out, "{:indent$}{line}", "").expect("a string takes everything");
        }
    }
    out
}

/// Wraps between words; a path or a URL that is longer than a line stays whole.
fn set(text: &str, room: usize) -> Vec<String> {
    let options = Options::new(room)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::wrap(text, options).into_iter().map(Into::into).collect()
}

/// A command that does not fit gets a line of its own, whole: it is there to be copied.
fn set_fix(line: &str, room: usize) -> Vec<String> {
    let colon = COMMANDS.iter().find_map(|command| line.find(command));
    let Some(colon) = colon.filter(|_| line.chars().count() > room) else {
        return set(line, room);
    };
    let (words, command) = line.split_at(colon + 1);
    let mut lines = set(words, room);
    lines.push(command.to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use alembic_core::doctor::Check;

    use super::render;

    fn checks() -> [Check; 2] {
        let ok = Check::ok("links", "every revision that a script names is there, and no ring");
        let fix = "keep history linear: alembic-rs rebase 744121d4b56d --onto 0569f4e42c38";
        [ok, Check::warning("heads", "2 heads, expected 1", fix.to_owned())]
    }

    #[test]
    fn a_wide_terminal_and_a_file_have_a_line_for_each() {
        let expected = "\
ok       links  every revision that a script names is there, and no ring
warning  heads  2 heads, expected 1
                keep history linear: alembic-rs rebase 744121d4b56d --onto 0569f4e42c38
";
        assert_eq!(render(&checks(), None), expected);
        assert_eq!(render(&checks(), Some(120)), expected);
    }

    #[test]
    fn a_narrow_one_breaks_between_words_and_keeps_commands_whole() {
        let expected = "\
ok       links  every revision that a script names is
                there, and no ring
warning  heads  2 heads, expected 1
                keep history linear:
                 alembic-rs rebase 744121d4b56d --onto 0569f4e42c38
";
        assert_eq!(render(&checks(), Some(56)), expected);
    }
}
