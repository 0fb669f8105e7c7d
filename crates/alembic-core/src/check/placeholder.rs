//! Identifiers that were typed, or made up by a language model, rather than drawn.
//!
//! Two people who type `a1b2c3d4e5f6` on two branches get the same identifier.
//! The rule is narrow, so that a drawn identifier is practically never called a
//! placeholder (fewer than one in a million of twelve digits), nor is one of a
//! deliberate scheme (`0001`, `0.21.0`, `main_0007`, a date). Letters count
//! without their case; `9` is followed by `0` or `a`, `f` by `a` or `0`. An
//! identifier is a placeholder when it
//!
//! 1. holds eight characters or more in which letters `a`–`f` and digits take turns
//!    and each count up by one: `a1b2c3d4e5f6`, `1a2b3c4d`, `cp01a2b3c4d5`;
//! 2. holds eight characters or more that count up, or down, by one in hexadecimal
//!    order: `123456789abc`, `fedcba98`;
//! 3. consists of eight characters or more that fall into such counts of three or
//!    more each, all in one direction: `abcdef123456`, `abc123def456`;
//! 4. consists of eight characters or more that repeat one to four characters:
//!    `000000000000`, `abcabcabcabc`, `12341234`.

/// Shorter ones are schemes, or words.
const SHORTEST: usize = 8;

/// The shortest count in an identifier made of counts.
const SHORTEST_COUNT: usize = 3;

/// The longest piece that is repeated.
const LONGEST_PIECE: usize = 4;

/// Whether an identifier looks typed.
pub(super) fn is_placeholder(id: &str) -> bool {
    let id = id.to_ascii_lowercase().into_bytes();
    id.len() >= SHORTEST
        && (longest_run(&id, 2, alternates) >= SHORTEST
            || longest_run(&id, 1, |_, a, b| counts(a, b)) >= SHORTEST
            || longest_run(&id, 1, |_, a, b| counts(b, a)) >= SHORTEST
            || is_made_of_counts(&id, counts)
            || is_made_of_counts(&id, |a, b| counts(b, a))
            || repeats_a_piece(&id))
}

/// The longest stretch in which every character goes with the one `step` before it.
fn longest_run(id: &[u8], step: usize, goes: impl Fn(&[u8], u8, u8) -> bool) -> usize {
    let (mut longest, mut current) = (0, step);
    for at in step..id.len() {
        current = if goes(&id[..at], id[at - step], id[at]) { current + 1 } else { step };
        longest = longest.max(current);
    }
    longest
}

/// `b` follows `a` with one character of the other kind in between.
fn alternates(before: &[u8], a: u8, b: u8) -> bool {
    let between = before[before.len() - 1];
    let letters = is_hex_letter(a) && is_hex_letter(b) && between.is_ascii_digit();
    let digits = a.is_ascii_digit() && b.is_ascii_digit() && is_hex_letter(between);
    let wraps = (a == b'9' && b == b'0') || (a == b'f' && b == b'a');
    (letters || digits) && (b == a + 1 || wraps)
}

fn is_hex_letter(c: u8) -> bool {
    (b'a'..=b'f').contains(&c)
}

/// `b` comes right after `a` in hexadecimal order.
fn counts(a: u8, b: u8) -> bool {
    match (a, b) {
        (b'9' | b'f', b'0' | b'a') => true,
        (b'0'..=b'8' | b'a'..=b'e', _) => b == a + 1,
        _ => false,
    }
}

fn is_made_of_counts(id: &[u8], counts: impl Fn(u8, u8) -> bool) -> bool {
    id.chunk_by(|&a, &b| counts(a, b)).all(|count| count.len() >= SHORTEST_COUNT)
}

fn repeats_a_piece(id: &[u8]) -> bool {
    id.iter().all(u8::is_ascii_alphanumeric)
        && (1..=LONGEST_PIECE).any(|period| (period..id.len()).all(|at| id[at] == id[at - period]))
}

#[cfg(test)]
mod tests {
    use super::is_placeholder;

    #[test]
    fn typed() {
        for id in [
            "a1b2c3d4e5f6",
            "b2c3d4e5f6a7",
            "f6a7b8c9d0e1",
            "1a2b3c4d5e6f",
            "1a2b3c4d",
            "A1B2C3D4E5F6",
            "cp01a2b3c4d5",
            "kb1a2b3c4d5e",
            "123456789abc",
            "0123456789ab",
            "1234567890ab",
            "123456789012",
            "abcdef123456",
            "abcdef012345",
            "abc123def456",
            "fedcba987654",
            "987654321fed",
            "000000000000",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "deaddead",
            "xyzxyzxyz",
        ] {
            assert!(is_placeholder(id), "{id}");
        }
    }

    #[test]
    fn drawn_or_of_a_scheme() {
        for id in [
            "ae1027a6acf2",
            "1975ea83b712",
            "3f60aa1290cd",
            "0001",
            "001",
            "0.21.0",
            "0000000001",
            "main_0001",
            "django_0024a",
            "20240102",
            "202401021234",
            "kilo",
            "lbaasv2",
            "123456",
            "abcdef",
            "a1b2c3d",
            "I43e0b669096",
            "alembic_start",
            "deadbeefcafe",
            "2024_01_02_0001",
        ] {
            assert!(!is_placeholder(id), "{id}");
        }
    }

    /// A linear congruential generator draws as `uuid4` would.
    #[test]
    fn a_drawn_one_is_practically_never_refused() {
        let mut state = 42_u64;
        let mut refused = 0;
        for _ in 0..100_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let id = format!("{:012x}", state >> 16);
            refused += u32::from(is_placeholder(&id));
        }
        assert_eq!(refused, 0);
    }
}
