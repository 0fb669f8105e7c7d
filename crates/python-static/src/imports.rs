//! Import statements, read without the parser.
//!
//! A module is imports for a good part, and the parser takes some microseconds for each name. What is written here in
//! the ordinary way gives the tree that the parser gives; anything else is left to it.

use rustpython_parser::ast::{self, Stmt};
use rustpython_parser::text_size::{TextRange, TextSize};

use crate::syntax::{is_keyword, word_at};

/// The tree of an import of ASCII names; `None` where the parser must be asked. `start` is where `code` begins.
pub(crate) fn read(code: &str, start: TextSize) -> Option<Stmt> {
    if !code.is_ascii() {
        return None;
    }
    let mut reader = Reader { code, at: 0, start, in_parentheses: false };
    let statement = match reader.word()? {
        "import" => reader.import()?,
        "from" => reader.import_from()?,
        _ => return None,
    };
    (reader.at == code.len()).then_some(statement)
}

struct Reader<'a> {
    code: &'a str,
    at: usize,
    start: TextSize,
    in_parentheses: bool,
}

impl<'a> Reader<'a> {
    /// `import a.b as c, d`, from behind the keyword.
    fn import(&mut self) -> Option<Stmt> {
        let names = self.list(Self::dotted)?;
        Some(Stmt::Import(ast::StmtImport { range: self.whole(), names }))
    }

    /// `from ..a import b as c, d`, from behind the keyword.
    fn import_from(&mut self) -> Option<Stmt> {
        let mut level = 0;
        while self.takes(b'.') {
            level += 1;
        }
        let module = if self.next_word() == "import" { None } else { Some(self.dotted()?) };
        if level == 0 && module.is_none() || self.word()? != "import" {
            return None;
        }
        let names = if self.takes(b'*') {
            let range = self.range(self.at - 1);
            let name = ast::Identifier::new("*");
            vec![ast::Alias { range, name, asname: None }]
        } else if self.takes(b'(') {
            self.in_parentheses = true;
            let names = self.list(|reader| reader.name().map(str::to_owned))?;
            if !self.takes(b')') {
                return None;
            }
            names
        } else {
            self.list(|reader| reader.name().map(str::to_owned))?
        };
        Some(Stmt::ImportFrom(ast::StmtImportFrom {
            range: self.whole(),
            module: module.map(ast::Identifier::new),
            names,
            level: Some(ast::Int::new(level)),
        }))
    }

    /// Names with what each is called, up to what is no comma; one comma may stand behind the last in parentheses.
    fn list(&mut self, name: impl Fn(&mut Self) -> Option<String>) -> Option<Vec<ast::Alias>> {
        let mut names = Vec::new();
        loop {
            self.skip_blanks();
            let begun = self.at;
            let name = ast::Identifier::new(name(self)?);
            let mut range = self.range(begun);
            let mut asname = None;
            if self.next_word() == "as" {
                self.word()?;
                asname = Some(ast::Identifier::new(self.name()?));
                range = self.range(begun);
            }
            names.push(ast::Alias { range, name, asname });
            let is_last = !self.takes(b',');
            if is_last || self.in_parentheses && self.next() == Some(b')') {
                return Some(names);
            }
        }
    }

    /// A name with the dots in it. Blanks around a dot are left to the parser.
    fn dotted(&mut self) -> Option<String> {
        let mut dotted = self.name()?.to_owned();
        while self.code.as_bytes().get(self.at) == Some(&b'.') {
            self.at += 1;
            let begun = self.at;
            let part = self.name()?;
            if self.at != begun + part.len() {
                return None;
            }
            dotted.push('.');
            dotted.push_str(part);
        }
        Some(dotted)
    }

    /// A word that is a name.
    fn name(&mut self) -> Option<&'a str> {
        self.word().filter(|word| !is_keyword(word.as_bytes()))
    }

    fn word(&mut self) -> Option<&'a str> {
        let word = self.next_word();
        self.at += word.len();
        (!word.is_empty()).then_some(word)
    }

    /// The word that comes next; empty when none does.
    fn next_word(&mut self) -> &'a str {
        self.skip_blanks();
        let length = word_at(self.code.as_bytes(), self.at).len();
        &self.code[self.at..self.at + length]
    }

    fn takes(&mut self, byte: u8) -> bool {
        let comes = self.next() == Some(byte);
        self.at += usize::from(comes);
        comes
    }

    fn next(&mut self) -> Option<u8> {
        self.skip_blanks();
        self.code.as_bytes().get(self.at).copied()
    }

    /// Passes over blanks, and over line ends and comments where parentheses are open.
    fn skip_blanks(&mut self) {
        let bytes = self.code.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\n' | b'\r') if self.in_parentheses => self.at += 1,
                Some(b'#') if self.in_parentheses => {
                    let rest = &bytes[self.at..];
                    self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }

    fn whole(&self) -> TextRange {
        self.range(0)
    }

    fn range(&self, begun: usize) -> TextRange {
        // A statement that is longer than a TextSize can say is not parsed at all.
        let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
        TextRange::new(self.start + size(begun), self.start + size(self.at))
    }
}

#[cfg(test)]
mod tests {
    use rustpython_parser::{Parse as _, ast};

    use super::*;

    const ORDINARY: [&str; 12] = [
        "import os",
        "import a.b.c",
        "import a.b as c, d , e as f",
        "from a import b",
        "from a.b import c as d,e",
        "from . import a",
        "from ..a import b",
        "from ...a.b import c",
        "from .import a",
        "from a import *",
        "from a import (b, c as d, e,)",
        "from a import ( # why\n    b,  # what\n\n    c as d\r\n)",
    ];

    /// No Python, or written so that the parser must be asked.
    const OTHER: [&str; 22] = [
        "import",
        "import a,",
        "import a.",
        "import a . b",
        "import .a",
        "import a as",
        "import a as b.c",
        "import class",
        "import a; import b",
        "import é",
        "import a \\\n",
        "from a import",
        "from import a",
        "from a import b,",
        "from a import (b",
        "from a import ()",
        "from a import (b,,c)",
        "from a import (*)",
        "from a import b.c",
        "from a import None",
        "from a import b as as",
        "fromage = 1",
    ];

    #[test]
    fn the_tree_is_the_parsers() {
        for code in ORDINARY {
            let start = TextSize::from(7);
            let parsed = ast::Suite::parse_starts_at(code, "", start).unwrap();
            assert_eq!(
                Some(&parsed[..]),
                read(code, start).as_ref().map(std::slice::from_ref),
                "{code}"
            );
        }
    }

    #[test]
    fn what_is_not_ordinary_is_left_to_the_parser() {
        for code in OTHER {
            assert_eq!(read(code, TextSize::default()), None, "{code}");
        }
    }
}
