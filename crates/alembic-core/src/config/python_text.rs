//! How Python writes and classifies text, as far as its messages and its ConfigParser depend on it.

use std::path::{Component, Path, PathBuf};

pub(crate) use python_static::text::{ascii, repr};

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

#[cfg(test)]
mod tests {
    use super::*;

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
