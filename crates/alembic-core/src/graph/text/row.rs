//! The words beside a node, and the details below it.

use super::Options;
use super::glyphs::Style;
use super::line::{Line, Role};
use crate::graph::history::{Entry, History};
use crate::graph::marks::{Mark, NodeState, State};
use crate::graph::plan::{Plan, Row};
use crate::graph::words::{Drawn, cut, visible, width};

/// Wider messages do not push the marks of all other rows to the right.
const WIDEST_MESSAGE: usize = 60;
/// Wider identifiers likewise.
const WIDEST_ID: usize = 40;
/// What a terminal has to leave beside the lanes for a message.
const LEAST_MESSAGE: usize = 16;
/// Between two columns.
const GAP: usize = 2;

/// The widths of the columns, the same for all rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    id: usize,
    message: usize,
}

impl Columns {
    pub(super) fn of(history: &History<'_>, plan: &Plan, total: Option<usize>) -> Self {
        let widest_message = total.map_or(WIDEST_MESSAGE, |total| WIDEST_MESSAGE.min(total / 2));
        let mut columns = Self { id: 0, message: 0 };
        for &row in plan.rows() {
            if let Row::Revision(position) = row {
                let entry = &history.revisions[position as usize];
                columns.id = columns.id.max(Drawn::word(entry.id).width.min(WIDEST_ID));
                let message = Drawn::line(entry.message).width;
                columns.message = columns.message.max(message.min(widest_message));
            }
        }
        columns
    }

    /// Where marks begin, counted from where words begin.
    pub(super) fn marks(&self) -> usize {
        self.id + GAP + self.message + GAP
    }

    /// What a row's words need at least to be worth drawing.
    pub(super) fn least(&self) -> usize {
        self.id + GAP + self.message.min(LEAST_MESSAGE)
    }
}

/// One of the lines below a revision.
#[derive(Debug)]
pub(super) struct Detail {
    name: &'static str,
    text: String,
}

impl Detail {
    pub(super) fn write(&self, line: &mut Line) {
        line.push(Role::Gap, "  ");
        line.push(Role::Note, self.name);
        line.pad(self.name.len(), "parents".len() + GAP);
        line.push(Role::Detail, &visible(&self.text));
    }
}

/// The words of one row.
pub(super) struct RowText<'a> {
    history: &'a History<'a>,
    row: Row,
    options: &'a Options,
}

impl<'a> RowText<'a> {
    pub(super) fn new(history: &'a History<'a>, row: Row, options: &'a Options) -> Self {
        Self { history, row, options }
    }

    fn entry(&self) -> Option<&'a Entry<'a>> {
        match self.row {
            Row::Revision(position) => self.history.revisions.get(position as usize),
            Row::Foreign(_) | Row::Folded(_) => None,
        }
    }

    fn state(&self) -> NodeState {
        self.entry().map_or(NodeState::Foreign, Entry::node_state)
    }

    pub(super) fn glyph(&self, style: Style) -> &'static str {
        match self.row {
            Row::Folded(_) => style.folded(),
            Row::Revision(_) | Row::Foreign(_) => style.node(self.state()),
        }
    }

    pub(super) fn role(&self) -> Role {
        match self.row {
            Row::Folded(_) => Role::Note,
            Row::Revision(_) | Row::Foreign(_) => Role::Node(self.state()),
        }
    }

    /// Writes the words; `used` columns of the line are taken.
    pub(super) fn write(&self, line: &mut Line, columns: &Columns, used: usize) {
        match self.row {
            Row::Folded(run) => {
                let applied = if self.history.database.is_some() { "applied " } else { "" };
                let words = format!("{} {applied}revisions (--all shows them)", run.count());
                line.push(Role::Note, &words);
            }
            Row::Foreign(position) => {
                let unknown = self.history.database.as_ref().map(|database| &database.unknown);
                let id = unknown.and_then(|ids| ids.get(position as usize));
                let id = visible(id.map_or("", AsRef::as_ref));
                line.push(Role::Id, &id);
                line.pad(width(&id), columns.id);
                line.push(Role::Gap, "  ");
                line.push(Role::Note, "(not in this project)");
                line.pad("(not in this project)".len(), columns.message);
                line.push(Role::Gap, "  ");
                line.push(Role::Mark(Mark::Current), Mark::Current.word());
            }
            Row::Revision(_) => self.write_revision(line, columns, used),
        }
    }

    fn write_revision(&self, line: &mut Line, columns: &Columns, used: usize) {
        let Some(entry) = self.entry() else { return };
        let id = Drawn::word(entry.id);
        line.push(Role::Id, &id.text);
        line.pad(id.width, columns.id + GAP);
        let marks = self.marks(entry);
        let marks_width: usize = marks.iter().map(|(_, text)| width(text)).sum();
        let message = Drawn::line(entry.message);
        let room = self.room_for_message(columns, used, marks_width);
        self.write_message(line, &message, room);
        if !marks.is_empty() {
            line.pad(message.width.min(room), columns.message.min(room));
            line.push(Role::Gap, "  ");
            for (role, text) in &marks {
                line.push(*role, text);
            }
        }
    }

    /// How wide a message may be so that the marks still fit.
    fn room_for_message(&self, columns: &Columns, used: usize, marks: usize) -> usize {
        let Some(total) = self.options.width else { return usize::MAX };
        let marks = if marks == 0 { 0 } else { GAP + marks };
        let room = total.saturating_sub(used + columns.id + GAP + marks);
        room.max(columns.message.min(LEAST_MESSAGE))
    }

    fn write_message(&self, line: &mut Line, message: &Drawn<'_>, room: usize) {
        if message.width <= room {
            line.push(Role::Message, &message.text);
            return;
        }
        let ellipsis = self.options.style.ellipsis();
        let kept = cut(&message.text, room.saturating_sub(width(ellipsis)));
        line.push(Role::Message, kept);
        line.push(Role::Message, ellipsis);
        line.pad(width(kept) + width(ellipsis), room);
    }

    /// Everything behind the message, separators included.
    fn marks(&self, entry: &'a Entry<'a>) -> Vec<(Role, String)> {
        let separator = self.options.style.separator();
        let mut pieces: Vec<(Role, String)> = Vec::new();
        let mut add = |role, text: String| {
            if !pieces.is_empty() {
                pieces.push((Role::Gap, separator.to_owned()));
            }
            pieces.push((role, text));
        };
        for mark in entry.marks.words() {
            add(Role::Mark(mark), mark.word().to_owned());
        }
        if entry.state == Some(State::Pending) {
            add(Role::Pending, NodeState::Pending.word().to_owned());
        }
        if !entry.depends_on.is_empty() {
            let names = visible(&entry.depends_on.join(", ")).into_owned();
            add(Role::Detail, format!("depends on {names}"));
        }
        for label in entry.branch_labels {
            if !pieces.is_empty() {
                pieces.push((Role::Gap, "  ".to_owned()));
            }
            pieces.push((Role::Label, format!("[{}]", visible(label))));
        }
        pieces
    }

    /// File, parents and create date, when they are wanted.
    pub(super) fn details(&self) -> Vec<Detail> {
        let Some(entry) = self.entry().filter(|_| self.options.verbose) else { return Vec::new() };
        let file = match entry.line {
            Some(line) => format!("{}:{line}", entry.path),
            None => entry.path.to_string(),
        };
        let parents = match entry.down_revision {
            [] => "<base>".to_owned(),
            parents => parents.join(", "),
        };
        let created = entry.create_date.map(str::to_owned);
        let details = [("file", Some(file)), ("parents", Some(parents)), ("created", created)];
        let present = details.into_iter().filter_map(|(name, text)| {
            text.filter(|text| !text.is_empty()).map(|text| Detail { name, text })
        });
        present.collect()
    }
}
