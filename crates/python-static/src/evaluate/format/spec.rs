//! Python's format specification mini-language, for strings and numbers.

use super::super::calls::Arguments;
use super::super::machine::{Eval, Machine};
use super::super::object::Object;
use super::super::operators::as_int;
use crate::source::TextRange;

/// Rust writes no more digits than fit into 16 bits; nobody asks for as many.
const MAX_PRECISION: usize = 1000;

/// `[[fill]align][sign][#][0][width][grouping][.precision][type]`
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Spec {
    pub(super) fill: Option<char>,
    pub(super) align: Option<char>,
    pub(super) sign: Option<char>,
    pub(super) alternate: bool,
    pub(super) zero: bool,
    pub(super) width: usize,
    pub(super) grouping: Option<char>,
    pub(super) precision: Option<usize>,
    pub(super) kind: Option<char>,
}

impl Spec {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let chars: Vec<char> = text.chars().collect();
        let mut spec = Self::default();
        let is_align = |c: &char| matches!(c, '<' | '>' | '=' | '^');
        let mut at = 0;
        if chars.get(1).is_some_and(is_align) {
            (spec.fill, spec.align) = (Some(chars[0]), Some(chars[1]));
            at = 2;
        } else if chars.first().is_some_and(is_align) {
            spec.align = Some(chars[0]);
            at = 1;
        }
        let take = |at: &mut usize, test: fn(char) -> bool| {
            let found = chars.get(*at).copied().filter(|c| test(*c));
            *at += usize::from(found.is_some());
            found
        };
        spec.sign = take(&mut at, |c| matches!(c, '+' | '-' | ' '));
        spec.alternate = take(&mut at, |c| c == '#').is_some();
        spec.zero = take(&mut at, |c| c == '0').is_some();
        spec.width = number(&chars, &mut at)?.unwrap_or(0);
        spec.grouping = chars.get(at).copied().filter(|c| matches!(c, '_' | ','));
        at += usize::from(spec.grouping.is_some());
        if chars.get(at) == Some(&'.') {
            at += 1;
            spec.precision = Some(number(&chars, &mut at)??);
        }
        spec.kind = chars.get(at).copied();
        at += usize::from(spec.kind.is_some());
        (at == chars.len()).then_some(spec)
    }

    /// Pads `digits` behind `prefix` (a sign, `0x`).
    pub(super) fn pad(&self, prefix: &str, digits: &str, default: char) -> String {
        let length = prefix.chars().count() + digits.chars().count();
        let missing = self.width.saturating_sub(length);
        let is_number = default == '>';
        let zero = self.zero && self.align.is_none() && self.fill.is_none();
        let align = self.align.unwrap_or(if zero && is_number { '=' } else { default });
        let fill = self.fill.unwrap_or(if self.zero { '0' } else { ' ' });
        let blanks = |count: usize| std::iter::repeat_n(fill, count).collect::<String>();
        match align {
            '<' => format!("{prefix}{digits}{}", blanks(missing)),
            '^' => {
                format!("{}{prefix}{digits}{}", blanks(missing / 2), blanks(missing - missing / 2))
            }
            '=' => format!("{prefix}{}{digits}", blanks(missing)),
            _ => format!("{}{prefix}{digits}", blanks(missing)),
        }
    }
}

/// A number at `at`: `Some(None)` when there is none, `None` when it is absurd.
#[expect(clippy::option_option, reason = "no number and no answer are two things")]
fn number(chars: &[char], at: &mut usize) -> Option<Option<usize>> {
    let digits: String = chars[*at..].iter().take_while(|c| c.is_ascii_digit()).collect();
    *at += digits.len();
    if digits.is_empty() {
        return Some(None);
    }
    digits.parse().ok().filter(|&number: &usize| number <= 10_000).map(Some)
}

impl Machine<'_> {
    /// What `format(value, spec)` gives.
    pub(in crate::evaluate) fn format_value(
        &mut self,
        value: &Object,
        spec: &str,
        range: &TextRange,
    ) -> Eval<String> {
        if let Object::Instance(_) = value
            && let Ok(method) = self.attribute(value, "__format__", range.clone())
        {
            let arguments = Arguments { positional: vec![Object::str(spec)], keywords: Vec::new() };
            let formatted = self.call(&method, &arguments, range.clone())?;
            return self.text_of(&formatted, range);
        }
        if spec.is_empty() {
            return self.text_of(value, range);
        }
        let not_followed =
            || self.unknown(format!("the format `{spec}` is not followed"), range.clone());
        let parsed = Spec::parse(spec).ok_or_else(not_followed)?;
        let text = match value {
            Object::Str(text) => format_text(text, &parsed),
            Object::Int(_) => format_int(as_int(value), &parsed),
            Object::Bool(flag) if parsed.kind.is_some() => format_int(i128::from(*flag), &parsed),
            Object::Float(number) => format_float(*number, &parsed),
            _ => None,
        };
        text.ok_or_else(not_followed)
    }
}

pub(super) fn format_text(text: &str, spec: &Spec) -> Option<String> {
    if !matches!(spec.kind, None | Some('s'))
        || spec.sign.is_some()
        || spec.align == Some('=')
        || spec.grouping.is_some()
    {
        return None;
    }
    let cut: String = match spec.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    };
    Some(spec.pad("", &cut, '<'))
}

pub(super) fn format_int(value: i128, spec: &Spec) -> Option<String> {
    if spec.precision.is_some() {
        #[expect(clippy::cast_precision_loss, reason = "Python converts to a float too")]
        return format_float(value as f64, spec);
    }
    let size = value.unsigned_abs();
    let (prefix, digits) = match spec.kind {
        None | Some('d' | 'n') => ("", size.to_string()),
        Some('x') => ("0x", format!("{size:x}")),
        Some('X') => ("0X", format!("{size:X}")),
        Some('o') => ("0o", format!("{size:o}")),
        Some('b') => ("0b", format!("{size:b}")),
        Some('c') => ("", char::from_u32(u32::try_from(size).ok()?)?.to_string()),
        #[expect(clippy::cast_precision_loss, reason = "Python converts to a float too")]
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G') => return format_float(value as f64, spec),
        _ => return None,
    };
    let sign = sign_of(value < 0, spec);
    let prefix = if spec.alternate { format!("{sign}{prefix}") } else { sign.to_owned() };
    let digits = match spec.grouping {
        // Zeros that pad would be grouped too.
        Some(_) if spec.zero => return None,
        Some(mark) => group(
            &digits,
            mark,
            if matches!(spec.kind, Some('x' | 'X' | 'o' | 'b')) { 4 } else { 3 },
        ),
        None => digits,
    };
    Some(spec.pad(&prefix, &digits, '>'))
}

fn sign_of(negative: bool, spec: &Spec) -> &'static str {
    match (negative, spec.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    }
}

fn group(digits: &str, mark: char, size: usize) -> String {
    let mut grouped = String::new();
    for (index, c) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(size) {
            grouped.push(mark);
        }
        grouped.push(c);
    }
    grouped
}

pub(super) fn format_float(value: f64, spec: &Spec) -> Option<String> {
    let precision = spec.precision.unwrap_or(6);
    if !value.is_finite() || spec.grouping.is_some() || precision > MAX_PRECISION {
        return None;
    }
    let digits = match spec.kind? {
        'f' | 'F' => format!("{:.precision$}", value.abs()),
        // The point that stays, and the zeros behind it.
        'e' | 'E' | 'g' | 'G' if spec.alternate => return None,
        'e' => exponential(value.abs(), precision),
        'E' => exponential(value.abs(), precision).to_uppercase(),
        'g' => general(value.abs(), precision),
        'G' => general(value.abs(), precision).to_uppercase(),
        _ => return None,
    };
    Some(spec.pad(sign_of(value.is_sign_negative(), spec), &digits, '>'))
}

/// As Python's `%e`: two digits of exponent at least, with a sign.
fn exponential(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    match text.split_once('e') {
        Some((digits, exponent)) => match exponent.strip_prefix('-') {
            Some(exponent) => format!("{digits}e-{exponent:0>2}"),
            None => format!("{digits}e+{exponent:0>2}"),
        },
        None => text,
    }
}

/// As Python's `%g`: so many digits that count, no zeros at the end.
fn general(value: f64, precision: usize) -> String {
    let digits = precision.max(1);
    let rounded = format!("{value:.*e}", digits - 1);
    let exponent = rounded.split_once('e').and_then(|(_, text)| text.parse::<i64>().ok());
    let exponent = exponent.unwrap_or(0);
    let behind_point = i64::try_from(digits).unwrap_or(i64::MAX) - 1 - exponent;
    let trimmed = |text: &str| {
        let has_point = text.contains('.');
        let text = if has_point { text.trim_end_matches('0') } else { text };
        text.trim_end_matches('.').to_owned()
    };
    match usize::try_from(behind_point) {
        Ok(places) if exponent >= -4 => trimmed(&format!("{value:.places$}")),
        _ => match exponential(value, digits - 1).split_once('e') {
            Some((digits, exponent)) => format!("{}e{exponent}", trimmed(digits)),
            None => rounded,
        },
    }
}

/// `repr` of a float, in the range in which Python writes no exponent.
pub(super) fn float_repr(value: f64) -> Option<String> {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        return None;
    }
    let text = value.to_string();
    Some(if text.contains('.') { text } else { format!("{text}.0") })
}
