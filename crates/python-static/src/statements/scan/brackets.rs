//! The brackets that are open.

/// CPython's limit of nested brackets.
const MAX_BRACKETS: usize = 200;

/// Where the open brackets stand, the innermost last.
pub(super) struct Brackets {
    opened: [usize; MAX_BRACKETS],
    depth: usize,
}

impl Brackets {
    pub(super) fn new() -> Self {
        Self { opened: [0; MAX_BRACKETS], depth: 0 }
    }

    /// False, and nothing happens, when no more may be open.
    #[inline]
    pub(super) fn push(&mut self, at: usize) -> bool {
        let Some(slot) = self.opened.get_mut(self.depth) else {
            return false;
        };
        *slot = at;
        self.depth += 1;
        true
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<usize> {
        let last = self.last()?;
        self.depth -= 1;
        Some(last)
    }

    #[inline]
    pub(super) fn last(&self) -> Option<usize> {
        self.opened.get(self.depth.checked_sub(1)?).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.depth
    }

    pub(super) fn is_empty(&self) -> bool {
        self.depth == 0
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
