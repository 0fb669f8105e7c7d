//! Reading single options: the ini section first, then the toml table.

use python_static::text::digit;

use super::{
    Config, ConfigError, OptionValue,
    error::ConfigErrorKind as Kind,
    python_text::{path_text, strip},
    secret,
};
use crate::near_miss::nearest;

impl Config {
    /// Alembic's `get_main_option`: an option of the ini file's main section alone.
    ///
    /// # Errors
    ///
    /// As [`get_section_option`](Self::get_section_option).
    pub fn get_main_option(&self, name: &str) -> Result<Option<String>, ConfigError> {
        self.get_section_option(self.section_name(), name)
    }

    /// Alembic's `get_section_option`: an option of a section of the ini file.
    ///
    /// # Errors
    ///
    /// When the ini file does not have the section, or a reference in the value leads nowhere.
    pub fn get_section_option(
        &self,
        section: &str,
        name: &str,
    ) -> Result<Option<String>, ConfigError> {
        let ini = self.ini()?;
        if !ini.has_section(section) {
            let kind = Kind::NoIniSection {
                file: self.files.ini.to_string_lossy().into_owned(),
                section: section.to_owned(),
            };
            let near = nearest(section, ini.sections());
            return Err(ConfigError::from(kind)
                .helped(near.map(|near| format!("did you mean section [{near}]?"))));
        }
        ini.get(section, name)
    }

    /// Does the ini file have the section? `[DEFAULT]` does not count.
    ///
    /// # Errors
    ///
    /// When the ini file cannot be read as one.
    pub fn has_section(&self, section: &str) -> Result<bool, ConfigError> {
        Ok(self.ini()?.has_section(section))
    }

    /// Alembic's `get_section`: all options of a section of the ini file, `[DEFAULT]` and `here` included; `None`
    /// when there is no such section.
    ///
    /// # Errors
    ///
    /// When a reference in any of the values leads nowhere.
    pub fn section_options(
        &self,
        section: &str,
    ) -> Result<Option<Vec<(String, String)>>, ConfigError> {
        let ini = self.ini()?;
        if !ini.has_section(section) {
            return Ok(None);
        }
        ini.items(section).map(Some)
    }

    /// The line of the ini file that sets an option of the main section, counted from 1.
    pub fn option_line(&self, name: &str) -> Option<usize> {
        self.ini().ok()?.line(self.section_name(), name)
    }

    /// Alembic's `get_alembic_option`: from the ini section, else from toml.
    ///
    /// # Errors
    ///
    /// When either file is broken, or the value cannot be interpolated.
    pub fn get_alembic_option(&self, name: &str) -> Result<Option<OptionValue>, ConfigError> {
        let ini = self.ini()?;
        if !ini.has_option(self.section_name(), name) {
            return self.toml()?.get(name);
        }
        match ini.get(self.section_name(), name)? {
            Some(text) => Ok(Some(OptionValue::Text(text))),
            None => Err(Kind::NoSection { section: self.section_name().to_owned() }.into()),
        }
    }

    /// Alembic's `get_alembic_boolean_option`: in an ini file only exactly `true` is true; in toml it is a boolean.
    ///
    /// # Errors
    ///
    /// As [`get_alembic_option`](Self::get_alembic_option), and when the toml value is no boolean.
    pub fn get_alembic_boolean_option(&self, name: &str) -> Result<bool, ConfigError> {
        if self.ini()?.has_option(self.section_name(), name) {
            let value = self.get_alembic_option(name)?;
            return Ok(value == Some(OptionValue::Text("true".to_owned())));
        }
        self.toml()?.boolean(name)
    }

    /// Are the subfolders of the version locations read as well?
    ///
    /// # Errors
    ///
    /// As [`get_alembic_boolean_option`](Self::get_alembic_boolean_option).
    pub fn recursive_version_locations(&self) -> Result<bool, ConfigError> {
        self.get_alembic_boolean_option("recursive_version_locations")
    }

    /// Do compiled scripts count?
    ///
    /// # Errors
    ///
    /// As [`get_alembic_boolean_option`](Self::get_alembic_boolean_option).
    pub fn sourceless(&self) -> Result<bool, ConfigError> {
        self.get_alembic_boolean_option("sourceless")
    }

    /// How new files are named; `%(rev)s_%(slug)s` unless set.
    ///
    /// # Errors
    ///
    /// As [`get_alembic_option`](Self::get_alembic_option), and when the toml value is no string.
    pub fn file_template(&self) -> Result<String, ConfigError> {
        let template = self.text_option("file_template", |kind| {
            format!("unsupported operand type(s) for %: '{kind}' and 'dict'")
        })?;
        Ok(template.unwrap_or_else(|| "%(rev)s_%(slug)s".to_owned()))
    }

    /// The encoding of new files; `utf-8` unless set.
    ///
    /// # Errors
    ///
    /// As [`get_alembic_option`](Self::get_alembic_option), and when the toml value is no string.
    pub fn output_encoding(&self) -> Result<String, ConfigError> {
        let encoding = self.text_option("output_encoding", |kind| {
            format!("encode() argument 'encoding' must be str, not {kind}")
        })?;
        Ok(encoding.unwrap_or_else(|| "utf-8".to_owned()))
    }

    /// The time zone of new files' dates; local time unless set.
    ///
    /// # Errors
    ///
    /// As [`get_alembic_option`](Self::get_alembic_option), and when the toml value is no string.
    pub fn timezone(&self) -> Result<Option<String>, ConfigError> {
        self.text_option("timezone", |kind| {
            format!("expected str, bytes or os.PathLike object, not {kind}")
        })
    }

    /// The longest slug of a new file's name, in characters; 40 unless set, also for 0.
    ///
    /// # Errors
    ///
    /// As [`get_alembic_option`](Self::get_alembic_option), and when the value is no number.
    pub fn truncate_slug_length(&self) -> Result<i64, ConfigError> {
        const KEY: &str = "truncate_slug_length";
        let length = match self.get_alembic_option(KEY)? {
            None => 0,
            Some(OptionValue::Integer(number)) => number,
            Some(OptionValue::Boolean(truth)) => i64::from(truth),
            Some(OptionValue::Text(text)) => {
                integer(&text).ok_or_else(|| self.not_an_integer(KEY, &text))?
            }
            Some(other) => {
                let message = format!(
                    "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                    other.python_type()
                );
                return Err(self.toml()?.wrong_type(KEY, message, "a number"));
            }
        };
        Ok(if length == 0 { 40 } else { length })
    }

    /// Is env.py run for every new revision? (`true`, `yes`, `on`, `y`, `t`, `1` and their opposites.)
    ///
    /// # Errors
    ///
    /// As [`get_alembic_option`](Self::get_alembic_option), and when the value is neither.
    pub fn revision_environment(&self) -> Result<bool, ConfigError> {
        const KEY: &str = "revision_environment";
        let Some(value) = self.get_alembic_option(KEY)? else {
            return Ok(false);
        };
        let OptionValue::Text(text) = &value else {
            return Ok(value.is_true());
        };
        match strip(text).to_lowercase().as_str() {
            "true" | "yes" | "on" | "y" | "t" | "1" => Ok(true),
            "false" | "no" | "off" | "n" | "f" | "0" => Ok(false),
            other => {
                let kind = Kind::NotABoolean { key: KEY.to_owned(), value: other.to_owned() };
                Err(self
                    .mark_option(kind.into(), KEY, "neither true nor false")
                    .helped(comment_help(text)))
            }
        }
    }

    /// Marks the option's value in the file that it comes from.
    pub(super) fn mark_option(&self, error: ConfigError, key: &str, note: &str) -> ConfigError {
        match self.ini() {
            Ok(ini) if ini.has_option(self.section_name(), key) => {
                ini.mark(error, self.section_name(), key, note)
            }
            _ => match self.toml() {
                Ok(toml) => toml.mark(error, key, note),
                Err(_) => error,
            },
        }
    }

    /// The file that the option comes from, as given.
    pub(super) fn origin(&self, key: &str) -> String {
        let from_ini = self.ini().is_ok_and(|ini| ini.has_option(self.section_name(), key));
        path_text(if from_ini { &self.files.ini } else { &self.files.toml })
    }

    fn text_option(
        &self,
        key: &str,
        message: impl Fn(&str) -> String,
    ) -> Result<Option<String>, ConfigError> {
        match self.get_alembic_option(key)? {
            None => Ok(None),
            Some(OptionValue::Text(text)) => Ok(Some(text)),
            Some(other) => {
                let message = message(other.python_type());
                Err(self.toml()?.wrong_type(key, message, "a string"))
            }
        }
    }

    fn not_an_integer(&self, key: &str, text: &str) -> ConfigError {
        let kind = Kind::NotAnInteger { key: key.to_owned(), value: secret::hide_value(key, text) };
        self.mark_option(kind.into(), key, "this is no number").helped(comment_help(text))
    }
}

/// What helps when a value goes on with a comment.
pub(super) fn comment_help(value: &str) -> Option<String> {
    has_comment(value).then(|| {
        "in an ini file a comment cannot stand behind a value: put it on a line of its own"
            .to_owned()
    })
}

/// Does a line of the value look as if a comment was meant?
pub(super) fn has_comment(value: &str) -> bool {
    [" #", "\t#", " ;", "\t;"].iter().any(|sign| value.contains(sign))
}

/// Python's `int(text)`: blanks around, a sign, digits of any script with single underscores between them.
fn integer(text: &str) -> Option<i64> {
    let text = strip(text);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let grouped = !digits.starts_with('_') && !digits.ends_with('_') && !digits.contains("__");
    let values = digits.chars().filter(|&c| c != '_').map(digit);
    let plain: String = values.map(|digit| char::from_digit(digit?, 10)).collect::<Option<_>>()?;
    if !grouped || plain.is_empty() {
        return None;
    }
    // Beyond 64 bits Python goes on, and no slug is that long.
    let number = plain.parse::<i64>().unwrap_or(i64::MAX);
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_pythons() {
        for (text, number) in [
            ("40", Some(40)),
            (" +1_000\n", Some(1000)),
            ("-3", Some(-3)),
            ("\u{663}2", Some(32)),
            ("99999999999999999999", Some(i64::MAX)),
            ("", None),
            ("_1", None),
            ("1__0", None),
            ("4 # x", None),
            ("--1", None),
            ("1.0", None),
        ] {
            assert_eq!(integer(text), number, "{text}");
        }
    }
}
