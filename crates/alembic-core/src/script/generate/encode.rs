//! `output_encoding`: text to bytes, by Python's names.

use python_static::SourceFile;

use super::GenerateError;

/// Encodes a rendered script.
pub(super) fn encode(text: &str, encoding: &str) -> Result<Vec<u8>, GenerateError> {
    let name = encoding.trim().to_lowercase().replace(['_', ' '], "-");
    match name.as_str() {
        "utf-8" | "utf8" | "u8" | "utf" | "cp65001" => Ok(text.as_bytes().to_vec()),
        "utf-8-sig" => Ok([b"\xef\xbb\xbf", text.as_bytes()].concat()),
        "ascii" | "us-ascii" | "646" => {
            single_bytes(text, encoding, |c| u8::try_from(c).ok().filter(u8::is_ascii))
        }
        "utf-16" => Ok([&b"\xff\xfe"[..], &utf16(text, u16::to_le_bytes)].concat()),
        "utf-16-le" | "utf-16le" => Ok(utf16(text, u16::to_le_bytes)),
        "utf-16-be" | "utf-16be" => Ok(utf16(text, u16::to_be_bytes)),
        _ => {
            let unknown = || GenerateError::UnknownEncoding { encoding: encoding.to_owned() };
            let upper = upper_half(&name).ok_or_else(unknown)?;
            let byte = |c: char| {
                let position = || upper.iter().position(|&upper| upper == Some(c));
                let ascii = u8::try_from(c).ok().filter(u8::is_ascii);
                ascii.or_else(|| u8::try_from(position()? + 0x80).ok())
            };
            single_bytes(text, encoding, byte)
        }
    }
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
            line: text[..at].matches('\n').count() + 1,
        })?);
    }
    Ok(bytes)
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
        assert!(matches!(encode("é", "ascii"), Err(GenerateError::Unencodable { line: 1, .. })));
        assert!(matches!(
            encode("x\n€", "latin-1"),
            Err(GenerateError::Unencodable { line: 2, .. })
        ));
        assert!(matches!(encode("é", "nope"), Err(GenerateError::UnknownEncoding { .. })));
    }
}
