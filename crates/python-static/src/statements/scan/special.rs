//! Finds the bytes that the scanner must look at, sixty-four bytes at a time.
//!
//! A mask per block costs the same for every byte and has no branch to mispredict, which is what makes the scanner
//! fast: quotes, brackets and newlines stand every few bytes in Python.

/// What the scanner must look at; every other byte is passed over.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Plain,
    Quote,
    Comment,
    Newline,
    Open,
    Close,
    Backslash,
    Colon,
    Semicolon,
    Exclamation,
    Invalid,
    Wide,
}

const CLASSES: [Class; 256] = {
    let mut table = [Class::Plain; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = Class::Invalid;
        byte += 1;
    }
    table[b'\t' as usize] = Class::Plain;
    table[0x0c] = Class::Plain;
    table[b'\n' as usize] = Class::Newline;
    table[b'\r' as usize] = Class::Newline;
    table[b'\'' as usize] = Class::Quote;
    table[b'"' as usize] = Class::Quote;
    table[b'#' as usize] = Class::Comment;
    table[b'(' as usize] = Class::Open;
    table[b'[' as usize] = Class::Open;
    table[b'{' as usize] = Class::Open;
    table[b')' as usize] = Class::Close;
    table[b']' as usize] = Class::Close;
    table[b'}' as usize] = Class::Close;
    table[b'\\' as usize] = Class::Backslash;
    table[b':' as usize] = Class::Colon;
    table[b';' as usize] = Class::Semicolon;
    table[b'!' as usize] = Class::Exclamation;
    table[b'$' as usize] = Class::Invalid;
    table[b'?' as usize] = Class::Invalid;
    table[b'`' as usize] = Class::Invalid;
    table[0x7f] = Class::Invalid;
    byte = 0x80;
    while byte < 256 {
        table[byte] = Class::Wide;
        byte += 1;
    }
    table
};

/// The class of a byte.
pub(super) fn class(byte: u8) -> Class {
    CLASSES[usize::from(byte)]
}

const BLOCK: usize = 64;

/// The special bytes of a text, one behind the other.
pub(super) struct SpecialBytes<'a> {
    bytes: &'a [u8],
    /// Where the block begins whose mask is kept.
    block: usize,
    /// All special bytes of the block.
    mask: u64,
    /// Those that have not been given out.
    left: u64,
}

impl<'a> SpecialBytes<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mask = mask_of(bytes);
        Self { bytes, block: 0, mask, left: mask }
    }

    /// The next special byte; the end of the text if there is none.
    #[inline]
    pub(super) fn next(&mut self) -> usize {
        if self.left == 0 && !self.load_next() {
            return self.bytes.len();
        }
        let at = self.block + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        at
    }

    /// The next block with a special byte; false if there is none. Apart from [`next`](Self::next), which many places
    /// inline and which seldom comes here.
    #[inline(never)]
    fn load_next(&mut self) -> bool {
        while self.left == 0 {
            let block = self.block + BLOCK;
            if block >= self.bytes.len() {
                return false;
            }
            self.load(block);
        }
        true
    }

    /// Goes on at `at`, before or behind the byte that was given out last.
    #[inline]
    pub(super) fn seek(&mut self, at: usize) {
        let block = at - at % BLOCK;
        if block != self.block {
            self.load(block);
        }
        self.left = self.mask & (u64::MAX << (at % BLOCK));
    }

    fn load(&mut self, block: usize) {
        self.block = block;
        self.mask = mask_of(self.bytes.get(block..).unwrap_or_default());
        self.left = self.mask;
    }
}

/// A bit for each special byte among the first sixty-four.
fn mask_of(bytes: &[u8]) -> u64 {
    let Some(block) = bytes.first_chunk::<BLOCK>() else {
        let mut block = [b' '; BLOCK];
        block[..bytes.len()].copy_from_slice(bytes);
        return mask_of_block(&block);
    };
    mask_of_block(block)
}

/// Written without branches and tables, so that the compiler makes vector instructions of it.
fn mask_of_block(block: &[u8; BLOCK]) -> u64 {
    let mut flags = [0_u8; BLOCK];
    for (flag, &byte) in flags.iter_mut().zip(block) {
        *flag = may_be_special(byte);
    }
    let mut mask = 0;
    for (index, eight) in flags.as_chunks::<8>().0.iter().enumerate() {
        // Gathers the lowest bits of eight bytes in the highest byte of the product.
        let gathered = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask |= gathered << (8 * index);
    }
    mask
}

/// 1 for every special byte, and for a few rare others, which costs a look at them and nothing else. Bytes are compared
/// as signed numbers, for which there are instructions: control characters and what is beyond ASCII are then one range.
fn may_be_special(byte: u8) -> u8 {
    let less = |byte: u8, than: u8| u8::from(byte.cast_signed() < than.cast_signed());
    let equal = |byte: u8, other: u8| u8::from(byte == other);
    // Control characters, beyond ASCII, and `!` to `)` with `%` and `&`.
    let low = less(byte, b')' + 1) & (1 - equal(byte, b' '));
    // `[`, `\\`, `]`, `{`, `|`, `}`: all that is greater overflows.
    let bracket = less(b'{' + 1, (byte | 0x20).wrapping_add(2));
    // `:` and `;`; `?` and DEL.
    let mark = equal(byte | 1, b';') | equal(byte | 0x40, 0x7f) | equal(byte, b'`');
    low | bracket | mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_of_a_block_has_every_special_byte() {
        let harmless = [b'\t', 0x0c, b'|', b'%', b'&'];
        for byte in 0..=255_u8 {
            let block = [byte; BLOCK];
            let wanted = if class(byte) == Class::Plain { 0 } else { u64::MAX };
            let found = mask_of_block(&block);
            assert!(found == wanted || harmless.contains(&byte), "{byte}: {found:x}");
        }
        let mut block = [b'a'; BLOCK];
        (block[0], block[17], block[63]) = (b'(', b'\n', b'}');
        assert_eq!(mask_of_block(&block), 1 | 1 << 17 | 1 << 63);
    }

    #[test]
    fn the_next_special_byte_is_found_in_every_block() {
        let text = format!("{}({}\"", "a".repeat(100), "b".repeat(200));
        let mut special = SpecialBytes::new(text.as_bytes());
        assert_eq!(special.next(), 100);
        assert_eq!(special.next(), 301);
        assert_eq!(special.next(), 302);
        assert_eq!(special.next(), 302);
        special.seek(3);
        assert_eq!(special.next(), 100);
        special.seek(101);
        assert_eq!(special.next(), 301);
        special.seek(301);
        assert_eq!(special.next(), 301);
    }
}
