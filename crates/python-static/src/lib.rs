//! Reads what Python source says without running it.
//!
//! A file is cut into its top-level statements ([`statements`]), plain literals are read at once, and what is left is
//! parsed statement by statement and evaluated as far as it can be known ([`read_module`]). Every answer is one of
//! three ([`Answer`]): known, unknown with a reason and a place, refused.
//!
//! Nothing is ever executed, no environment variable is read, and of the file system only the modules that a file
//! imports from the given roots are looked at.
#![warn(missing_docs)]

#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct Readme;

mod ast;
mod builtin_names;
mod evaluate;
mod identifiers;
mod imports;
mod literal;
mod module;
pub mod percent;
mod posixpath;
pub mod program;
mod project;
mod requote;
pub mod source;
pub mod statements;
mod syntax;
pub mod text;
pub mod tree;
mod value;

pub use builtin_names::is_builtin;
pub use module::{Binding, DOCSTRING, Environment, Module, read_module};
pub use project::Project;
pub use source::{DecodeError, SourceFile, TextRange};
pub use syntax::SyntaxError;
pub use value::{Answer, Refused, Unknown, Value};
