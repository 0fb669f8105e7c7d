//! `[tool.alembic]` of a `pyproject.toml`: always this table, whatever `-n` says.
//!
//! Strings go through Python's `%` operator with `here`, the folder of the file, as the only name; lists and tables
//! element by element; numbers and booleans stay as they are.

use crate::near_miss::nearest;
use std::{collections::BTreeMap, ops::Range, path::Path};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    error::{ConfigError, ConfigErrorKind},
    percent::{self, PercentError},
    source_text::SourceText,
};

/// The value of an option, from an ini file or from toml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// A text; from an ini file always.
    Text(String),
    /// A number.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A list of texts.
    List(Vec<String>),
    /// A table of texts.
    Table(Vec<(String, String)>),
    /// A list of tables of texts.
    Tables(Vec<Vec<(String, String)>>),
}

impl OptionValue {
    /// Python's name for the type.
    pub(super) fn python_type(&self) -> &'static str {
        match self {
            Self::Text(_) => "str",
            Self::Integer(_) => "int",
            Self::Boolean(_) => "bool",
            Self::List(_) | Self::Tables(_) => "list",
            Self::Table(_) => "dict",
        }
    }

    /// Python's truth of the value.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Integer(number) => *number != 0,
            Self::Boolean(truth) => *truth,
            Self::List(items) => !items.is_empty(),
            Self::Table(items) => !items.is_empty(),
            Self::Tables(items) => !items.is_empty(),
        }
    }
}

/// A value as it stands in the file.
enum Raw {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<Raw>),
    Table(Vec<(String, Raw)>),
    /// What Alembic has no use for, by Python's name.
    Other(&'static str),
}

struct Entry {
    key: Range<usize>,
    value: Range<usize>,
    raw: Raw,
}

/// The `[tool.alembic]` table; empty when there is none. It has no `Debug`: values may hold passwords.
pub(super) struct TomlFile {
    source: SourceText,
    here: String,
    entries: BTreeMap<String, Entry>,
}

impl TomlFile {
    /// What a file that does not exist says.
    pub(super) fn empty(name: &str) -> Self {
        Self { source: SourceText::new(name, ""), here: String::new(), entries: BTreeMap::new() }
    }

    /// Reads the text of a `pyproject.toml`; `here` is its folder.
    pub(super) fn parse(name: &str, text: &str, here: &str) -> Result<Self, ConfigError> {
        let source = SourceText::new(name, text);
        if text.starts_with('\u{feff}') {
            return Err(syntax_error(&source, 0..0, "Invalid statement")
                .helped("the file begins with a byte order mark: save it without".to_owned()));
        }
        let document = DeTable::parse(text).map_err(|error| {
            syntax_error(&source, error.span().unwrap_or(0..0), error.message())
        })?;
        let entries = entries(&source, document.get_ref())?;
        Ok(Self { source, here: here.to_owned(), entries })
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Does the file have the table, with anything in it?
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The key that may have been meant.
    pub(super) fn near_key(&self, key: &str) -> Option<&str> {
        nearest(key, self.entries.keys().map(String::as_str))
    }

    /// Alembic's `Config._get_toml_config_value`.
    pub(super) fn get(&self, key: &str) -> Result<Option<OptionValue>, ConfigError> {
        let Some(entry) = self.entries.get(key) else {
            return Ok(None);
        };
        let value = match &entry.raw {
            Raw::Text(text) => OptionValue::Text(self.format(key, text)?),
            Raw::List(items) => self.list(key, items)?,
            Raw::Table(items) => OptionValue::Table(self.table(key, items)?),
            Raw::Integer(number) => OptionValue::Integer(*number),
            Raw::Boolean(truth) => OptionValue::Boolean(*truth),
            Raw::Other(_) => {
                let key = key.to_owned();
                let error = ConfigErrorKind::TomlUnsupportedType { key: key.clone() };
                return Err(self.mark(error.into(), &key, "write this as a string"));
            }
        };
        Ok(Some(value))
    }

    /// Alembic's `Config.get_alembic_boolean_option`, for toml.
    pub(super) fn boolean(&self, key: &str) -> Result<bool, ConfigError> {
        match self.entries.get(key).map(|entry| &entry.raw) {
            None => Ok(false),
            Some(Raw::Boolean(truth)) => Ok(*truth),
            Some(_) => {
                let error = ConfigErrorKind::TomlBooleanExpected { key: key.to_owned() };
                let help = "write `true` or `false` without quotes".to_owned();
                Err(self.mark(error.into(), key, "this is no boolean").helped(help))
            }
        }
    }

    /// Marks the value of the key in the file.
    pub(super) fn mark(&self, error: ConfigError, key: &str, note: &str) -> ConfigError {
        match self.entries.get(key) {
            Some(entry) => error.at(&self.source, &[(entry.value.clone(), note)]),
            None => error,
        }
    }

    /// Marks the key in the file.
    pub(super) fn mark_key(&self, error: ConfigError, key: &str, note: &str) -> ConfigError {
        match self.entries.get(key) {
            Some(entry) => error.at(&self.source, &[(entry.key.clone(), note)]),
            None => error,
        }
    }

    /// The error for a value whose type Alembic stumbles over (`TypeError`); the message is Python's.
    pub(super) fn wrong_type(&self, key: &str, message: String, expected: &str) -> ConfigError {
        self.wrong("TypeError", key, message, expected)
    }

    /// As [`wrong_type`](Self::wrong_type), where Python has it as a `ValueError`.
    pub(super) fn wrong_value(&self, key: &str, message: String, expected: &str) -> ConfigError {
        self.wrong("ValueError", key, message, expected)
    }

    fn wrong(
        &self,
        class: &'static str,
        key: &str,
        message: String,
        expected: &str,
    ) -> ConfigError {
        let error = ConfigErrorKind::TomlWrongType { key: key.to_owned(), message, class };
        self.mark(error.into(), key, "this has the wrong type")
            .helped(format!("`{key}` takes {expected}"))
    }

    fn list(&self, key: &str, items: &[Raw]) -> Result<OptionValue, ConfigError> {
        if matches!(items.first(), Some(Raw::Table(_))) {
            let tables = items.iter().map(|item| match item {
                Raw::Table(table) => self.table(key, table),
                other => Err(self.wrong(
                    "AttributeError",
                    key,
                    format!("'{}' object has no attribute 'items'", python_type(other)),
                    "tables only, when its first element is a table",
                )),
            });
            return tables.collect::<Result<_, _>>().map(OptionValue::Tables);
        }
        let texts = items.iter().map(|item| self.text(key, item));
        texts.collect::<Result<_, _>>().map(OptionValue::List)
    }

    fn table(
        &self,
        key: &str,
        items: &[(String, Raw)],
    ) -> Result<Vec<(String, String)>, ConfigError> {
        items.iter().map(|(name, value)| Ok((name.clone(), self.text(key, value)?))).collect()
    }

    fn text(&self, key: &str, value: &Raw) -> Result<String, ConfigError> {
        match value {
            Raw::Text(text) => self.format(key, text),
            other => Err(self.wrong_type(
                key,
                format!("unsupported operand type(s) for %: '{}' and 'dict'", python_type(other)),
                "strings",
            )),
        }
    }

    fn format(&self, key: &str, text: &str) -> Result<String, ConfigError> {
        percent::format(text, &[("here", &self.here)]).map_err(|error| {
            let key = key.to_owned();
            let percent = "write `%%` for a percent sign; `%(here)s` is the folder of this file";
            let kind = match error {
                PercentError::UnknownKey(reference) => {
                    ConfigErrorKind::TomlUnknownReference { key: key.clone(), reference }
                }
                PercentError::Value(message) => ConfigErrorKind::TomlBadPercent {
                    key: key.clone(),
                    message,
                    class: "ValueError",
                },
                PercentError::Type(message) => ConfigErrorKind::TomlBadPercent {
                    key: key.clone(),
                    message,
                    class: "TypeError",
                },
            };
            self.mark(kind.into(), &key, "in this value").helped(percent.to_owned())
        })
    }
}

/// Does the text have anything called `tool.alembic`? An empty table counts.
pub(super) fn declares_alembic(text: &str) -> bool {
    let Ok(document) = DeTable::parse(text) else { return false };
    let tool = document.get_ref().get("tool").and_then(|tool| tool.get_ref().as_table());
    tool.is_some_and(|tool| tool.get("alembic").is_some())
}

/// Does the text have a `[tool.alembic]` table with a script location? For suggestions only.
pub(super) fn mentions_alembic(path: &Path, text: &str) -> bool {
    TomlFile::parse(&path.to_string_lossy(), text, "").is_ok_and(|file| file.has("script_location"))
}

fn entries(
    source: &SourceText,
    document: &DeTable<'_>,
) -> Result<BTreeMap<String, Entry>, ConfigError> {
    let Some(tool) = document.get("tool") else {
        return Ok(BTreeMap::new());
    };
    let Some(tools) = tool.get_ref().as_table() else {
        let kind =
            ConfigErrorKind::TomlToolNoTable { python_type: python_type(&raw(tool.get_ref())) };
        return Err(ConfigError::from(kind).at(source, &[(tool.span(), "this is no table")]));
    };
    let Some(alembic) = tools.get("alembic") else {
        return Ok(BTreeMap::new());
    };
    let Some(table) = alembic.get_ref().as_table() else {
        return Err(ConfigError::from(ConfigErrorKind::TomlNoTable)
            .at(source, &[(alembic.span(), "this is no table")])
            .helped("write the options below a line `[tool.alembic]`".to_owned()));
    };
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| Entry {
        key: Spanned::span(key),
        value: value.span(),
        raw: raw(value.get_ref()),
    };
    Ok(table.iter().map(|(key, value)| (key.get_ref().to_string(), entry((key, value)))).collect())
}

/// Recursion is bounded by the depth that the toml parser accepts.
fn raw(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Boolean(truth) => Raw::Boolean(*truth),
        DeValue::Integer(number) => {
            let digits = number.as_str();
            // Beyond 64 bits Python goes on and nothing here can use it.
            let limit = if digits.starts_with('-') { i64::MIN } else { i64::MAX };
            Raw::Integer(i64::from_str_radix(digits, number.radix()).unwrap_or(limit))
        }
        DeValue::Float(_) => Raw::Other("float"),
        DeValue::Datetime(moment) => Raw::Other(match (&moment.date, &moment.time) {
            (Some(_), Some(_)) => "datetime.datetime",
            (Some(_), None) => "datetime.date",
            (None, _) => "datetime.time",
        }),
        DeValue::Array(items) => Raw::List(items.iter().map(|item| raw(item.get_ref())).collect()),
        DeValue::Table(items) => Raw::Table(
            items
                .iter()
                .map(|(key, value)| (key.get_ref().to_string(), raw(value.get_ref())))
                .collect(),
        ),
    }
}

fn python_type(value: &Raw) -> &'static str {
    match value {
        Raw::Text(_) => "str",
        Raw::Integer(_) => "int",
        Raw::Boolean(_) => "bool",
        Raw::List(_) => "list",
        Raw::Table(_) => "dict",
        Raw::Other(name) => name,
    }
}

fn syntax_error(source: &SourceText, span: Range<usize>, message: &str) -> ConfigError {
    let start = span.start.min(source.text.len());
    let line_start = source.text[..start].rfind('\n').map_or(0, |end| end + 1);
    let kind = ConfigErrorKind::TomlSyntax {
        file: source.name.to_string(),
        message: message.to_owned(),
        line: source.line_of(start),
        column: source.text[line_start..start].chars().count() + 1,
    };
    ConfigError::from(kind).at(source, &[(span, "here")])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(text: &str, key: &str) -> Result<Option<OptionValue>, String> {
        TomlFile::parse("pyproject.toml", text, "/p")
            .and_then(|file| file.get(key))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn values_keep_their_types() {
        let text = "[tool.alembic]\na = \"%(here)s\"\nb = 0x10\nc = true\nd = [\"%%\"]\ne = {x = \"y\"}\nf = [{x = \"y\"}]\n";
        let pair = vec![("x".to_owned(), "y".to_owned())];
        for (key, value) in [
            ("a", OptionValue::Text("/p".to_owned())),
            ("b", OptionValue::Integer(16)),
            ("c", OptionValue::Boolean(true)),
            ("d", OptionValue::List(vec!["%".to_owned()])),
            ("e", OptionValue::Table(pair.clone())),
            ("f", OptionValue::Tables(vec![pair])),
        ] {
            assert_eq!(get(text, key), Ok(Some(value)));
        }
        assert_eq!(get(text, "g"), Ok(None));
    }

    #[test]
    fn other_tables_do_not_matter() {
        assert_eq!(get("[tool.other]\na = 1\n", "a"), Ok(None));
        assert_eq!(get("a = 1\n", "a"), Ok(None));
        let error = |text: &str| Err(text.to_owned());
        assert_eq!(get("tool = 1\n", "a"), error("`tool` is not a table but of type int"));
        assert_eq!(get("[[tool.alembic]]\n", "a"), error("Incorrect TOML format"));
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let deep = format!("[tool.alembic]\na = {}", "[".repeat(100_000));
        assert!(get(&deep, "a").is_err());
        let dotted = format!("[tool.alembic]\na{} = 1", ".a".repeat(20_000));
        assert!(get(&dotted, "a").is_err());
    }
}
