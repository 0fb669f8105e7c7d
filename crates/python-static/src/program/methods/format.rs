//! Formats: `format()`, `str.format`, `%`.

use crate::percent::{self, Conversion, Piece};
use crate::program::args::Arguments;
use crate::program::value::{Place, Value};
use crate::program::{MAX_SIZE, Machine};

impl Machine {
    /// `format(value, spec)`
    pub(in crate::program) fn format(&self, value: &Value, spec: &str) -> Option<String> {
        if spec.is_empty() {
            return self.show(value);
        }
        let zero = spec.starts_with('0');
        let body = spec.trim_end_matches(['d', 's']);
        let width: usize = body.parse().ok()?;
        if width > 1000 {
            return None;
        }
        match value {
            Value::Int(value) if zero => Some(format!("{value:0width$}")),
            Value::Int(value) => Some(format!("{value:width$}")),
            Value::Str(text) if !zero => Some(format!("{text:width$}")),
            _ => None,
        }
    }

    /// `text.format(…)`
    pub(super) fn format_text(&mut self, text: &str, arguments: &Arguments) -> Option<String> {
        let mut out = String::new();
        let mut next = 0;
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if rest.starts_with(brace) {
                out.push_str(brace);
                rest = &rest[1..];
                continue;
            }
            if brace == "}" {
                return None;
            }
            let end = rest.find('}')?;
            let field = &rest[..end];
            rest = &rest[end + 1..];
            let (field, spec) = field.split_once(':').unwrap_or((field, ""));
            let mut path = field.split('.');
            let head = path.next()?;
            let mut value = if head.is_empty() {
                next += 1;
                arguments.positional.get(next - 1)?.clone()
            } else if let Ok(at) = head.parse::<usize>() {
                arguments.positional.get(at)?.clone()
            } else {
                arguments.keyword(head)?.clone()
            };
            for part in path {
                value = self.attribute(&value, part, Place::default()).ok()?;
            }
            out.push_str(&self.format(&value, spec)?);
            if out.len() > MAX_SIZE {
                return None;
            }
        }
        out.push_str(rest);
        Some(out)
    }

    /// `format % values`
    pub(in crate::program) fn percent(&self, format: &str, values: &Value) -> Option<String> {
        let mut out = String::new();
        let list = match values {
            Value::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        let named = values.pairs();
        let mut positional = list.into_iter();
        for piece in percent::pieces(format) {
            match piece.ok()? {
                Piece::Text(text) => out.push_str(text),
                Piece::Conversion(Conversion { kind: '%', .. }) => out.push('%'),
                Piece::Conversion(conversion) => {
                    let value = match conversion.key {
                        Some(key) => named
                            .as_ref()?
                            .iter()
                            .find(|(known, _)| known.as_str() == Some(key))
                            .map(|(_, value)| value.clone())?,
                        None => positional.next()?,
                    };
                    out.push_str(&self.converted(&conversion, &value)?);
                }
            }
        }
        (named.is_some() || positional.next().is_none()).then_some(out)
    }

    fn converted(&self, conversion: &Conversion<'_>, value: &Value) -> Option<String> {
        if conversion.is_plain('s') {
            return self.show(value);
        }
        if conversion.is_plain('r') {
            return self.repr(value);
        }
        let padding = matches!(conversion.flags, "" | "0") && conversion.precision.is_none();
        let width = conversion.width.unwrap_or_default();
        (padding && matches!(conversion.kind, 'd' | 'i'))
            .then(|| self.format(value, &format!("{}{width}", conversion.flags)))?
    }
}
