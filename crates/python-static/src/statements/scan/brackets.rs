//! The brackets that are open.

/// CPython's limit of nested brackets.
const MAX_BRACKETS: usize = 200;

/// As many as are usual, so that the list need not grow.
const USUAL_BRACKETS: usize = 8;

/// Where the open brackets stand, the innermost last.
pub(super) struct Brackets(Vec<usize>);

impl Brackets {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(USUAL_BRACKETS))
    }

    /// False, and nothing happens, when no more may be open.
    #[inline]
    pub(super) fn push(&mut self, at: usize) -> bool {
        if self.0.len() >= MAX_BRACKETS {
            return false;
        }
        self.0.push(at);
        true
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<usize> {
        self.0.pop()
    }

    pub(super) fn last(&self) -> Option<usize> {
        self.0.last().copied()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether an opening and a closing bracket are of one kind. The two bits tell pairs from all others in one look.
#[inline]
pub(super) fn is_pair(opening: u8, closing: u8) -> bool {
    matches!(opening ^ closing, 1 | 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs() {
        let pairs = ["()", "[]", "{}"];
        for opening in *b"([{" {
            for closing in *b")]}" {
                let wanted = pairs.iter().any(|pair| pair.as_bytes() == [opening, closing]);
                assert_eq!(is_pair(opening, closing), wanted, "{opening} {closing}");
            }
        }
    }

    #[test]
    fn no_more_than_the_limit() {
        let mut brackets = Brackets::new();
        assert!((0..MAX_BRACKETS).all(|at| brackets.push(at)));
        assert!(!brackets.push(MAX_BRACKETS));
        assert_eq!(brackets.pop(), Some(MAX_BRACKETS - 1));
        assert_eq!(brackets.len(), MAX_BRACKETS - 1);
    }
}
