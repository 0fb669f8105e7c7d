//! Getting in, and what is said when that fails.
