//! The text of a revision identifier, before any graph is asked.
//!
//! ```text
//! identifier = [ branch "@" ] symbol
//! symbol     = "head" | "heads" | "base" | text
//! relative   = [ branch "@" ] [ word ] ( "+" | "-" ) digits
//! range      = [ identifier | relative ] ":" [ identifier | relative ]
//! ```
//!
//! Nothing here fails on a text that names no revision: that is for
//! [`RevisionMap`](super::RevisionMap) to say.

use super::RevisionError;

/// Characters that no revision identifier may hold.
pub const ILLEGAL_CHARACTERS: [char; 4] = ['+', '-', ':', '@'];

/// What stands after the `@` of an identifier, or all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol<'a> {
    /// The only head.
    Head,
    /// All heads.
    Heads,
    /// Before the first revision.
    Base,
    /// An identifier, a prefix of one, a label, or `-N`.
    Name(&'a str),
}

/// An absolute identifier: `[branch@]symbol`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identifier<'a> {
    /// What stands before the first `@`, if there is one and it is not empty.
    pub branch: Option<&'a str>,
    /// What stands after it.
    pub symbol: Symbol<'a>,
}

impl<'a> Identifier<'a> {
    /// Splits `text` at its first `@`.
    pub fn parse(text: &'a str) -> Self {
        let (branch, symbol) = match text.split_once('@') {
            Some((branch, symbol)) => (Some(branch).filter(|b| !b.is_empty()), symbol),
            None => (None, text),
        };
        let symbol = match symbol {
            "head" => Symbol::Head,
            "heads" => Symbol::Heads,
            "base" => Symbol::Base,
            name => Symbol::Name(name),
        };
        Self { branch, symbol }
    }
}

/// A relative identifier: `[branch@][symbol](+|-)digits`.
///
/// As in Alembic, what follows the digits is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relative<'a> {
    /// The branch to stay on.
    pub branch: Option<&'a str>,
    /// Where to start; `None` is the current position.
    pub symbol: Option<&'a str>,
    /// Sign and digits as written, such as `+2`.
    pub text: &'a str,
    /// Steps up (positive) or down, clamped to what fits.
    pub steps: i64,
}

impl<'a> Relative<'a> {
    /// Reads `text` as a relative identifier, or `None` when it is absolute.
    pub fn parse(text: &'a str) -> Option<Self> {
        // The shortest branch wins, and a branch is preferred to none: what
        // Alembic's regular expression does.
        text.match_indices('@')
            .filter(|&(at, _)| at > 0 && !text[..at].contains('\n'))
            .find_map(|(at, _)| Self::after_branch(Some(&text[..at]), &text[at + 1..]))
            .or_else(|| Self::after_branch(None, text))
    }

    fn after_branch(branch: Option<&'a str>, text: &'a str) -> Option<Self> {
        let word = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
        let (symbol, rest) = text.split_at(word);
        let sign = rest.chars().next().filter(|c| matches!(c, '+' | '-'))?;
        let digits = rest[1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - 1);
        if digits == 0 {
            return None;
        }
        let number = rest[1..=digits].parse::<i64>().unwrap_or(i64::MAX);
        Some(Self {
            branch,
            symbol: Some(symbol).filter(|s| !s.is_empty()),
            text: &rest[..=digits],
            steps: if sign == '-' { -number } else { number },
        })
    }

    /// The refusal of a relative identifier that leads nowhere.
    pub(super) fn not_produced(&self) -> RevisionError {
        RevisionError::RelativeLength {
            text: self.text.to_owned(),
            steps: self.magnitude().to_owned(),
        }
    }

    /// The refusal of an end that counts down from nothing: here Alembic shows the
    /// number, not the text.
    pub(super) fn not_upwards(&self) -> RevisionError {
        let steps = self.magnitude();
        let text = if steps == "0" { steps.to_owned() } else { format!("-{steps}") };
        RevisionError::RelativeLength { text, steps: steps.to_owned() }
    }

    /// The digits without sign and leading zeros, for messages.
    pub fn magnitude(&self) -> &'a str {
        let digits = self.text[1..].trim_start_matches('0');
        if digits.is_empty() { "0" } else { digits }
    }
}

/// The two ends of `--rev-range`, as written. `None` is the default: base, heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryRange<'a> {
    /// Before the colon.
    pub start: Option<&'a str>,
    /// After it.
    pub end: Option<&'a str>,
}

impl<'a> HistoryRange<'a> {
    /// Reads `[start]:[end]`.
    ///
    /// # Errors
    /// [`RevisionError::RangeSyntax`] without a colon, [`RevisionError::RangeColons`]
    /// with several, [`RevisionError::RelativeLength`] for an end such as `-2`,
    /// which counts down from nothing: Alembic refuses these before it looks at a
    /// single script.
    pub fn parse(text: &'a str) -> Result<Self, RevisionError> {
        if !text.contains(':') {
            return Err(RevisionError::RangeSyntax);
        }
        let trimmed = text.trim();
        let Some((start, end)) = trimmed.split_once(':').filter(|(_, end)| !end.contains(':'))
        else {
            return Err(RevisionError::RangeColons { range: trimmed.to_owned() });
        };
        match Relative::parse(end) {
            Some(relative) if relative.symbol.is_none() && relative.steps <= 0 => {
                Err(relative.not_upwards())
            }
            _ => Ok(Self {
                start: Some(start).filter(|s| !s.is_empty()),
                end: Some(end).filter(|s| !s.is_empty()),
            }),
        }
    }
}

/// A negative integer in Python's spelling (`-3`, ` -1_0 `): steps down from the
/// heads. Positive integers are names.
pub(super) fn steps_down(text: &str) -> Option<i64> {
    let digits = text.trim().strip_prefix('-')?;
    let well_formed = !digits.is_empty()
        && !digits.starts_with('_')
        && !digits.ends_with('_')
        && !digits.contains("__")
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    if !well_formed {
        return None;
    }
    let digits = digits.replace('_', "");
    let steps = digits.parse::<i64>().unwrap_or(i64::MAX);
    (steps > 0).then_some(steps)
}

/// The illegal characters of an identifier, sorted, each once.
pub(super) fn illegal_characters(id: &str) -> Vec<char> {
    ILLEGAL_CHARACTERS.into_iter().filter(|&c| id.contains(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relative(text: &str) -> Option<(Option<&str>, Option<&str>, i64)> {
        Relative::parse(text).map(|r| (r.branch, r.symbol, r.steps))
    }

    #[test]
    fn relative_forms() {
        assert_eq!(relative("+2"), Some((None, None, 2)));
        assert_eq!(relative("-1"), Some((None, None, -1)));
        assert_eq!(relative("head-2"), Some((None, Some("head"), -2)));
        assert_eq!(relative("b@+3"), Some((Some("b"), None, 3)));
        assert_eq!(relative("b@c+3"), Some((Some("b"), Some("c"), 3)));
        assert_eq!(relative("a@b@c+1"), Some((Some("a@b"), Some("c"), 1)));
        assert_eq!(relative("ae1+2tail"), Some((None, Some("ae1"), 2)));
        assert_eq!(relative("@+1"), None);
        assert_eq!(relative("a.b+1"), None);
        assert_eq!(relative("abc"), None);
        assert_eq!(relative("abc-"), None);
        assert_eq!(relative("é+99999999999999999999"), Some((None, Some("é"), i64::MAX)));
    }

    #[test]
    fn magnitude_drops_zeros() {
        assert_eq!(Relative::parse("-007").map(|r| r.magnitude()), Some("7"));
        assert_eq!(Relative::parse("+0").map(|r| r.magnitude()), Some("0"));
    }

    #[test]
    fn absolute_forms() {
        assert_eq!(Identifier::parse("head"), Identifier { branch: None, symbol: Symbol::Head });
        assert_eq!(
            Identifier::parse("a@b@c"),
            Identifier { branch: Some("a"), symbol: Symbol::Name("b@c") }
        );
        assert_eq!(Identifier::parse("@heads"), Identifier { branch: None, symbol: Symbol::Heads });
    }

    #[test]
    fn ranges() {
        let both = HistoryRange::parse(" a:b ").expect("one colon");
        assert_eq!((both.start, both.end), (Some("a"), Some("b")));
        let open = HistoryRange::parse(":").expect("one colon");
        assert_eq!((open.start, open.end), (None, None));
        assert_eq!(HistoryRange::parse("ab"), Err(RevisionError::RangeSyntax));
        let upwards = |text| HistoryRange::parse(text).map(|_| ()).map_err(|e| e.to_string());
        let refused = |text, steps| {
            Err(format!("Relative revision {text} didn't produce {steps} migrations"))
        };
        assert_eq!(upwards(":+0"), refused("0", 0));
        assert_eq!(upwards("a:-02"), refused("-2", 2));
        assert!(matches!(HistoryRange::parse("a:b:c"), Err(RevisionError::RangeColons { .. })));
    }

    #[test]
    fn an_end_below_nothing_is_refused_as_a_number() {
        for (range, text) in [(":-2", "-2"), (":-007", "-7"), (":-0", "0"), (":+0", "0")] {
            let error = HistoryRange::parse(range).expect_err("it leads nowhere");
            let number = text.trim_start_matches('-');
            let sentence = format!("Relative revision {text} didn't produce {number} migrations");
            assert_eq!(error.to_string(), sentence);
        }
    }

    #[test]
    fn python_integers() {
        assert_eq!(steps_down("-1"), Some(1));
        assert_eq!(steps_down(" -1_0 "), Some(10));
        for text in ["1", "-", "- 1", "--1", "-1a", "-_1", "-1__0", "-0", ""] {
            assert_eq!(steps_down(text), None, "{text}");
        }
    }
}
