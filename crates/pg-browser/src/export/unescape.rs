//! The text format of COPY, turned back.

/// What a line's end within a value becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnd {
    /// Itself.
    Kept,
    /// A space, which means the same between the tokens of JSON.
    Space,
}

/// Appends a line of COPY's text format, its backslashes resolved.
pub(super) fn unescape(line: &[u8], line_end: LineEnd, into: &mut Vec<u8>) {
    let mut rest = line;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        into.extend_from_slice(&rest[..at]);
        let byte = match rest.get(at + 1) {
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n' | b'r') if line_end == LineEnd::Space => b' ',
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'v') => 0x0b,
            Some(byte) => *byte,
            None => b'\\',
        };
        into.push(byte);
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    into.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::{LineEnd, unescape};

    #[test]
    fn backslashes_are_resolved() {
        let mut text = Vec::new();
        unescape(b"a\\\\n\\tb\\n\n", LineEnd::Kept, &mut text);
        assert_eq!(text, b"a\\n\tb\n\n");
        text.clear();
        unescape(b"{\\n}\n", LineEnd::Space, &mut text);
        assert_eq!(text, b"{ }\n");
    }
}
