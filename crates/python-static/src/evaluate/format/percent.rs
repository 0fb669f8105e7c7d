//! `%` formatting.

use super::super::machine::{Eval, Machine, Stop};
use super::super::object::Object;
use super::super::operators::as_int;
use super::spec::{Spec, format_float, format_int, format_text};
use crate::percent::{self, Conversion, Piece};
use crate::source::TextRange;
use crate::text;

impl Machine<'_> {
    /// What `template % values` gives.
    pub(in crate::evaluate) fn percent(
        &mut self,
        template: &str,
        values: &Object,
        range: TextRange,
    ) -> Eval {
        let mut positional = match values {
            Object::Tuple(items) => items.to_vec(),
            single => vec![single.clone()],
        }
        .into_iter();
        let mut used_key = false;
        let mut text = String::new();
        for piece in percent::pieces(template) {
            let piece = piece.map_err(|malformed| {
                self.raise("ValueError", malformed.to_string(), range.clone())
            })?;
            let conversion = match piece {
                Piece::Text(plain) => {
                    text.push_str(plain);
                    continue;
                }
                Piece::Conversion(conversion) => conversion,
            };
            self.check_size(text.len(), &range)?;
            if self.is_percent_sign(&conversion, &range)? {
                text.push('%');
                continue;
            }
            if conversion.width == Some("*") || conversion.precision == Some("*") {
                return Err(self.unknown("this format is not followed", range));
            }
            let value = match conversion.key {
                Some(key) => {
                    used_key = true;
                    self.subscript(values, &Object::str(key), range.clone())?
                }
                // Behind a key Python has no next value.
                None => positional.next().filter(|_| !used_key).ok_or_else(|| {
                    self.raise("TypeError", "not enough arguments for format string", range.clone())
                })?,
            };
            text.push_str(&self.convert(&conversion, &value, &range)?);
        }
        let dictionary = matches!(values, Object::Dict(_) | Object::Namespace(_));
        if !used_key && !dictionary && positional.next().is_some() {
            return Err(self.raise(
                "TypeError",
                "not all arguments converted during string formatting",
                range,
            ));
        }
        Ok(Object::str(text))
    }

    /// `%%` is a percent sign; Python takes nothing between the two.
    fn is_percent_sign(&self, conversion: &Conversion<'_>, range: &TextRange) -> Eval<bool> {
        if conversion.kind == '%'
            && *conversion != (Conversion { kind: '%', ..Conversion::default() })
        {
            let message = "unsupported format character '%'";
            return Err(self.raise("ValueError", message, range.clone()));
        }
        Ok(conversion.kind == '%')
    }

    fn convert(
        &mut self,
        conversion: &Conversion<'_>,
        value: &Object,
        range: &TextRange,
    ) -> Eval<String> {
        if let Object::Unknown(cause) = value {
            return Err(Stop::Unknown(cause.clone()));
        }
        let has = |flag: char| conversion.flags.contains(flag);
        let number =
            |digits: Option<&str>| digits.map(|digits| digits.parse::<usize>().unwrap_or(0));
        let width = number(conversion.width).unwrap_or(0);
        self.check_size(width, range)?;
        let is_number = !matches!(conversion.kind, 's' | 'r' | 'a' | 'c');
        let spec = Spec {
            align: has('-').then_some('<'),
            sign: if has('+') { Some('+') } else { has(' ').then_some(' ') },
            alternate: has('#'),
            zero: has('0') && !has('-') && is_number,
            width,
            precision: number(conversion.precision),
            kind: Some(conversion.kind),
            ..Spec::default()
        };
        let text = if is_number {
            self.convert_number(conversion.kind, value, spec, range)?
        } else {
            self.convert_text(conversion.kind, value, spec, range)?
        };
        text.ok_or_else(|| self.unknown("this format is not followed", range.clone()))
    }

    fn convert_text(
        &mut self,
        kind: char,
        value: &Object,
        mut spec: Spec,
        range: &TextRange,
    ) -> Eval<Option<String>> {
        let text = match (kind, value) {
            ('s', _) => self.text_of(value, range)?,
            ('r', _) => self.known_repr(value, range)?,
            ('a', _) => text::only_ascii(&self.known_repr(value, range)?),
            (_, Object::Str(text)) if text.chars().count() == 1 => text.to_string(),
            (_, Object::Int(_) | Object::Bool(_)) => {
                let Some(letter) = u32::try_from(as_int(value)).ok().and_then(char::from_u32)
                else {
                    return Ok(None);
                };
                letter.to_string()
            }
            _ => return Err(self.raise("TypeError", "%c requires int or char", range.clone())),
        };
        // It is one character, whatever the precision.
        spec.precision = spec.precision.filter(|_| kind != 'c');
        (spec.kind, spec.sign) = (Some('s'), None);
        spec.align = spec.align.or(Some('>'));
        Ok(format_text(&text, &spec))
    }

    fn convert_number(
        &mut self,
        kind: char,
        value: &Object,
        mut spec: Spec,
        range: &TextRange,
    ) -> Eval<Option<String>> {
        let is_int = matches!(value, Object::Int(_) | Object::Bool(_));
        Ok(match (kind, value) {
            ('d' | 'i' | 'u', _) if is_int && spec.precision.is_none() => {
                spec.kind = Some('d');
                format_int(as_int(value), &spec)
            }
            // A precision asks for at least so many digits.
            ('d' | 'i' | 'u', _) if is_int && spec.width == 0 && spec.sign.is_none() => {
                let digits = as_int(value).unsigned_abs();
                let sign = if as_int(value) < 0 { "-" } else { "" };
                Some(format!("{sign}{digits:00$}", spec.precision.unwrap_or(0).min(10_000)))
            }
            ('x' | 'X' | 'o', _) if is_int && spec.precision.is_none() => {
                format_int(as_int(value), &spec)
            }
            ('e' | 'E' | 'f' | 'F' | 'g' | 'G', Object::Float(number)) => {
                format_float(*number, &spec)
            }
            ('e' | 'E' | 'f' | 'F' | 'g' | 'G', _) if is_int => format_int(as_int(value), &spec),
            (
                'd' | 'i' | 'u' | 'x' | 'X' | 'o' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G',
                Object::Str(_) | Object::None | Object::List(_) | Object::Tuple(_),
            ) => {
                return Err(self.raise("TypeError", "a number is required", range.clone()));
            }
            _ => None,
        })
    }
}
