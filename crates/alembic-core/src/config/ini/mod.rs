//! An ini file as Python's ConfigParser understands it, kept in an [`ini::Ini`].
//!
//! Grammar, line by line, after Python's defaults:
//!
//! * a line whose first character other than blanks is `#` or `;` is a comment, also inside a value; there are no
//!   comments behind a value;
//! * `[name]` opens a section; names are case-sensitive and blanks in them count; `[DEFAULT]` gives every section
//!   its options and may be opened several times, every other section once;
//! * `key = value` or `key: value`; keys are lower-cased and must not repeat within a section;
//! * a line that is indented deeper than the option or header before it continues that option's value; empty lines
//!   inside a value belong to it, at its end they do not;
//! * everything else is an error.
//!
//! `%(name)s` in a value is replaced when the option is read, from the same section, `[DEFAULT]` and `here`.

mod reader;
mod report;

use std::{collections::HashMap, ops::Range};

use ini::{Ini, Properties};

use super::{
    error::ConfigError,
    interpolation::{self, Fault},
    source_text::SourceText,
};

/// The section whose options every other section has.
pub const DEFAULT_SECTION: &str = "DEFAULT";

/// Where a section stands.
struct SectionPlace {
    header: Range<usize>,
    options: HashMap<String, OptionPlace>,
}

impl SectionPlace {
    fn new(header: Range<usize>) -> Self {
        Self { header, options: HashMap::new() }
    }
}

/// Where an option stands.
struct OptionPlace {
    key: Range<usize>,
    /// The value's lines as they were joined.
    pieces: Vec<Range<usize>>,
}

impl OptionPlace {
    fn value(&self) -> Range<usize> {
        let filled = || self.pieces.iter().filter(|piece| !piece.is_empty());
        match (filled().next(), filled().next_back()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => self.key.clone(),
        }
    }

    /// Where a byte of the joined value stands in the file.
    fn byte(&self, mut offset: usize) -> Option<usize> {
        for piece in &self.pieces {
            if offset <= piece.len() {
                return Some(piece.start + offset);
            }
            offset -= piece.len() + 1;
        }
        None
    }
}

/// A parsed ini file. It has no `Debug`: values may hold passwords.
pub struct IniFile {
    source: SourceText,
    ini: Ini,
    places: HashMap<String, SectionPlace>,
}

impl IniFile {
    /// The line of an option, counted from 1: of the section itself, else of `[DEFAULT]`.
    pub fn line(&self, section: &str, option: &str) -> Option<usize> {
        let place = self.place(section, &option.to_lowercase())?;
        Some(self.source.line_of(place.key.start))
    }

    /// Reads the text of a file.
    ///
    /// `name` is the path as the user gave it, for messages; `here` is what `%(here)s` stands for.
    ///
    /// # Errors
    ///
    /// Where ConfigParser refuses the file: no section header, duplicates, lines that are nothing.
    pub fn parse(name: &str, text: &str, here: &str) -> Result<Self, ConfigError> {
        let source = SourceText::new(name, text);
        let parsed = reader::read(&source, here)?;
        Ok(Self { source, ini: parsed.ini, places: parsed.places })
    }

    /// The names of all sections but `[DEFAULT]`, as they stand in the file.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.ini.sections().flatten().filter(|name| *name != DEFAULT_SECTION)
    }

    /// `ConfigParser.has_section`: `[DEFAULT]` does not count.
    pub fn has_section(&self, section: &str) -> bool {
        section != DEFAULT_SECTION && self.ini.section(Some(section)).is_some()
    }

    /// `ConfigParser.has_option`: in the section or in `[DEFAULT]`; an empty section name means `[DEFAULT]`.
    pub fn has_option(&self, section: &str, option: &str) -> bool {
        let section = if section.is_empty() { DEFAULT_SECTION } else { section };
        self.raw(section, option).is_some()
    }

    /// `ConfigParser.items`: the keys of `[DEFAULT]` (first of all `here`), then those of the section.
    pub fn options(&self, section: &str) -> Vec<&str> {
        let keys = |section| {
            let properties = self.properties(section).into_iter();
            properties.flat_map(Properties::iter).map(|(key, _)| key)
        };
        // The container moves an option that is set again to its end; Python leaves `here` where it was.
        let mut all = vec!["here"];
        all.extend(keys(DEFAULT_SECTION).filter(|key| *key != "here"));
        if section != DEFAULT_SECTION {
            let defaults = self.properties(DEFAULT_SECTION);
            let inherited = |key: &str| defaults.is_some_and(|values| values.contains_key(key));
            all.extend(keys(section).filter(|key| !inherited(key)));
        }
        all
    }

    /// The value as it stands in the file: lines joined by `\n`, references left alone.
    pub fn raw(&self, section: &str, option: &str) -> Option<&str> {
        let option = option.to_lowercase();
        let own = self.properties(section)?;
        own.get(&option).or_else(|| self.properties(DEFAULT_SECTION)?.get(&option))
    }

    /// `ConfigParser.get` with references replaced; `None` when there is no such section or option.
    ///
    /// # Errors
    ///
    /// Where ConfigParser's interpolation fails.
    pub fn get(&self, section: &str, option: &str) -> Result<Option<String>, ConfigError> {
        let Some(value) = self.raw(section, option) else {
            return Ok(None);
        };
        interpolation::interpolate(value, &|name| self.raw(section, name))
            .map(Some)
            .map_err(|fault| self.interpolation_error(section, &option.to_lowercase(), fault))
    }

    /// `ConfigParser.items`: every option that the section has, with references replaced.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), for the first option that fails.
    pub fn items(&self, section: &str) -> Result<Vec<(String, String)>, ConfigError> {
        self.options(section)
            .into_iter()
            .filter_map(|key| {
                let value = self.get(section, key).transpose()?;
                Some(value.map(|value| (key.to_owned(), value)))
            })
            .collect()
    }

    fn properties(&self, section: &str) -> Option<&Properties> {
        self.ini.section(Some(section))
    }

    fn place(&self, section: &str, option: &str) -> Option<&OptionPlace> {
        let own = |section: &str| self.places.get(section)?.options.get(option);
        own(section).or_else(|| own(DEFAULT_SECTION))
    }

    fn interpolation_error(&self, section: &str, option: &str, fault: Fault) -> ConfigError {
        report::interpolation_error(self, section, option, fault)
    }
}
