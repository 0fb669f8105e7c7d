//! The demo, for real: servers are started, environments made, signals sent; and whatever happens, nothing is left.
#![cfg(unix)]

mod bad_input;
mod interrupted;
mod stage;
mod whole;
