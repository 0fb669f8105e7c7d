//! How Python writes and classifies text, as far as its messages and its ConfigParser depend on it.

use std::path::{Component, Path, PathBuf};

/// Python's `str.isspace` for one character: Unicode white space plus the four separators U+001C to U+001F.
pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// Python's `str.strip()`.
pub(super) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Python's `str.rstrip()`.
pub(super) fn strip_end(text: &str) -> &str {
    text.trim_end_matches(is_space)
}

/// Python's `repr` of a `str`: single quotes unless the text has one and no double quote.
pub(crate) fn repr(text: &str) -> String {
    quoted(text, is_printable)
}

/// Python's `ascii` of a `str`: `repr` with everything beyond ASCII escaped.
pub(super) fn ascii(text: &str) -> String {
    quoted(text, |character| character.is_ascii() && is_printable(character))
}

/// Python's `repr` of the `pathlib.Path` that Alembic hands to the ConfigParser.
pub(super) fn path_repr(path: &str) -> String {
    let class = if cfg!(windows) { "WindowsPath" } else { "PosixPath" };
    format!("{class}({})", repr(path))
}

/// `pathlib.Path(path)`: no `.` parts, no doubled separators, `..` kept.
pub(crate) fn pure_path(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

/// `str(pathlib.Path(path))`: as [`pure_path`], and the empty path is `.`.
pub(crate) fn path_text(path: &Path) -> String {
    let normal = pure_path(path);
    if normal.as_os_str().is_empty() {
        return ".".to_owned();
    }
    normal.to_string_lossy().into_owned()
}

fn quoted(text: &str, plain: impl Fn(char) -> bool) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if plain(c) => out.push(c),
            c => push_escape(&mut out, c),
        }
    }
    out.push(quote);
    out
}

fn push_escape(out: &mut String, character: char) {
    let code = u32::from(character);
    let escape = match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    };
    out.push_str(&escape);
}

/// Python's `str.isprintable`, which excludes the same general categories as Rust's debug escape.
fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    // The debug escape also escapes combining marks, but only at the start of a string.
    let probe = ['a', character].iter().collect::<String>();
    !probe.escape_debug().to_string().contains('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_prefers_single_quotes() {
        assert_eq!(repr("a"), "'a'");
        assert_eq!(repr("it's"), "\"it's\"");
        assert_eq!(repr("it's \"x\""), r#"'it\'s "x"'"#);
    }

    #[test]
    fn repr_escapes_what_python_escapes() {
        assert_eq!(repr("a\n\t\\\u{0}\u{7f}"), r"'a\n\t\\\x00\x7f'");
        assert_eq!(
            repr("é追e\u{301}\u{a0}\u{feff}\u{10ffff}"),
            "'é追e\u{301}\\xa0\\ufeff\\U0010ffff'"
        );
        assert_eq!(ascii("é追"), r"'\xe9\u8ffd'");
    }

    #[test]
    fn paths_read_as_pathlib_prints_them() {
        for (given, printed) in [
            ("", "."),
            (".", "."),
            ("./a//b/./c/", "a/b/c"),
            ("a/../b", "a/../b"),
            ("/", "/"),
            ("/a/.", "/a"),
        ] {
            assert_eq!(path_text(Path::new(given)), printed);
        }
    }

    #[test]
    fn separators_are_space_and_the_byte_order_mark_is_not() {
        assert!(is_space('\u{1c}') && is_space('\u{85}') && is_space('\u{3000}'));
        assert!(!is_space('\u{feff}') && !is_space('\u{0}'));
    }
}
