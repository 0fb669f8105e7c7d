//! Reads a file line by line in the dialect of Python's ConfigParser (`RawConfigParser._read` with its defaults).

use std::{collections::HashMap, ops::Range};

use ini::Ini;

use super::{
    super::{
        error::{ConfigError, ConfigErrorKind},
        python_text::{is_space, strip, strip_end},
        secret,
        source_text::SourceText,
    },
    DEFAULT_SECTION, OptionPlace, SectionPlace,
};

/// How many bad lines are marked in a report; its text names them all.
const MOST_LABELS: usize = 20;

/// What a file says, and where.
pub(super) struct Parsed {
    pub(super) ini: Ini,
    pub(super) places: HashMap<String, SectionPlace>,
}

/// Reads the file. `here` is the one default that Alembic gives its ConfigParser.
pub(super) fn read(file: &SourceText, here: &str) -> Result<Parsed, ConfigError> {
    let mut reader = Reader::new(file, here);
    for (index, line) in lines(&file.text).enumerate() {
        reader.line(index + 1, &line)?;
    }
    reader.finish()
}

/// One line of the text.
struct Line<'a> {
    /// Without its end.
    text: &'a str,
    /// Byte of its first character.
    start: usize,
    /// Does it end in a line break?
    ended: bool,
}

impl Line<'_> {
    /// The line as Python sees it: every kind of line break is `\n`.
    fn python(&self) -> String {
        let end = if self.ended { "\n" } else { "" };
        secret::hide_text(self.text) + end
    }

    /// The range of a part of this line's text.
    fn range_of(&self, part: &str) -> Range<usize> {
        let offset = part.as_ptr().addr() - self.text.as_ptr().addr();
        self.start + offset..self.start + offset + part.len()
    }
}

/// Python's universal newlines: `\n`, `\r\n` and a lone `\r`.
fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = rest.find(['\n', '\r']);
        let line =
            Line { text: &rest[..length.unwrap_or(rest.len())], start, ended: length.is_some() };
        let end = &rest[line.text.len()..];
        start += line.text.len() + if end.starts_with("\r\n") { 2 } else { 1 };
        Some(line)
    })
}

/// An option whose value may still go on.
struct Open {
    key: String,
    value: String,
    place: OptionPlace,
}

struct Reader<'f> {
    file: &'f SourceText,
    parsed: Parsed,
    section: Option<String>,
    open: Option<Open>,
    /// Indentation, in characters, of the last header or option; deeper lines continue it.
    indent: usize,
    bad: Vec<(usize, Range<usize>, String)>,
}

impl<'f> Reader<'f> {
    fn new(file: &'f SourceText, here: &str) -> Self {
        let mut ini = Ini::new();
        ini.entry(Some(DEFAULT_SECTION.to_owned()))
            .or_insert_with(ini::Properties::new)
            .insert("here", here);
        Self {
            file,
            parsed: Parsed { ini, places: HashMap::new() },
            section: None,
            open: None,
            indent: 0,
            bad: Vec::new(),
        }
    }

    fn line(&mut self, number: usize, line: &Line<'_>) -> Result<(), ConfigError> {
        let value = strip(line.text);
        if value.starts_with(['#', ';']) {
            return Ok(());
        }
        if value.is_empty() {
            self.continue_value(value, line);
            return Ok(());
        }
        let indent = line.text.chars().take_while(|c| is_space(*c)).count();
        if indent > self.indent && self.continue_value(value, line) {
            return Ok(());
        }
        self.indent = indent;
        if let Some(name) = header(value) {
            return self.section(name, number, line.range_of(value));
        }
        if self.section.is_none() {
            return Err(self.missing_header(number, line, value));
        }
        self.option(value, number, line)
    }

    /// Adds a line to the open value, if there is one.
    fn continue_value(&mut self, value: &str, line: &Line<'_>) -> bool {
        let Some(open) = &mut self.open else {
            return false;
        };
        open.value.push('\n');
        open.value.push_str(value);
        open.place.pieces.push(line.range_of(value));
        true
    }

    fn section(
        &mut self,
        name: &str,
        number: usize,
        range: Range<usize>,
    ) -> Result<(), ConfigError> {
        self.close();
        let is_default = name == DEFAULT_SECTION;
        if !is_default && self.parsed.places.contains_key(name) {
            return Err(self.duplicate_section(name, number, range));
        }
        self.section = Some(name.to_owned());
        self.parsed.ini.entry(Some(name.to_owned())).or_insert_with(ini::Properties::new);
        self.parsed.places.entry(name.to_owned()).or_insert_with(|| SectionPlace::new(range));
        Ok(())
    }

    fn option(&mut self, text: &str, number: usize, line: &Line<'_>) -> Result<(), ConfigError> {
        let Some((name, value)) = text.split_once(['=', ':']) else {
            self.bad_line(number, line, text);
            return Ok(());
        };
        let (name, value) = (strip_end(name), strip(value));
        if name.is_empty() {
            self.bad_line(number, line, text);
        }
        self.close();
        let key = name.to_lowercase();
        let place = OptionPlace { key: line.range_of(name), pieces: vec![line.range_of(value)] };
        if self.place().is_some_and(|section| section.options.contains_key(&key)) {
            return Err(self.duplicate_option(key, number, place.key));
        }
        if !name.is_empty() {
            self.open = Some(Open { key, value: value.to_owned(), place });
        } else if let Some(section) = self.place() {
            // A nameless option takes no continuation lines; the file is refused at its end anyway.
            section.options.insert(key, place);
        }
        Ok(())
    }

    /// The open section.
    fn place(&mut self) -> Option<&mut SectionPlace> {
        self.parsed.places.get_mut(self.section.as_ref()?)
    }

    /// Stores the open option.
    fn close(&mut self) {
        let (Some(open), Some(section)) = (self.open.take(), &self.section) else {
            return;
        };
        if let Some(options) = self.parsed.ini.section_mut(Some(section)) {
            options.insert(open.key.clone(), strip_end(&open.value));
        }
        if let Some(place) = self.parsed.places.get_mut(section) {
            place.options.insert(open.key, open.place);
        }
    }

    fn finish(mut self) -> Result<Parsed, ConfigError> {
        self.close();
        if self.bad.is_empty() {
            return Ok(self.parsed);
        }
        let labels = self
            .bad
            .iter()
            .take(MOST_LABELS)
            .map(|(_, range, _)| {
                (range.clone(), "neither a section, a `key = value` nor a comment")
            })
            .collect::<Vec<_>>();
        let kind = ConfigErrorKind::Unparsable {
            file: self.file.name.to_string(),
            lines: self.bad.iter().map(|(number, _, text)| (*number, text.clone())).collect(),
        };
        Err(ConfigError::from(kind)
            .at(self.file, &labels)
            .helped(bad_line_help(self.file, &self.bad[0].1)))
    }

    fn bad_line(&mut self, number: usize, line: &Line<'_>, text: &str) {
        self.bad.push((number, line.range_of(text), line.python()));
    }

    fn missing_header(&self, number: usize, line: &Line<'_>, value: &str) -> ConfigError {
        let kind = ConfigErrorKind::MissingSectionHeader {
            file: self.file.name.to_string(),
            line: number,
            text: line.python(),
        };
        let help = if value.starts_with('\u{feff}') {
            "the file begins with a byte order mark: save it as UTF-8 without BOM".to_owned()
        } else if value.contains('\0') {
            "the file holds NUL bytes: it is not a text file, or saved as UTF-16".to_owned()
        } else {
            "write `[alembic]` on a line of its own above the first option".to_owned()
        };
        ConfigError::from(kind)
            .at(self.file, &[(line.range_of(value), "this stands outside of any section")])
            .helped(help)
    }

    fn duplicate_section(&self, name: &str, line: usize, range: Range<usize>) -> ConfigError {
        let mut labels = vec![(range, "the section is opened again here")];
        if let Some(first) = self.parsed.places.get(name) {
            labels.push((first.header.clone(), "first opened here"));
        }
        ConfigError::from(ConfigErrorKind::DuplicateSection {
            file: self.file.name.to_string(),
            line,
            section: name.to_owned(),
        })
        .at(self.file, &labels)
        .helped("put all options of the section under one header".to_owned())
    }

    fn duplicate_option(
        &mut self,
        option: String,
        line: usize,
        range: Range<usize>,
    ) -> ConfigError {
        let mut labels = vec![(range, "the key is set again here")];
        if let Some(first) = self.place().and_then(|section| section.options.get(&option)) {
            labels.push((first.key.clone(), "first set here"));
        }
        let section = self.section.clone().unwrap_or_default();
        ConfigError::from(ConfigErrorKind::DuplicateOption {
            file: self.file.name.to_string(),
            line,
            section,
            option,
        })
        .at(self.file, &labels)
        .helped("keep one of the two lines; keys are the same in upper and lower case".to_owned())
    }
}

/// The name in `[name]`: up to the last bracket of the line, whatever follows it.
fn header(value: &str) -> Option<&str> {
    let inner = value.strip_prefix('[')?;
    let end = inner.rfind(']').filter(|end| *end > 0)?;
    Some(&inner[..end])
}

fn bad_line_help(file: &SourceText, range: &Range<usize>) -> String {
    let line = &file.text[range.clone()];
    if line.starts_with('[') {
        return "a section header ends in `]`".to_owned();
    }
    if line.starts_with(['=', ':']) {
        return "write the name of the option in front of the sign".to_owned();
    }
    if line.starts_with("//") {
        return "comments begin with `#` or `;`".to_owned();
    }
    "write `key = value`; a line that continues a value has to be indented".to_owned()
}
