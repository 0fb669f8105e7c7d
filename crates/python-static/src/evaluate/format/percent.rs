//! `%` formatting.

use super::super::machine::{Eval, Machine, Stop};
use super::super::object::Object;
use super::super::operators::as_int;
use super::spec::{Spec, format_float, format_int, format_text};
use crate::percent::{self, Conversion, Piece};
use crate::source::TextRange;

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
            if conversion.kind == '%' {
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
                None => positional.next().ok_or_else(|| {
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

    fn convert(
        &mut self,
        conversion: &Conversion<'_>,
        value: &Object,
        range: &TextRange,
    ) -> Eval<String> {
        if let Object::Unknown(cause) = value {
            return Err(Stop::Unknown(cause.clone()));
        }
        let not_followed =
            |machine: &Self| machine.unknown("this format is not followed", range.clone());
        let number =
            |digits: Option<&str>| digits.map(|digits| digits.parse::<usize>().unwrap_or(0));
        let has = |flag: char| conversion.flags.contains(flag);
        let width = number(conversion.width).unwrap_or(0);
        self.check_size(width, range)?;
        let is_number = !matches!(conversion.kind, 's' | 'r' | 'a' | 'c');
        let mut spec = Spec {
            align: has('-').then_some('<'),
            sign: if has('+') { Some('+') } else { has(' ').then_some(' ') },
            alternate: has('#'),
            zero: has('0') && !has('-') && is_number,
            width,
            precision: number(conversion.precision),
            kind: Some(conversion.kind),
            ..Spec::default()
        };
        let text = match (conversion.kind, value) {
            ('s' | 'r' | 'a', _) => {
                let text = if conversion.kind == 's' {
                    self.text_of(value, range)?
                } else {
                    self.known_repr(value, range)?
                };
                (spec.kind, spec.sign) = (Some('s'), None);
                spec.align = Some(if has('-') { '<' } else { '>' });
                format_text(&text, &spec)
            }
            ('c', Object::Str(text)) => Some(text.to_string()),
            ('d' | 'i' | 'u', Object::Int(_) | Object::Bool(_)) if spec.precision.is_none() => {
                spec.kind = Some('d');
                format_int(as_int(value), &spec)
            }
            // A precision asks for at least so many digits.
            ('d' | 'i' | 'u', Object::Int(_) | Object::Bool(_))
                if width == 0 && spec.sign.is_none() =>
            {
                let digits = as_int(value).unsigned_abs();
                let sign = if as_int(value) < 0 { "-" } else { "" };
                Some(format!("{sign}{digits:00$}", spec.precision.unwrap_or(0).min(10_000)))
            }
            ('x' | 'X' | 'o', Object::Int(_) | Object::Bool(_)) if spec.precision.is_none() => {
                format_int(as_int(value), &spec)
            }
            ('f' | 'F', Object::Float(number)) => format_float(*number, &spec),
            ('f' | 'F', Object::Int(_)) => format_int(as_int(value), &spec),
            (
                'd' | 'i' | 'u' | 'x' | 'X' | 'o' | 'f' | 'F',
                Object::Str(_) | Object::None | Object::List(_) | Object::Tuple(_),
            ) => {
                return Err(self.raise("TypeError", "a number is required", range.clone()));
            }
            _ => None,
        };
        text.ok_or_else(|| not_followed(self))
    }
}
