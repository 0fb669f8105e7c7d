//! ConfigParser's `BasicInterpolation`: `%(name)s` is replaced, `%%` is a percent sign, every other `%` is an error.
//!
//! Pure text work: where names are looked up, and how a fault is reported, is the caller's affair. A fault holds no text
//! of the configuration but a name, so that it can be shown freely.

/// ConfigParser's `MAX_INTERPOLATION_DEPTH`.
const DEEPEST: usize = 10;
/// More replacements than any configuration has; ten steps that each double would go on for ever.
const MOST_STEPS: usize = 100_000;
/// The longest result, in bytes.
const LONGEST: usize = 16 << 20;

/// Why a value cannot be interpolated, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    /// The option whose value has the fault, when it is not the one that was asked for.
    pub(super) within: Option<String>,
    /// Byte within that value.
    pub(super) offset: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// `%(name)s` and nothing is called so; the name in lower case.
    Unknown(String),
    /// A `%` without `%` or `(` behind it.
    LonePercent,
    /// A `%(` without its `)s`.
    BadReference,
    /// More than ten steps.
    TooDeep,
    /// More work than any configuration needs.
    TooMany,
}

/// A part of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that stands as it is; one percent sign for two.
    Text(&'a str),
    /// `%(name)s`.
    Reference {
        /// The name as it is written: at least one character and no `)`.
        name: &'a str,
        /// The byte of its percent sign.
        at: usize,
    },
}

/// A percent sign that ConfigParser refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    /// Its byte.
    pub at: usize,
    /// Whether a reference begins there that has no end.
    pub is_reference: bool,
}

/// The parts of a raw value, in their order. Nothing follows an error.
pub fn pieces(value: &str) -> Pieces<'_> {
    Pieces { value, at: 0 }
}

/// What [`pieces`] gives.
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    value: &'a str,
    at: usize,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        let rest = self.value.get(at..).filter(|rest| !rest.is_empty())?;
        let text = rest.find('%').unwrap_or(rest.len());
        let (piece, end) = match rest.as_bytes().get(text + 1) {
            _ if text > 0 => (Ok(Piece::Text(&rest[..text])), at + text),
            Some(b'%') => (Ok(Piece::Text("%")), at + 2),
            Some(b'(') => match reference(self.value, at) {
                Some((name, end)) => (Ok(Piece::Reference { name, at }), end),
                None => (Err(Malformed { at, is_reference: true }), self.value.len()),
            },
            _ => (Err(Malformed { at, is_reference: false }), self.value.len()),
        };
        self.at = end;
        Some(piece)
    }
}

/// Replaces the references in `value`; `lookup` gives the raw value of an option by its lower-case name.
pub(super) fn interpolate<'a>(
    value: &'a str,
    lookup: &dyn Fn(&str) -> Option<&'a str>,
) -> Result<String, Fault> {
    let mut work = Work { lookup, out: String::with_capacity(value.len()), steps: 0 };
    work.expand(value, None, 1)?;
    Ok(work.out)
}

struct Work<'a, 'l> {
    lookup: &'l dyn Fn(&str) -> Option<&'a str>,
    out: String,
    steps: usize,
}

impl<'a> Work<'a, '_> {
    /// Recursion ends at [`DEEPEST`].
    fn expand(&mut self, value: &'a str, within: Option<&str>, depth: usize) -> Result<(), Fault> {
        let fault = |kind, offset| Fault { kind, within: within.map(str::to_owned), offset };
        if depth > DEEPEST {
            return Err(fault(FaultKind::TooDeep, 0));
        }
        for piece in pieces(value) {
            match piece {
                Ok(Piece::Text(text)) => self.out.push_str(text),
                Ok(Piece::Reference { name, at }) => {
                    let name = name.to_lowercase();
                    let Some(found) = (self.lookup)(&name) else {
                        return Err(fault(FaultKind::Unknown(name), at));
                    };
                    self.steps += 1;
                    if self.steps > MOST_STEPS || self.out.len() > LONGEST {
                        return Err(fault(FaultKind::TooMany, at));
                    }
                    self.expand(found, Some(&name), depth + 1)?;
                }
                Err(Malformed { at, is_reference: true }) => {
                    return Err(fault(FaultKind::BadReference, at));
                }
                Err(Malformed { at, is_reference: false }) => {
                    return Err(fault(FaultKind::LonePercent, at));
                }
            }
        }
        Ok(())
    }
}

/// The name and the end of `%(name)s` at byte `at`; the name has at least one character and no `)`.
fn reference(value: &str, at: usize) -> Option<(&str, usize)> {
    let name = at + 2;
    let length = value[name..].find(')').filter(|length| *length > 0)?;
    let end = name + length;
    value[end..].starts_with(")s").then(|| (&value[name..end], end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<'a>(pairs: &'a [(&str, &'a str)], value: &'a str) -> Result<String, Fault> {
        interpolate(value, &|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
        })
    }

    fn fault(kind: FaultKind, within: Option<&str>, offset: usize) -> Result<String, Fault> {
        Err(Fault { kind, within: within.map(str::to_owned), offset })
    }

    #[test]
    fn references_and_doubled_signs_are_replaced() {
        let pairs = [("here", "/p"), ("a", "%(here)s/%%")];
        assert_eq!(with(&pairs, "x %(A)s %% y"), Ok("x /p/% % y".to_owned()));
        assert_eq!(with(&pairs, ""), Ok(String::new()));
    }

    #[test]
    fn every_other_sign_is_a_fault_at_its_place() {
        assert_eq!(with(&[], "a%"), fault(FaultKind::LonePercent, None, 1));
        assert_eq!(with(&[], "%d"), fault(FaultKind::LonePercent, None, 0));
        assert_eq!(with(&[], "%()s"), fault(FaultKind::BadReference, None, 0));
        assert_eq!(with(&[], "%(a)d"), fault(FaultKind::BadReference, None, 0));
        assert_eq!(with(&[], "%(a"), fault(FaultKind::BadReference, None, 0));
        assert_eq!(with(&[("a", "-%é")], "%(a)s"), fault(FaultKind::LonePercent, Some("a"), 1));
        assert_eq!(with(&[], "é%(B)s"), fault(FaultKind::Unknown("b".to_owned()), None, 2));
    }

    #[test]
    fn circles_end_after_ten_steps() {
        assert_eq!(
            with(&[("a", "%(b)s"), ("b", "%(a)s")], "%(a)s"),
            fault(FaultKind::TooDeep, Some("b"), 0)
        );
    }

    #[test]
    fn values_that_multiply_without_end_are_refused() {
        let thousand = |name: &str| format!("%({name})s").repeat(1000);
        let (b, c) = (thousand("b"), thousand("c"));
        let deep = [("a", b.as_str()), ("b", c.as_str()), ("c", "")];
        assert!(matches!(with(&deep, "%(a)s"), Err(Fault { kind: FaultKind::TooMany, .. })));
    }
}
