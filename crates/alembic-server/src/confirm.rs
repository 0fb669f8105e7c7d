//! What confirms a run: a text that belongs to one plan on one database, and to no other.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;

use crate::live::Planned;
use crate::random;

/// Makes and checks confirmations; those of another server mean nothing here.
pub(crate) struct Confirmations {
    secret: String,
}

impl Confirmations {
    pub(crate) fn new() -> Self {
        Self { secret: random::hex(32) }
    }

    /// The confirmation of a plan: bound to the database, where it is, where it goes, and every script.
    pub(crate) fn of(&self, planned: &Planned) -> String {
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            // With its length, so that no two lists of parts give the same bytes.
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        part(&self.secret);
        part(planned.command.name());
        part(&planned.target);
        part(&planned.database);
        for rows in [&planned.from, &planned.to] {
            part(&rows.len().to_string());
            for row in rows {
                part(row);
            }
        }
        part(&planned.scripts);
        random::to_hex(&hash.finalize()[..20])
    }

    /// Whether `text` confirms exactly this plan.
    pub(crate) fn confirms(&self, planned: &Planned, text: &str) -> bool {
        self.of(planned).as_bytes().ct_eq(text.as_bytes()).into()
    }
}
