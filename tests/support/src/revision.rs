//! A revision as a test describes it, and its script in the layout of Alembic's stock template.

/// The `Create Date` of every script that is made here.
const CREATE_DATE: &str = "2024-01-02 03:04:05.678901";

/// What one migration script says.
///
/// Nothing is checked: a test may well ask for a script that Alembic refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// `revision`.
    pub id: String,
    /// `down_revision`: none for a base, several for a merge point.
    pub down: Vec<String>,
    /// `depends_on`.
    pub depends_on: Vec<String>,
    /// `branch_labels`.
    pub labels: Vec<String>,
    /// The message: the first paragraph of the docstring. `rev <id>` unless told.
    pub doc: String,
    /// Python source behind the four variables; the two empty functions unless told.
    pub body: String,
}

impl Revision {
    /// A base without labels and dependencies.
    pub fn new(id: impl Into<String>) -> Self {
        let id = id.into();
        Self {
            doc: format!("rev {id}"),
            id,
            down: Vec::new(),
            depends_on: Vec::new(),
            labels: Vec::new(),
            body: "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n".to_owned(),
        }
    }

    /// Sets the parents.
    #[must_use]
    pub fn down<S: Into<String>>(mut self, ids: impl IntoIterator<Item = S>) -> Self {
        self.down = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Sets what the revision depends on: ids or labels.
    #[must_use]
    pub fn depends_on<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.depends_on = names.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the branch labels.
    #[must_use]
    pub fn labels<S: Into<String>>(mut self, labels: impl IntoIterator<Item = S>) -> Self {
        self.labels = labels.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the message.
    #[must_use]
    pub fn doc(mut self, doc: impl Into<String>) -> Self {
        self.doc = doc.into();
        self
    }

    /// Sets the Python source behind the four variables.
    #[must_use]
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }

    /// The script's source.
    pub fn script(&self) -> String {
        let Self { id, doc, body, .. } = self;
        format!(
            "\"\"\"{doc}\n\nRevision ID: {id}\nRevises: {revises}\nCreate Date: {CREATE_DATE}\n\n\"\"\"\n\
             from alembic import op\nimport sqlalchemy as sa\n\n\n\
             # revision identifiers, used by Alembic.\n\
             revision = {revision}\ndown_revision = {down}\nbranch_labels = {labels}\ndepends_on = {depends_on}\n\n\n{body}",
            revises = self.down.join(", "),
            revision = quoted(id),
            down = one_or_tuple(&self.down),
            labels = tuple(&self.labels),
            depends_on = one_or_tuple(&self.depends_on),
        )
    }

    /// A file name that keeps scripts in the order in which they were added: `007_<id>.py`.
    pub(crate) fn file_name(&self, place: usize) -> String {
        let is_plain = |letter: char| letter.is_alphanumeric() || "_-.+@ ".contains(letter);
        let id: String =
            self.id.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
        format!("{place:03}_{id}.py")
    }
}

/// Python's `None`, a single string, or a tuple.
fn one_or_tuple(items: &[String]) -> String {
    match items {
        [one] => quoted(one),
        many => tuple(many),
    }
}

/// Python's `None` for nothing, else a tuple, whose comma stands also behind a single item.
fn tuple(items: &[String]) -> String {
    let quoted: Vec<String> = items.iter().map(|item| quoted(item)).collect();
    match quoted.as_slice() {
        [] => "None".to_owned(),
        [one] => format!("({one},)"),
        many => format!("({})", many.join(", ")),
    }
}

/// A Python string literal.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::Revision;

    #[test]
    fn the_script_is_laid_out_as_alembic_does() {
        let revision = Revision::new("e")
            .down(["c", "d"])
            .labels(["users"])
            .depends_on(["x"])
            .doc("join")
            .body("");
        let expected = "\"\"\"join\n\nRevision ID: e\nRevises: c, d\nCreate Date: 2024-01-02 03:04:05.678901\n\n\"\"\"\n\
                        from alembic import op\nimport sqlalchemy as sa\n\n\n\
                        # revision identifiers, used by Alembic.\n\
                        revision = 'e'\ndown_revision = ('c', 'd')\nbranch_labels = ('users',)\ndepends_on = 'x'\n\n\n";
        assert_eq!(revision.script(), expected);
    }

    #[test]
    fn quotes_in_ids_stay_in_their_literal() {
        let script = Revision::new("it's").script();
        assert!(script.contains("revision = 'it\\'s'\ndown_revision = None\n"));
    }

    #[test]
    fn file_names_hold_no_separator() {
        assert_eq!(Revision::new("a/b:c").file_name(12), "012_a_b_c.py");
    }
}
