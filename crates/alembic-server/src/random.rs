//! Random texts that nobody can guess.

use std::fmt::Write as _;

/// `bytes` random bytes in hexadecimal.
///
/// # Panics
/// When the system has no randomness: nothing here is safe then.
pub(crate) fn hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).expect("the system gives random bytes");
    to_hex(&random)
}

/// Bytes in hexadecimal.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}
