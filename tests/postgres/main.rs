//! The browser on real servers.
