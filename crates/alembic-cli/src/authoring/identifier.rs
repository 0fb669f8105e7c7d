//! Random revision identifiers.

use std::io;

use crate::diagnostics::Failure;

/// Twelve hexadecimal digits: what Alembic takes of a random UUID.
pub(crate) fn random() -> Result<String, Failure> {
    let mut bytes = [0; 6];
    getrandom::fill(&mut bytes).map_err(|error| Failure::from(io::Error::other(error)))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
