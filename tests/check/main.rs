//! `heads --check`, whole processes in real git repositories.
