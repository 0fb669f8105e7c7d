//! From bytes to text, by PEP 263 and by what CPython does beyond it.

use super::DecodeError;
use super::tables::TABLES;
use crate::statements;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Encodings that write ASCII as ASCII but other characters in several bytes. No table of them is carried: a file
/// that names one is read when it holds ASCII only, which is what such files mostly hold.
const MULTI_BYTE: &[&str] = &[
    "932",
    "936",
    "949",
    "950",
    "big5",
    "big5hkscs",
    "big5_hkscs",
    "big5_tw",
    "chinese",
    "cp932",
    "cp936",
    "cp949",
    "cp950",
    "csbig5",
    "csshiftjis",
    "euc_cn",
    "euc_jis_2004",
    "euc_jisx0213",
    "euc_jp",
    "euc_kr",
    "euccn",
    "eucjp",
    "euckr",
    "gb18030",
    "gb18030_2000",
    "gb2312",
    "gb2312_80",
    "gbk",
    "hkscs",
    "johab",
    "korean",
    "ks_c_5601",
    "ksc5601",
    "ms932",
    "ms936",
    "ms949",
    "ms950",
    "ms_kanji",
    "mskanji",
    "s_jis",
    "shift_jis",
    "shift_jis_2004",
    "shift_jisx0213",
    "shiftjis",
    "sjis",
    "uhc",
    "ujis",
];

/// How the text behind the cookie is read.
enum Encoding {
    Utf8,
    Latin1,
    Ascii,
    /// The characters of the bytes 0x80 to 0xff; NUL where the byte has no meaning.
    Table(&'static str),
    MultiByte,
}

/// Decodes a whole file; see [`super::SourceFile::decode`].
pub(super) fn decode(mut bytes: Vec<u8>) -> Result<String, DecodeError> {
    if let Some(at) = memchr::memchr(0, &bytes) {
        let message = "source code string cannot contain null bytes".to_owned();
        return Err(DecodeError::new(message, &bytes, at));
    }
    let has_bom = bytes.starts_with(BOM);
    let cookie = cookie(if has_bom { &bytes[BOM.len()..] } else { &bytes })
        .map(|name| String::from_utf8_lossy(name).into_owned());
    let encoding = match cookie.as_deref() {
        None => Encoding::Utf8,
        Some(name) if has_bom && tokenizer_name(name) != "utf-8" => {
            let message = format!("encoding problem: `{name}` with BOM");
            return Err(DecodeError::new(message, &bytes, 0));
        }
        Some(name) => find(name)
            .ok_or_else(|| DecodeError::new(format!("unknown encoding: `{name}`"), &bytes, 0))?,
    };
    if has_bom {
        bytes.drain(..BOM.len());
    }
    let name = cookie.as_deref().unwrap_or("utf-8");
    match encoding {
        Encoding::Utf8 => utf8(bytes),
        Encoding::Latin1 => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
        Encoding::Ascii => ascii(bytes, "`ascii` codec can't decode byte"),
        Encoding::MultiByte => {
            ascii(bytes, &format!("encoding `{name}` is not supported beyond ASCII: byte"))
        }
        Encoding::Table(table) => by_table(&bytes, table, name),
    }
}

/// The encoding that a cookie in line 1 or 2 names. Line 2 is looked at only if line 1 is blank or a comment.
fn cookie(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    for _ in 0..2 {
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let line = rest[..end].trim_ascii_start();
        match line.first() {
            None => {}
            Some(b'#') => {
                if let Some(found) = cookie_in_comment(line) {
                    return Some(found);
                }
            }
            Some(_) => return None,
        }
        let newline = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = rest.get(end + newline..)?;
    }
    None
}

/// `coding[:=][ \t]*([-_.a-zA-Z0-9]+)`, the first match.
fn cookie_in_comment(line: &[u8]) -> Option<&[u8]> {
    memchr::memmem::find_iter(line, b"coding").find_map(|at| {
        let rest = line[at + b"coding".len()..]
            .strip_prefix(b":")
            .or_else(|| line[at + b"coding".len()..].strip_prefix(b"="))?;
        let blanks = rest.iter().take_while(|&&b| b == b' ' || b == b'\t').count();
        let rest = &rest[blanks..];
        let end = rest
            .iter()
            .position(|&b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')))
            .unwrap_or(rest.len());
        (end > 0).then(|| &rest[..end])
    })
}

/// The two names that CPython's tokenizer knows by itself; every other name is returned as it is.
fn tokenizer_name(name: &str) -> &str {
    let start: String = name
        .chars()
        .take(12)
        .map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() })
        .collect();
    let is = |known: &str| {
        start == known || start.strip_prefix(known).is_some_and(|rest| rest.starts_with('-'))
    };
    if is("utf-8") {
        "utf-8"
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        "iso-8859-1"
    } else {
        name
    }
}

/// Looks a name up as Python's `codecs.lookup` does: lower case, runs of punctuation count as one underscore.
fn find(name: &str) -> Option<Encoding> {
    match tokenizer_name(name) {
        "utf-8" => return Some(Encoding::Utf8),
        "iso-8859-1" => return Some(Encoding::Latin1),
        _ => {}
    }
    let normal = name
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("_")
        .to_ascii_lowercase();
    match normal.as_str() {
        "utf_8" | "utf8" | "u8" | "utf" | "utf8_ucs2" | "utf8_ucs4" | "cp65001" | "utf_8_sig" => {
            Some(Encoding::Utf8)
        }
        "latin_1" | "latin1" | "latin" | "l1" | "iso8859_1" | "iso8859" | "iso_8859_1"
        | "iso_8859_1_1987" | "iso_ir_100" | "8859" | "cp819" | "csisolatin1" | "ibm819" => {
            Some(Encoding::Latin1)
        }
        "ascii" | "646" | "ansi_x3.4_1968" | "ansi_x3.4_1986" | "ansi_x3_4_1968" | "cp367"
        | "csascii" | "ibm367" | "iso646_us" | "iso_646.irv_1991" | "iso_ir_6" | "us"
        | "us_ascii" => Some(Encoding::Ascii),
        other if MULTI_BYTE.contains(&other) => Some(Encoding::MultiByte),
        other => TABLES
            .iter()
            .find(|(names, _)| names.contains(&other))
            .map(|&(_, table)| Encoding::Table(table)),
    }
}

fn utf8(bytes: Vec<u8>) -> Result<String, DecodeError> {
    String::from_utf8(bytes).or_else(|error| {
        let bytes = error.into_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match first_bad_outside_comments(&bytes, &text) {
            None => Ok(text),
            Some(at) => {
                let message =
                    format!("(unicode error) `utf-8` codec can't decode byte 0x{:02x}", bytes[at]);
                Err(DecodeError::new(message, &bytes, at))
            }
        }
    })
}

/// The offset in `bytes` of the first sequence that is not UTF-8 and does not stand in a comment.
fn first_bad_outside_comments(bytes: &[u8], replaced: &str) -> Option<usize> {
    let comments = statements::comments(replaced);
    let mut at = 0;
    let mut in_text = 0;
    for chunk in bytes.utf8_chunks() {
        at += chunk.valid().len();
        in_text += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            let next = comments.partition_point(|range| range.end <= in_text);
            if comments.get(next).is_none_or(|range| !range.contains(&in_text)) {
                return Some(at);
            }
            at += chunk.invalid().len();
            in_text += char::REPLACEMENT_CHARACTER.len_utf8();
        }
    }
    None
}

fn ascii(bytes: Vec<u8>, complaint: &str) -> Result<String, DecodeError> {
    match bytes.iter().position(|byte| !byte.is_ascii()) {
        None => Ok(bytes.into_iter().map(char::from).collect()),
        Some(at) => Err(DecodeError::new(format!("{complaint} 0x{:02x}", bytes[at]), &bytes, at)),
    }
}

fn by_table(bytes: &[u8], table: &str, name: &str) -> Result<String, DecodeError> {
    let upper: Vec<char> = table.chars().collect();
    let mut text = String::with_capacity(bytes.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let decoded = match byte.checked_sub(0x80) {
            None => char::from(byte),
            Some(index) => upper.get(usize::from(index)).copied().unwrap_or('\0'),
        };
        if decoded == '\0' {
            let message = format!("`{name}` codec can't decode byte 0x{byte:02x}");
            return Err(DecodeError::new(message, bytes, at));
        }
        text.push(decoded);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Result<String, String> {
        decode(bytes.to_vec()).map_err(|error| error.message)
    }

    #[test]
    fn every_table_has_128_characters() {
        for (names, table) in TABLES {
            assert_eq!(table.chars().count(), 128, "{names:?}");
        }
    }

    #[test]
    fn cookies_are_read_as_python_reads_them() {
        let good: &[(&[u8], &str)] = &[
            (b"# coding: utf-8-foo\nx='\xc3\xa9'", "é"),
            (b"# coding: latin-1-bla\nx='\xe9'", "é"),
            (b"\n# coding: latin-1\ny='\xe9'", "é"),
            (b"\x0c # coding: latin-1\ny='\xe9'", "é"),
            (b"'''\n# coding: latin-1\n'''\ny='\xc3\xa9'", "é"),
            (b"# vim: set fileencoding=iso_8859_15 :\nx='\xa4'", "€"),
            (b"# -*- coding: KOI8-R -*-\rx='\xcb'", "к"),
            (b"\xef\xbb\xbf# coding: UTF_8\nx='\xc3\xa9'", "é"),
            (b"# encoding=u8\nx='\xc3\xa9'", "é"),
        ];
        for (bytes, wanted) in good {
            let decoded = text(bytes).expect("readable");
            assert!(decoded.contains(wanted), "{decoded}");
            assert!(!decoded.contains('\u{feff}'));
        }
    }

    #[test]
    fn what_python_refuses_is_refused() {
        let bad: &[(&[u8], &str)] = &[
            (b"x=1\0", "source code string cannot contain null bytes"),
            (b"\xef\xbb\xbf# coding: utf8\nx=1", "encoding problem: `utf8` with BOM"),
            (b"\xef\xbb\xbf# coding: latin-1\nx=1", "encoding problem: `latin-1` with BOM"),
            (b"# coding: foo\n", "unknown encoding: `foo`"),
            (
                b"x=1\n# coding: latin-1\ny='\xe9'",
                "(unicode error) `utf-8` codec can't decode byte 0xe9",
            ),
            (b"# coding: ascii\nx='\xe9'", "`ascii` codec can't decode byte 0xe9"),
            (b"# coding: cp1252\nx='\x81'", "`cp1252` codec can't decode byte 0x81"),
        ];
        for (bytes, message) in bad {
            assert_eq!(text(bytes), Err((*message).to_owned()));
        }
    }

    #[test]
    fn wrong_bytes_in_comments_do_no_harm() {
        assert!(text(b"x = 1 # caf\xe9\ny = '#'\n").is_ok());
        assert!(text(b"x = 1\ny = '# \xe9'\n").is_err());
    }

    #[test]
    fn ascii_files_may_name_any_asian_encoding() {
        assert!(text(b"# coding: gbk\nx = 1\n").is_ok());
        assert!(text(b"# coding: gbk\nx = '\xc4\xe3'\n").is_err());
    }

    #[test]
    fn an_error_knows_its_line() {
        let error = decode(b"a\r\nb\r'\xff'".to_vec()).expect_err("not UTF-8");
        assert_eq!((error.text.as_str(), error.line), ("a\r\nb\r'\u{fffd}'", 3));
        assert_eq!(&error.text[error.range], "\u{fffd}");
        let error = decode(b"\xe9\nb\0c".to_vec()).expect_err("a NUL byte");
        assert_eq!((&error.text[error.range], error.line), ("␀", 2));
    }

    #[test]
    fn very_many_wrong_bytes_in_comments_are_passed_over() {
        let comments = b"# \xe9\n".repeat(300_000);
        assert_eq!(decode(comments).expect("only comments").lines().count(), 300_000);
    }
}
