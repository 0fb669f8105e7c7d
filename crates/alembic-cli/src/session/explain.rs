//! `status --explain-url`: where the URL was looked for.

use std::fmt::Write as _;

use alembic_runtime::database_url::discovery::Discovery;

/// One line for each place, the chosen one marked.
pub(super) fn candidates(discovery: &Discovery) -> String {
    let mut out = String::new();
    for (index, candidate) in discovery.candidates.iter().enumerate() {
        let mark = if discovery.chosen == Some(index) { '>' } else { ' ' };
        let written = writeln!(out, "{mark} {}\n    {candidate}", candidate.place);
        written.expect("a string takes everything");
    }
    out
}
