//! The demo, for real: servers are started, environments made, signals sent; and whatever happens, nothing is left.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod bad_input;
mod interrupted;
mod stage;
mod whole;
