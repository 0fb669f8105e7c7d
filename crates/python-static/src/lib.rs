//! Reads what Python source says without running it.
#![warn(missing_docs)]
