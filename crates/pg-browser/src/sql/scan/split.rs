//! Statements of a script.

use std::ops::Range;

use super::lexer::{Kind, Token, Unfinished, tokens};

/// A statement of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Where it stands, without its semicolon.
    pub(crate) range: Range<usize>,
    /// Its tokens.
    pub(crate) tokens: Vec<Token>,
}

/// Cuts a script at its semicolons. Empty statements are none.
///
/// Semicolons between parentheses, as in CREATE RULE, and in bodies between BEGIN ATOMIC and END end no statement.
pub(crate) fn statements(sql: &str) -> Result<Vec<Statement>, Unfinished> {
    let mut statements = Vec::new();
    let mut current = Vec::new();
    let mut nesting = Nesting::default();
    for token in tokens(sql)? {
        if token.kind == Kind::Semicolon && nesting.is_outside() {
            finish(&mut statements, &mut current);
            nesting = Nesting::default();
        } else {
            nesting.step(sql, &current, &token);
            current.push(token);
        }
    }
    finish(&mut statements, &mut current);
    Ok(statements)
}

fn finish(statements: &mut Vec<Statement>, current: &mut Vec<Token>) {
    if let (Some(first), Some(last)) = (current.first(), current.last()) {
        let range = first.range.start..last.range.end;
        statements.push(Statement { range, tokens: std::mem::take(current) });
    }
}

#[derive(Debug, Default)]
struct Nesting {
    parentheses: usize,
    /// BEGIN ATOMIC, and each CASE within.
    blocks: usize,
}

impl Nesting {
    fn is_outside(&self) -> bool {
        self.parentheses == 0 && self.blocks == 0
    }

    fn step(&mut self, sql: &str, before: &[Token], token: &Token) {
        match token.kind {
            Kind::Open => self.parentheses += 1,
            Kind::Close => self.parentheses = self.parentheses.saturating_sub(1),
            Kind::Word => self.word(sql, before, token),
            _ => {}
        }
    }

    fn word(&mut self, sql: &str, before: &[Token], token: &Token) {
        let is = |word: &str| token.is_word(sql, word);
        let is_body = is("atomic")
            && before.first().is_some_and(|first| first.is_word(sql, "create"))
            && before.last().is_some_and(|last| last.is_word(sql, "begin"));
        if is_body || (self.blocks > 0 && is("case")) {
            self.blocks += 1;
        } else if self.blocks > 0 && is("end") {
            self.blocks -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::statements;

    fn texts(sql: &str) -> Vec<&str> {
        statements(sql).unwrap().iter().map(|found| &sql[found.range.clone()]).collect()
    }

    #[test]
    fn semicolons_cut_where_they_are_meant_to() {
        assert_eq!(texts(" ; select 1;; select ';' ; -- x\n"), ["select 1", "select ';'"]);
        assert_eq!(texts("do $$ begin; end $$; select 2"), ["do $$ begin; end $$", "select 2"]);
        let rule = "create rule r as on insert to t do (select 1; select 2)";
        assert_eq!(texts(&format!("{rule}; x")), [rule, "x"]);
        let body = "create function f() returns int begin atomic select 1; \
                    select case when true then 1 end; end";
        assert_eq!(texts(&format!("{body}; select 3;")), [body, "select 3"]);
        assert_eq!(texts("begin; commit"), ["begin", "commit"]);
        assert!(texts(" -- nothing\n /* at all */ ").is_empty());
    }

    proptest! {
        #[test]
        fn whole_statements_stay_whole(parts in proptest::collection::vec(
            prop_oneof![
                Just("select ';'"), Just("select $a$;$a$"), Just("select \";\""), Just("select 1 /*;*/ + 1"),
                Just("select E'\\';'"), Just("values (1), (2)"),
            ], 0..6))
        {
            let script = parts.join(" ; ");
            prop_assert_eq!(texts(&script), parts);
        }
    }
}
