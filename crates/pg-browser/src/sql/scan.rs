//! A scanner of PostgreSQL's tokens, after its manual's chapter "Lexical Structure".
//!
//! It knows where texts, quoted names and comments end, and so what in a script is a statement's end. It assumes
//! `standard_conforming_strings`, which every connection of ours sets. It understands no grammar.

mod lexer;
mod split;

pub(crate) use lexer::{Kind, Token, tokens};
pub(crate) use split::{Statement, statements};
