//! `status --explain-url`: where the URL was looked for.

use std::fmt::Write as _;

use alembic_runtime::database_url::discovery::{Candidate, Discovery, Outcome, Proof};

/// One line for each place, the chosen one marked.
pub(super) fn candidates(discovery: &Discovery) -> String {
    let mut out = String::new();
    for (index, candidate) in discovery.candidates.iter().enumerate() {
        let mark = if discovery.chosen == Some(index) { '>' } else { ' ' };
        let written = writeln!(out, "{mark} {}\n    {}", candidate.place, outcome(candidate));
        written.expect("a string takes everything");
    }
    out
}

fn outcome(candidate: &Candidate) -> String {
    match &candidate.outcome {
        Outcome::Url(url) => {
            let proof = match candidate.proof {
                Proof::Proven => "proven",
                Proof::Guessed => "a guess",
            };
            format!("{url} ({proof}: {})", candidate.why)
        }
        Outcome::Absent(why) => format!("nothing: {why}"),
        Outcome::Placeholder => "the template's placeholder, which counts as nothing".to_owned(),
        Outcome::Malformed(error) => error.to_string(),
        Outcome::Unknown(doubt) | Outcome::Several(doubt) => doubt.to_string(),
        _ => String::new(),
    }
}
