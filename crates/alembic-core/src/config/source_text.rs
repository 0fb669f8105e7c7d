//! The text of a configuration file, and how a place in it is shown: secrets replaced, labels moved along.

use std::{ops::Range, sync::Arc};

use miette::{LabeledSpan, NamedSource};

use super::secret;

/// Name and text of a configuration file. It has no `Debug`: the text may hold a password.
#[derive(Clone)]
pub(super) struct SourceText {
    /// The path as the user gave it.
    pub(super) name: Arc<str>,
    /// The whole text, as read.
    pub(super) text: Arc<str>,
}

/// A file as it may be shown, with labels on it.
pub(super) struct Shown {
    pub(super) source: NamedSource<Arc<str>>,
    pub(super) labels: Vec<LabeledSpan>,
}

impl SourceText {
    pub(super) fn new(name: &str, text: &str) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// One-based number of the line that holds the byte.
    pub(super) fn line_of(&self, byte: usize) -> usize {
        let before = &self.text.as_bytes()[..byte.min(self.text.len())];
        1 + memchr::memchr_iter(b'\n', before).count()
    }

    /// The file with secrets hidden and the labels where their ranges have moved to.
    pub(super) fn show(&self, labels: &[(Range<usize>, &str)]) -> Shown {
        let secrets = secret::in_file(&self.text);
        let text = secret::replace(&self.text, &secrets);
        let text: Arc<str> = text.replace(is_control, "?").into();
        let labels = labels
            .iter()
            .map(|(range, note)| {
                let start = shift(range.start, &secrets).min(text.len());
                let end = shift(range.end, &secrets).clamp(start, text.len());
                LabeledSpan::new(Some((*note).to_owned()), start, end - start)
            })
            .collect();
        Shown { source: NamedSource::new(&self.name, text), labels }
    }
}

/// Characters that do something to a terminal; each is one byte long, as is what stands for it.
fn is_control(character: char) -> bool {
    character.is_ascii_control() && !matches!(character, '\n' | '\r' | '\t')
}

/// Where a byte of the text stands once the secrets before it are replaced.
fn shift(byte: usize, secrets: &[Range<usize>]) -> usize {
    let mut moved = byte;
    for secret in secrets.iter().take_while(|secret| secret.start < byte) {
        if byte < secret.end {
            // Inside a secret: nothing of its length may show.
            return moved - (byte - secret.start);
        }
        moved = moved - secret.len() + secret::HIDDEN.len();
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_follow_the_text_behind_a_hidden_password() {
        let file = SourceText::new("a.ini", "url = x://u:password@host\nkey = value\n");
        let at = file.text.find("value").unwrap();
        let shown = file.show(&[(at..at + 5, "here")]);
        let label = &shown.labels[0];
        let text = shown.source.inner();
        assert_eq!(&text[label.offset()..label.offset() + label.len()], "value");
        assert!(!text.contains("password"));
    }

    #[test]
    fn a_label_inside_the_password_does_not_tell_where() {
        let file = SourceText::new("a.ini", "url = x://u:pass%word@host\n");
        let at = file.text.find('%').unwrap();
        let shown = file.show(&[(at..at + 1, "here")]);
        assert_eq!(shown.labels[0].offset(), file.text.find("pass").unwrap());
    }
}
