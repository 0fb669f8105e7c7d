//! Reads a configuration file: bounded, and decoded as UTF-8 with Python's words for what is not.

use std::{io, path::Path};

use super::{
    error::{ConfigError, ConfigErrorKind},
    source_text::SourceText,
};
use crate::read;

/// No configuration is larger; a device or a mistaken `-c` may be.
const LIMIT: u64 = 16 << 20;

/// A file that could be opened and read.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    read::up_to(path, LIMIT + 1)
}

/// As [`read`], of a file that was found and that nobody named.
pub(super) fn read_found(path: &Path) -> io::Result<Vec<u8>> {
    if is_pipe(path) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    read(path)
}

/// Whether `path` is a pipe. To open one waits, maybe for ever, until somebody writes to it.
#[cfg(unix)]
pub(crate) fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    fs_err::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo())
}

/// Elsewhere pipes are not in folders.
#[cfg(not(unix))]
pub(crate) fn is_pipe(_path: &Path) -> bool {
    false
}

/// The text of the file called `name`.
pub(super) fn decode(name: &str, bytes: Vec<u8>) -> Result<String, ConfigError> {
    if bytes.len() as u64 > LIMIT {
        let file = name.to_owned();
        return Err(ConfigErrorKind::TooLarge { file, limit: LIMIT }.into());
    }
    String::from_utf8(bytes).map_err(|error| not_utf8(name, &error))
}

fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> ConfigError {
    let (bytes, fault) = (error.as_bytes(), error.utf8_error());
    let start = fault.valid_up_to();
    let end = fault.error_len().map_or(bytes.len(), |length| start + length);
    let reason = match (fault.error_len(), bytes[start]) {
        (None, _) => "unexpected end of data",
        (Some(_), 0x80..=0xc1 | 0xf5..) => "invalid start byte",
        (Some(_), _) => "invalid continuation byte",
    };
    let which = if end - start == 1 {
        format!("byte {:#04x} in position {start}", bytes[start])
    } else {
        format!("bytes in position {start}-{}", end - 1)
    };
    // Everything before the fault is as long in the readable text.
    let shown = SourceText::new(name, &String::from_utf8_lossy(bytes));
    let kind = ConfigErrorKind::NotUtf8 {
        file: name.to_owned(),
        line: shown.line_of(start),
        bytes: which,
        reason,
    };
    let encoding = if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        "UTF-16"
    } else {
        "another encoding"
    };
    ConfigError::from(kind)
        .at(&shown, &[(start..start + '\u{fffd}'.len_utf8(), "not UTF-8")])
        .helped(format!("the file is saved in {encoding}: save it as UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: &[u8]) -> String {
        decode("a.ini", bytes.to_vec()).unwrap_err().to_string()
    }

    #[test]
    fn python_names_the_bytes() {
        assert_eq!(
            message(b"# caf\xe9\n"),
            "'utf-8' codec can't decode byte 0xe9 in position 5: invalid continuation byte"
        );
        assert_eq!(
            message(b"\xff\xfe["),
            "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"
        );
        assert_eq!(
            message(b"a\xe2\x82"),
            "'utf-8' codec can't decode bytes in position 1-2: unexpected end of data"
        );
        assert_eq!(
            message(b"a\xf0\x90\x28"),
            "'utf-8' codec can't decode bytes in position 1-2: invalid continuation byte"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_device_without_end_is_refused() {
        let bytes = read(Path::new("/dev/zero")).unwrap();
        assert_eq!(
            decode("/dev/zero", bytes).unwrap_err().to_string(),
            "`/dev/zero` is larger than 16777216 bytes"
        );
    }
}
