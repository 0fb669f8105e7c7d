//! Random revision identifiers.

use std::io;

use crate::diagnostics::Failure;

/// Twelve hexadecimal digits: what Alembic takes of a random UUID.
pub(crate) fn random() -> Result<String, Failure> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes[2..]).map_err(|error| Failure::from(io::Error::other(error)))?;
    Ok(format!("{:012x}", u64::from_be_bytes(bytes)))
}
