//! UTF-7, as Python writes it.

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes a text.
pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut shifted: Option<Bits> = None;
    for c in text.chars() {
        match (u8::try_from(c).ok().filter(|byte| is_direct(*byte)), shifted.take()) {
            (Some(byte), Some(bits)) => {
                bits.end(&mut out);
                // Whatever could go on ends with a mark.
                if BASE64.contains(&byte) || byte == b'-' {
                    out.push(b'-');
                }
                out.push(byte);
            }
            (Some(byte), None) => out.push(byte),
            (None, None) if c == '+' => out.extend(b"+-"),
            (None, bits) => {
                let mut bits = bits.unwrap_or_else(|| {
                    out.push(b'+');
                    Bits::default()
                });
                for unit in c.encode_utf16(&mut [0; 2]) {
                    bits.push(*unit, &mut out);
                }
                shifted = Some(bits);
            }
        }
    }
    if let Some(bits) = shifted {
        bits.end(&mut out);
        out.push(b'-');
    }
    out
}

/// Characters that stand for themselves: all of ASCII but `+`, `\\`, `~` and most controls.
fn is_direct(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'}') && !matches!(byte, b'+' | b'\\')
}

/// Bits that wait for more of them.
#[derive(Default)]
struct Bits {
    value: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, unit: u16, out: &mut Vec<u8>) {
        self.value = self.value << 16 | u32::from(unit);
        self.count += 16;
        while self.count >= 6 {
            self.count -= 6;
            out.push(letter(self.value >> self.count));
        }
        self.value &= (1 << self.count) - 1;
    }

    fn end(self, out: &mut Vec<u8>) {
        if self.count > 0 {
            out.push(letter(self.value << (6 - self.count)));
        }
    }
}

fn letter(bits: u32) -> u8 {
    BASE64[(bits & 0x3f) as usize]
}
