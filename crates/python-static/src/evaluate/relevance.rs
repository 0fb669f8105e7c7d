//! Which statements of a file can matter for the names that are asked for.
//!
//! Names are followed by mention, not by meaning: a statement that mentions a needed name may bind or change it, and
//! all names it mentions are needed in turn. That takes in too much at times, never too little, and needs no parser.

use std::collections::BTreeSet;

use super::{defined_name, may_bind_unseen};
use crate::builtin_names::is_builtin;
use crate::identifiers::identifiers;
use crate::statements::{Statement, StatementKind};

/// The statements to run, and the names they deal with.
pub(super) struct Plan {
    pub(super) statements: Vec<usize>,
    pub(super) needed: BTreeSet<String>,
}

/// Works out what `names` depend on.
pub(super) fn plan(text: &str, statements: &[Statement], names: &[&str]) -> Plan {
    let facts: Vec<Facts<'_>> =
        statements.iter().map(|statement| Facts::of(text, statement)).collect();
    let bound_here: BTreeSet<&str> =
        facts.iter().flat_map(|facts| facts.mentions.iter().copied()).collect();
    let mut needed: BTreeSet<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut chosen = vec![false; facts.len()];
    loop {
        let effectful = effectful_definitions(&facts, &needed);
        let mut grew = false;
        for (index, facts) in facts.iter().enumerate() {
            if chosen[index] || !facts.matters(&needed, &effectful) {
                continue;
            }
            (chosen[index], grew) = (true, true);
            let fresh = facts
                .mentions
                .iter()
                .filter(|name| !is_builtin(name) || rebinds(&bound_here, name));
            needed.extend(fresh.map(|&name| name.to_owned()));
        }
        if !grew {
            break;
        }
    }
    let statements =
        chosen.iter().enumerate().filter(|(_, chosen)| **chosen).map(|(index, _)| index);
    Plan { statements: statements.collect(), needed }
}

/// A name of Python's own is followed only where it could be one of the file's: names of one letter case that files
/// like to reuse.
fn rebinds(bound_here: &BTreeSet<&str>, name: &str) -> bool {
    matches!(
        name,
        "id" | "type" | "input" | "format" | "hash" | "vars" | "dir" | "next" | "filter" | "map"
    ) && bound_here.contains(name)
}

/// Whether any statement mentions `name` in a way that may bind it.
pub(super) fn bound_somewhere(text: &str, statements: &[Statement], name: &str) -> bool {
    statements.iter().any(|statement| {
        let code = &text[statement.range.clone()];
        match statement.kind {
            StatementKind::Definition => defined_name(code) == Some(name),
            _ => identifiers(code).any(|word| word == name || may_bind_unseen(word, code)),
        }
    })
}

/// Whether the file has a star import.
pub(super) fn star_imports(text: &str, statements: &[Statement]) -> bool {
    statements.iter().any(|statement| {
        statement.kind == StatementKind::Import && text[statement.range.clone()].ends_with('*')
    })
}

/// What is known of a statement by its words.
struct Facts<'a> {
    kind: StatementKind,
    defines: Option<&'a str>,
    mentions: BTreeSet<&'a str>,
    binds_unseen: bool,
    is_star_import: bool,
}

impl<'a> Facts<'a> {
    fn of(text: &'a str, statement: &Statement) -> Self {
        let code = &text[statement.range.clone()];
        let mut mentions = BTreeSet::new();
        let mut binds_unseen = false;
        for word in identifiers(code) {
            binds_unseen |= may_bind_unseen(word, code);
            if !crate::syntax::is_keyword(word.as_bytes()) {
                mentions.insert(word);
            }
        }
        let is_definition = statement.kind == StatementKind::Definition;
        Self {
            kind: statement.kind,
            defines: if is_definition { defined_name(code) } else { None },
            mentions,
            binds_unseen: binds_unseen || (is_definition && has_global(code)),
            is_star_import: statement.kind == StatementKind::Import && code.ends_with('*'),
        }
    }

    fn matters(&self, needed: &BTreeSet<String>, effectful: &BTreeSet<&str>) -> bool {
        if self.is_star_import {
            return true;
        }
        if self.kind == StatementKind::Definition {
            return self
                .defines
                .is_some_and(|name| needed.contains(name) || effectful.contains(name));
        }
        self.binds_unseen
            || self.mentions.iter().any(|name| needed.contains(*name) || effectful.contains(name))
    }
}

fn has_global(code: &str) -> bool {
    memchr::memmem::find(code.as_bytes(), b"global ").is_some()
}

/// The functions and classes whose code may bind names of the module when it is called.
fn effectful_definitions<'a>(facts: &[Facts<'a>], needed: &BTreeSet<String>) -> BTreeSet<&'a str> {
    let mut effectful: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = effectful.len();
        for facts in facts.iter().filter(|facts| facts.kind == StatementKind::Definition) {
            let acts = facts.binds_unseen
                && facts
                    .mentions
                    .iter()
                    .any(|name| needed.contains(*name) || may_bind_unseen(name, ""));
            if acts || facts.mentions.iter().any(|name| effectful.contains(name)) {
                effectful.extend(facts.defines);
            }
        }
        if effectful.len() == before {
            return effectful;
        }
    }
}
