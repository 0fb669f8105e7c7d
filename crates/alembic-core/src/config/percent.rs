//! Python's `text % {…}` for text values: what Alembic does to the strings of `pyproject.toml`.

use std::fmt::Write as _;

use super::python_text::{ascii, repr};

/// Widths and precisions beyond this are refused instead of filling the memory.
const WIDEST: usize = 1 << 20;

/// Why Python refuses the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PercentError {
    /// `KeyError`.
    UnknownKey(String),
    /// `ValueError` with its sentence.
    Value(String),
    /// `TypeError` with its sentence.
    Type(String),
}

/// Replaces `%(name)s` and its like by the value of that name; `%%` is a percent sign.
pub(super) fn format(text: &str, values: &[(&str, &str)]) -> Result<String, PercentError> {
    let mut formatter = Formatter {
        rest: text.chars().collect(),
        at: 0,
        values,
        taken: false,
    };
    let mut out = String::with_capacity(text.len());
    while let Some(character) = formatter.next() {
        if character == '%' {
            formatter.directive(&mut out)?;
        } else {
            out.push(character);
        }
    }
    Ok(out)
}

/// Flags, width and precision of a directive.
struct Layout {
    left: bool,
    width: usize,
    precision: Option<usize>,
}

struct Formatter<'a> {
    rest: Vec<char>,
    at: usize,
    values: &'a [(&'a str, &'a str)],
    /// A directive without a name takes the whole dictionary, once.
    taken: bool,
}

impl<'a> Formatter<'a> {
    fn next(&mut self) -> Option<char> {
        let character = self.rest.get(self.at).copied();
        self.at += usize::from(character.is_some());
        character
    }

    fn required(&mut self) -> Result<char, PercentError> {
        self.next()
            .ok_or_else(|| PercentError::Value("incomplete format".to_owned()))
    }

    fn directive(&mut self, out: &mut String) -> Result<(), PercentError> {
        let mut character = self.required()?;
        if character == '%' {
            out.push('%');
            return Ok(());
        }
        let mut value = None;
        if character == '(' {
            let name = self.name()?;
            value = Some(self.lookup(name)?);
            self.taken = true;
            character = self.required()?;
        }
        let mut layout = Layout {
            left: false,
            width: 0,
            precision: None,
        };
        while "-+ #0".contains(character) {
            layout.left |= character == '-';
            character = self.required()?;
        }
        (layout.width, character) = self.number(character, "width too big")?;
        if character == '.' {
            let first = self.required()?;
            let (precision, next) = self.number(first, "precision too big")?;
            layout.precision = Some(precision);
            character = next;
        }
        if "hlL".contains(character) {
            character = self.required()?;
        }
        self.convert(out, character, value, &layout)
    }

    /// The name up to the parenthesis that closes it; parentheses inside nest.
    fn name(&mut self) -> Result<String, PercentError> {
        let start = self.at;
        let mut depth = 1_usize;
        while let Some(character) = self.next() {
            match character {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(self.rest[start..self.at - 1].iter().collect());
            }
        }
        Err(PercentError::Value("incomplete format key".to_owned()))
    }

    fn lookup(&self, name: String) -> Result<&'a str, PercentError> {
        self.values
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| *value)
            .ok_or(PercentError::UnknownKey(name))
    }

    /// Digits from `first` on, and the character behind them.
    fn number(&mut self, first: char, too_big: &str) -> Result<(usize, char), PercentError> {
        if first == '*' {
            return Err(PercentError::Type("* wants int".to_owned()));
        }
        let mut number = 0_usize;
        let mut character = first;
        while let Some(digit) = character.to_digit(10) {
            number = number * 10 + digit as usize;
            if number > WIDEST {
                return Err(PercentError::Value(too_big.to_owned()));
            }
            character = self.required()?;
        }
        Ok((number, character))
    }

    fn convert(
        &mut self,
        out: &mut String,
        character: char,
        value: Option<&str>,
        layout: &Layout,
    ) -> Result<(), PercentError> {
        if value.is_none() && std::mem::replace(&mut self.taken, true) {
            let message = "not enough arguments for format string";
            return Err(PercentError::Type(message.to_owned()));
        }
        let kind = if value.is_some() { "str" } else { "dict" };
        let text = match (character, value) {
            ('s', Some(value)) => value.to_owned(),
            ('r', Some(value)) => repr(value),
            ('a', Some(value)) => ascii(value),
            ('s' | 'r', None) => self.dictionary(repr),
            ('a', None) => self.dictionary(ascii),
            ('c', Some(value)) if value.chars().count() == 1 => value.to_owned(),
            ('c', _) => return Err(PercentError::Type("%c requires int or char".to_owned())),
            ('d' | 'i' | 'u', _) => {
                return Err(PercentError::Type(format!(
                    "%{character} format: a real number is required, not {kind}"
                )));
            }
            ('o' | 'x' | 'X', _) => {
                return Err(PercentError::Type(format!(
                    "%{character} format: an integer is required, not {kind}"
                )));
            }
            ('e' | 'E' | 'f' | 'F' | 'g' | 'G', _) => {
                return Err(PercentError::Type(format!(
                    "must be real number, not {kind}"
                )));
            }
            _ => return Err(self.unsupported(character)),
        };
        push_padded(out, &text, layout);
        Ok(())
    }

    fn unsupported(&self, character: char) -> PercentError {
        let shown = if (' '..='\u{7f}').contains(&character) {
            character
        } else {
            '?'
        };
        PercentError::Value(format!(
            "unsupported format character '{shown}' ({:#x}) at index {}",
            u32::from(character),
            self.at - 1
        ))
    }

    fn dictionary(&self, quoted: fn(&str) -> String) -> String {
        let mut out = String::from("{");
        for (index, (key, value)) in self.values.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(out, "{comma}{}: {}", quoted(key), quoted(value)).expect("a String takes all");
        }
        out + "}"
    }
}

fn push_padded(out: &mut String, text: &str, layout: &Layout) {
    let length = text
        .chars()
        .count()
        .min(layout.precision.unwrap_or(usize::MAX));
    let blanks = " ".repeat(layout.width.saturating_sub(length));
    if !layout.left {
        out.push_str(&blanks);
    }
    out.extend(text.chars().take(length));
    if layout.left {
        out.push_str(&blanks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(text: &str) -> Result<String, PercentError> {
        format(text, &[("here", "/p")])
    }

    #[test]
    fn names_are_replaced() {
        assert_eq!(here("%(here)s/m %% é"), Ok("/p/m % é".to_owned()));
        assert_eq!(
            here("%(here)r|%(here)5s|%(here)-4.1s|"),
            Ok("'/p'|   /p|/   |".to_owned())
        );
        assert_eq!(here("%s"), Ok("{'here': '/p'}".to_owned()));
    }

    #[test]
    fn python_refuses_the_rest() {
        let value = |text: &str| Err(PercentError::Value(text.to_owned()));
        let kind = |text: &str| Err(PercentError::Type(text.to_owned()));
        assert_eq!(
            here("%(nope)s"),
            Err(PercentError::UnknownKey("nope".to_owned()))
        );
        assert_eq!(here("100%"), value("incomplete format"));
        assert_eq!(here("%(here"), value("incomplete format key"));
        assert_eq!(
            here("aé%q"),
            value("unsupported format character 'q' (0x71) at index 3")
        );
        assert_eq!(
            here("%(here)%"),
            value("unsupported format character '%' (0x25) at index 7")
        );
        assert_eq!(here("%99999999s"), value("width too big"));
        assert_eq!(here("%s%s"), kind("not enough arguments for format string"));
        assert_eq!(
            here("%(here)d"),
            kind("%d format: a real number is required, not str")
        );
        assert_eq!(
            here("%40x"),
            kind("%x format: an integer is required, not dict")
        );
    }
}
