//! What env.py says, and which URL of a project counts: small projects of each form that people write.

mod discovery;
mod forms;
mod limits;
mod project;
mod settings;
