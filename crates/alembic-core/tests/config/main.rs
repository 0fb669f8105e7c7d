//! The configuration as a whole: files on disk in, options and reports out.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands, helpers included")]

mod locations;
mod lookup;
mod project;
mod properties;
mod reports;
mod secrets;
