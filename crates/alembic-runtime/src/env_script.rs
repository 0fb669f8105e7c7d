//! What a project's `env.py` says, read without running it.
