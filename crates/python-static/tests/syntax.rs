//! What no Python 3 compiles is an error; what any Python 3 compiles is none.

use python_static::statements::cut;
use python_static::{SourceFile, SyntaxError};

fn pieces(text: &str) -> impl Iterator<Item = String> {
    text.split("\n---\n").map(|piece| format!("{}\n", piece.trim_end_matches('\n')))
}

/// Each of `refused.txt` was refused by Python 3.11 too, for a reason that no later version has lifted.
#[test]
fn what_no_python_compiles_is_refused() {
    let accepted: Vec<String> =
        pieces(include_str!("refused.txt")).filter(|code| cut(code).is_ok()).collect();
    assert!(accepted.is_empty(), "{}", accepted.join("\n---\n"));
}

/// `accepted.txt` holds odd but real Python up to 3.15.
#[test]
fn real_python_is_never_refused() {
    let refused: Vec<(String, SyntaxError)> = pieces(include_str!("accepted.txt"))
        .flat_map(|code| {
            let indented: String = code.lines().flat_map(|line| ["    ", line, "\n"]).collect();
            let in_body = format!("if x:\n{indented}    pass\n");
            // Lines of strings and continuation lines may not be indented.
            if code.contains("\"\"\"") { vec![code] } else { vec![in_body, code] }
        })
        .filter_map(|code| cut(&code).err().map(|error| (code, error)))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn errors_point_at_their_place() {
    let at = |text: &str| {
        let error = cut(text).expect_err("no Python");
        let (line, column) = SourceFile::new("a.py", text).line_column(error.range.start);
        format!("{line}:{column} {}", error.message)
    };
    insta::assert_snapshot!(at("x = 1\ny = 'abc\n"), @"2:5 unterminated string literal (detected at line 2)");
    insta::assert_snapshot!(at("x = (1,\ny = 2\n"), @"1:5 `(` was never closed");
    insta::assert_snapshot!(at("x = (1,\ny]\n"), @"2:2 closing parenthesis `]` does not match opening parenthesis `(` on line 1");
    insta::assert_snapshot!(at("def upgrade():\npass\n"), @"1:1 expected an indented block");
    insta::assert_snapshot!(at("def upgrade()\n    pass\n"), @"1:13 expected `:`");
    insta::assert_snapshot!(at("def upgrade():\n    print 'x'\n"), @"2:5 missing parentheses in call to `print`: did you mean `print(...)`?");
    insta::assert_snapshot!(at("a = 1\n<<<<<<< HEAD\n"), @"2:1 invalid syntax");
    insta::assert_snapshot!(at("a = “x”\n"), @"1:5 invalid character `“` (U+201C)");
    insta::assert_snapshot!(at("a =\u{a0}1\n"), @"1:4 invalid non-printable character U+00A0");
}
