//! `output_encoding`: text to bytes, by Python's names.

mod names;
mod utf7;

use python_static::SourceFile;

use super::GenerateError;

/// Encodes a rendered script.
pub(super) fn encode(text: &str, encoding: &str) -> Result<Vec<u8>, GenerateError> {
    let name = names::normal(encoding);
    let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    match name.as_str() {
        "utf_8" | "utf8" | "u8" | "utf" | "utf8_ucs2" | "utf8_ucs4" | "cp65001" => {
            Ok(text.as_bytes().to_vec())
        }
        "utf_8_sig" => Ok(marked(b"\xef\xbb\xbf", text.as_bytes().to_vec())),
        "utf_7" | "utf7" | "u7" | "unicode_1_1_utf_7" => Ok(utf7::encode(text)),
        "utf_16" | "utf16" | "u16" => Ok(marked(b"\xff\xfe", utf16(text, u16::to_le_bytes))),
        "utf_16_le" | "utf_16le" | "unicodelittleunmarked" => Ok(utf16(text, u16::to_le_bytes)),
        "utf_16_be" | "utf_16be" | "unicodebigunmarked" => Ok(utf16(text, u16::to_be_bytes)),
        "utf_32" | "utf32" | "u32" => Ok(marked(b"\xff\xfe\0\0", utf32(text, u32::to_le_bytes))),
        "utf_32_le" | "utf_32le" => Ok(utf32(text, u32::to_le_bytes)),
        "utf_32_be" | "utf_32be" => Ok(utf32(text, u32::to_be_bytes)),
        name if names::is_ascii(name) => {
            single_bytes(text, encoding, |c| u8::try_from(c).ok().filter(u8::is_ascii))
        }
        name if names::is_not_followed(name) => {
            Err(GenerateError::EncodingNotFollowed { encoding: encoding.to_owned() })
        }
        name if names::keeps_ascii(name) => ascii_alone(text, name, encoding),
        name => by_table(text, name, encoding),
    }
}

/// An encoding of several bytes, of a text that it leaves as it is.
fn ascii_alone(text: &str, name: &str, encoding: &str) -> Result<Vec<u8>, GenerateError> {
    let is_shift_jis_2004 =
        name.starts_with('s') && (name.ends_with("2004") || name.ends_with("x0213"));
    let changed = match name {
        _ if is_shift_jis_2004 => "\\~",
        _ if name.starts_with("hz") => "~",
        _ => "",
    };
    let is_kept = |c: char| c.is_ascii() && !changed.contains(c);
    match text.char_indices().find(|(_, c)| !is_kept(*c)) {
        None => Ok(text.as_bytes().to_vec()),
        Some((at, character)) => Err(GenerateError::EncodingOfAsciiAlone {
            encoding: encoding.to_owned(),
            character,
            line: line(text, at),
        }),
    }
}

/// An encoding of single bytes, ASCII among them.
fn by_table(text: &str, name: &str, encoding: &str) -> Result<Vec<u8>, GenerateError> {
    let unknown = || GenerateError::UnknownEncoding { encoding: encoding.to_owned() };
    // As the first line of a file they may go on; as names of encodings they may not.
    let begins = ["latin_1_", "iso_8859_1_", "iso_latin_1"];
    if begins.iter().any(|begin| name.starts_with(begin)) && name != "iso_8859_1_1987" {
        return Err(unknown());
    }
    let upper = upper_half(name).ok_or_else(unknown)?;
    let byte = |c: char| {
        let position = || upper.iter().position(|&upper| upper == Some(c));
        let ascii = u8::try_from(c).ok().filter(u8::is_ascii);
        ascii.or_else(|| u8::try_from(position()? + 0x80).ok())
    };
    single_bytes(text, encoding, byte)
}

fn single_bytes(
    text: &str,
    encoding: &str,
    byte: impl Fn(char) -> Option<u8>,
) -> Result<Vec<u8>, GenerateError> {
    let mut bytes = Vec::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        bytes.push(byte(character).ok_or_else(|| GenerateError::Unencodable {
            encoding: encoding.to_owned(),
            character,
            line: line(text, at),
        })?);
    }
    Ok(bytes)
}

fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

fn utf32(text: &str, bytes: impl Fn(u32) -> [u8; 4]) -> Vec<u8> {
    text.chars().flat_map(|c| bytes(u32::from(c))).collect()
}

fn utf16(text: &str, bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// What the bytes from 0x80 on stand for in an encoding of single bytes: asked of the reader of Python files. `None`
/// for an encoding that it does not know, or one of several bytes.
fn upper_half(name: &str) -> Option<Vec<Option<char>>> {
    let file = |byte: &[u8]| {
        let text = [format!("# coding: {name}\n'").as_bytes(), byte, b"'"].concat();
        SourceFile::decode("", text).ok().map(SourceFile::into_text)
    };
    file(b"")?;
    let letter = |byte: u8| {
        let text = file(&[byte])?;
        let mut letters = text.rsplit('\n').next()?.strip_prefix('\'')?.chars();
        letters.next().filter(|_| letters.as_str() == "'")
    };
    let upper: Vec<_> = (0x80..=0xff).map(letter).collect();
    upper.iter().any(Option::is_some).then_some(upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_pythons() {
        assert_eq!(encode("é€", "UTF8").unwrap(), "é€".as_bytes());
        assert_eq!(encode("é", "latin-1").unwrap(), b"\xe9");
        assert_eq!(encode("é", "utf-16").unwrap(), b"\xff\xfe\xe9\0");
        assert_eq!(encode("é", " UTF--32 BE").unwrap(), b"\0\0\0\xe9");
        assert_eq!(encode("a+é\\", "u7").unwrap(), b"a+-+AOkAXA-");
        assert_eq!(encode("a", "csASCII").unwrap(), b"a");
        assert!(matches!(encode("é", "ascii"), Err(GenerateError::Unencodable { line: 1, .. })));
        assert!(matches!(
            encode("x\n€", "latin-1"),
            Err(GenerateError::Unencodable { line: 2, .. })
        ));
        assert!(matches!(encode("é", "us"), Err(GenerateError::Unencodable { .. })));
        for name in ["nope", "", "utf.8", "utf-8-x", "latin-1-x", "iso-latin-1"] {
            assert!(matches!(encode("a", name), Err(GenerateError::UnknownEncoding { .. })));
        }
    }
    #[test]
    fn of_several_bytes_ascii_alone_is_written() {
        for encoding in ["GBK", "shift-jis", "iso2022_jp", "ms kanji", "hz"] {
            assert_eq!(encode("a\\b", encoding).unwrap(), b"a\\b", "{encoding}");
            let refused = encode("\né", encoding);
            assert!(matches!(refused, Err(GenerateError::EncodingOfAsciiAlone { line: 2, .. })));
        }
        for (text, encoding) in [("~", "hz"), ("\\", "sjis_2004"), ("a", "cp037")] {
            assert!(encode(text, encoding).is_err(), "{encoding}");
        }
    }
}
