//! The answer for people.
//!
//! A block for every finding: what, where (a table), ways out. Nothing is cut; on a
//! terminal that is too narrow for a table its rows are stacked. What comes from
//! files and from git is shown with its control characters spelled out, so that no
//! file name writes to the terminal.

use std::fmt::Write;

use alembic_core::check::{Code, Finding, Place, Severity};
use alembic_core::git::{FileFacts, FileState};
use terminal_size::{Width, terminal_size_of};
use unicode_width::UnicodeWidthStr;

use super::{Answer, file_name, located, visible};
use crate::output::Output;

/// More warnings of one kind than this become one block.
const MOST_BLOCKS: usize = 3;

/// So many places does such a block show.
const MOST_PLACES: usize = 5;

/// How it may look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    colour: bool,
    /// Columns of the terminal; `None` where nobody counts them.
    width: Option<usize>,
}

impl Look {
    /// As standard output is.
    pub(crate) fn of_terminal() -> Self {
        let terminal = Output::is_terminal();
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let width = terminal_size_of(std::io::stdout()).filter(|_| terminal);
        Self {
            colour: terminal && !dumb && !set("NO_COLOR"),
            width: width.map(|(Width(columns), _)| usize::from(columns)).filter(|&w| w > 0),
        }
    }
}

/// The first word of a block.
#[derive(Debug, Clone, Copy)]
enum Word {
    Error,
    Warning,
    Help,
    Ok,
}

/// The whole answer.
pub(crate) fn render(answer: &Answer<'_>, look: Look) -> String {
    let mut text = Text { answer, look, out: String::new() };
    text.findings();
    text.last_line();
    text.out
}

struct Text<'a> {
    answer: &'a Answer<'a>,
    look: Look,
    out: String,
}

/// A row of a table: cells, of which the last ones may be missing.
type Row = Vec<String>;

impl<'a> Text<'a> {
    fn findings(&mut self) {
        let findings = &self.answer.report.findings;
        for of_code in findings.chunk_by(|a, b| a.code == b.code) {
            match of_code {
                [first, ..]
                    if first.severity() == Severity::Warning && of_code.len() > MOST_BLOCKS =>
                {
                    self.many(of_code);
                }
                _ => of_code.iter().for_each(|finding| self.finding(finding)),
            }
        }
    }

    fn finding(&mut self, finding: &'a Finding) {
        self.separate();
        self.line(word(finding.severity()), &visible(&finding.message));
        let mut rows = self.rows(finding);
        rows.extend(common_ancestors(finding));
        self.table(&rows);
        self.help(finding);
    }

    /// Many warnings of a kind: what they have in common, and the first few places.
    fn many(&mut self, findings: &'a [Finding]) {
        let [first, ..] = findings else { return };
        self.separate();
        let what = match first.code {
            Code::PlaceholderIdentifier => "revision identifiers look typed by hand",
            Code::DocstringMismatch => "docstrings contradict the code",
            code => code.description(),
        };
        self.line(word(first.severity()), &format!("{} {what}", findings.len()));
        let places = findings.iter().filter_map(|finding| finding.places.first());
        let rows: Vec<Row> =
            places.take(MOST_PLACES).map(|place| vec![id(place), self.located(place)]).collect();
        self.table(&rows);
        let rest = findings.len().saturating_sub(MOST_PLACES);
        if rest > 0 {
            writeln!(self.out, "  and {rest} more: `--format json` has them all")
                .expect("a string takes everything");
        }
        self.help(first);
    }

    fn rows(&self, finding: &Finding) -> Vec<Row> {
        let of_several = finding.places.windows(2).any(|pair| pair[0].revision != pair[1].revision);
        let with_facts = matches!(finding.code, Code::MultipleHeads | Code::DuplicateRevision);
        let row = |place: &Place| {
            let mut row = Vec::new();
            row.extend(of_several.then(|| id(place)));
            row.push(self.located(place));
            if with_facts {
                row.extend(self.facts(place).into_iter().flatten());
            }
            row
        };
        finding.places.iter().map(row).collect()
    }

    fn located(&self, place: &Place) -> String {
        visible(&located(self.answer.paths.here(&place.path), place.line))
    }

    /// Author, and what became of the script.
    fn facts(&self, place: &Place) -> Option<[String; 2]> {
        let facts = self.answer.report.facts.get(&place.path)?;
        let mut history = history(facts);
        let head = self.answer.report.head(place);
        if let (Some(against), Some(true)) =
            (self.answer.against, head.map(|head| head.only_on_reference))
        {
            history.push(format!("(on {})", visible(against.reference())));
        }
        Some([visible(facts.author.as_deref().unwrap_or_default()), history.join("  ")])
    }

    fn help(&mut self, finding: &Finding) {
        let purposes = finding.help.iter().filter_map(|help| help.purpose);
        let width = purposes.map(UnicodeWidthStr::width).max().unwrap_or_default();
        for help in &finding.help {
            let text = visible(&help.text);
            let Some(purpose) = help.purpose else {
                self.line(Word::Help, &text);
                continue;
            };
            let purpose_and_colon = format!("{purpose}:");
            let line = format!("{purpose_and_colon:<0$} {text}", width + 1);
            if self.fits("help: ".len() + line.width()) {
                self.line(Word::Help, &line);
            } else {
                // The command stays whole, to be copied.
                self.line(Word::Help, &purpose_and_colon);
                writeln!(self.out, "  {text}").expect("a string takes everything");
            }
        }
    }

    fn last_line(&mut self) {
        let report = self.answer.report;
        let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
        if errors == 0 {
            self.separate();
            self.line(Word::Ok, &self.verdict());
        } else if errors + warnings > 1 {
            self.separate();
            let line = format!("{}, {}", number(errors, "error"), number(warnings, "warning"));
            self.out.push_str(&line);
            self.out.push('\n');
        }
    }

    fn verdict(&self) -> String {
        let heads = &self.answer.report.heads;
        let options = &self.answer.options;
        let mut verdict = match heads.as_slice() {
            [] => "no revisions".to_owned(),
            [head] => {
                let path = visible(&self.answer.paths.here(&head.place.path));
                format!("1 head {}  {path}", visible(&head.revision))
            }
            several if options.per_label => {
                format!("{} heads, at most {} per branch label", several.len(), options.allow)
            }
            several => format!("{} heads, at most {} allowed", several.len(), options.allow),
        };
        if let Some(against) = self.answer.against {
            let _infallible = write!(verdict, "  (together with {})", visible(against.reference()));
        }
        verdict
    }

    fn table(&mut self, rows: &[Row]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max()
        };
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        let lines: Vec<String> = rows.iter().map(|row| aligned(row, &widths)).collect();
        if lines.iter().all(|line| self.fits(line.width())) {
            for line in lines {
                self.out.push_str(&line);
                self.out.push('\n');
            }
            return;
        }
        for row in rows {
            self.stacked(row);
        }
    }

    /// A row that is too long for a line: its path on a line of its own.
    fn stacked(&mut self, row: &Row) {
        let whole = format!("  {}", row.join("  "));
        if row.len() <= 2 && self.fits(whole.width()) {
            writeln!(self.out, "{whole}").expect("a string takes everything");
            return;
        }
        let (first, rest) = match row.as_slice() {
            [id, _, rest @ ..] => (id, rest),
            [only] => (only, &[][..]),
            [] => return,
        };
        let filled = std::iter::once(first).chain(rest).filter(|cell| !cell.is_empty());
        let line = filled.cloned().collect::<Vec<_>>().join("  ");
        writeln!(self.out, "  {line}").expect("a string takes everything");
        if let [_, path, ..] = row.as_slice() {
            writeln!(self.out, "    {path}").expect("a string takes everything");
        }
    }

    fn fits(&self, columns: usize) -> bool {
        self.look.width.is_none_or(|width| columns <= width)
    }

    /// A blank line between blocks.
    fn separate(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// `word: text`, broken at blanks where the terminal ends.
    fn line(&mut self, word: Word, text: &str) {
        let (name, code) = match word {
            Word::Error => ("error", "31;1"),
            Word::Warning => ("warning", "33;1"),
            Word::Help => ("help", "36"),
            Word::Ok => ("ok", "32;1"),
        };
        if self.look.colour {
            write!(self.out, "\u{1b}[{code}m{name}:\u{1b}[0m ").expect("a string takes everything");
        } else {
            write!(self.out, "{name}: ").expect("a string takes everything");
        }
        let mut column = name.len() + 2;
        if self.fits(column + text.width()) {
            self.out.push_str(text);
        } else {
            for (number, part) in text.split(' ').enumerate() {
                if number > 0 && !self.fits(column + 1 + part.width()) {
                    self.out.truncate(self.out.trim_end().len());
                    self.out.push_str("\n ");
                    column = 1;
                }
                if number > 0 {
                    self.out.push(' ');
                    column += 1;
                }
                self.out.push_str(part);
                column += part.width();
            }
        }
        self.out.push('\n');
    }
}

fn word(severity: Severity) -> Word {
    match severity {
        Severity::Error => Word::Error,
        Severity::Warning => Word::Warning,
    }
}

fn id(place: &Place) -> String {
    visible(place.revision.as_deref().unwrap_or_default())
}

/// `both follow  ID  FILE`.
fn common_ancestors(finding: &Finding) -> Vec<Row> {
    let who = if finding.places.len() == 2 { "both follow" } else { "all follow" };
    let row = |(number, place): (usize, &Place)| {
        let who = if number == 0 { who.to_owned() } else { String::new() };
        let file = visible(&file_name(&place.path));
        vec![who, format!("{}  {file}", id(place))]
    };
    finding.common_ancestors.iter().enumerate().map(row).collect()
}

fn history(facts: &FileFacts) -> Vec<String> {
    let commit = facts.commit.as_ref();
    let commit = commit.map(|commit| [visible(commit.short_id()), visible(&commit.date)]);
    let mut history: Vec<String> = commit.into_iter().flatten().collect();
    if facts.state != FileState::Committed {
        history.push(format!("({})", facts.state.as_str()));
    }
    history
}

fn aligned(row: &Row, widths: &[usize]) -> String {
    let mut line = " ".to_owned();
    for (cell, width) in row.iter().zip(widths) {
        line.push(' ');
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 1));
    }
    line.truncate(line.trim_end().len());
    line
}

fn number(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let row = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect::<Row>();
        assert_eq!(aligned(&row(&["日本", "b"]), &[6, 1]), "  日本    b");
        assert_eq!(aligned(&row(&["a", ""]), &[3, 4]), "  a");
    }
}
