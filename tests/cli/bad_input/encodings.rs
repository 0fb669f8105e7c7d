//! Scripts whose bytes are no Python, or Python that other programs stumble over.

use alembic_testing::{Project, TestContext};

use crate::project::{answered, in_project, refused};

fn script(bytes: impl AsRef<[u8]>) -> TestContext {
    in_project(Project::new().with_file("migrations/versions/x.py", bytes))
}

const VALUES: &str = "revision = 'a'\ndown_revision = None\n";

#[test]
fn text_that_cannot_be_decoded() {
    for (bytes, line) in [
        (b"'\xe9'\nrevision = 'a'\n".as_slice(), 1),
        (b"revision = 'a'\ndown_revision = None\nx = '\xff'\n", 3),
        (b"# coding: ascii\n\n\"\xc3\xa9\"\n", 3),
        (b"# coding: cp1252\nrevision = '\x81'\n", 2),
        (b"\xef\xbb\xbf# coding: latin-1\nrevision = 'a'\n", 1),
        (b"#!/usr/bin/python\n# vim: set fileencoding=no-such-thing :\n", 1),
        (b"\xff\xfer\0e\0v\0", 1),
    ] {
        let place = format!("(x.py, line {line})");
        refused(&script(bytes), &["heads"], &[&place, "migrations/versions/x.py"]);
    }
}

#[test]
fn text_that_can() {
    for bytes in [
        [b"\xef\xbb\xbf", VALUES.as_bytes()].concat(),
        [b"\xef\xbb\xbf# coding: utf-8\n", VALUES.as_bytes()].concat(),
        // Python lets comments be, but for those with a cookie.
        [b"# \xe9\n", VALUES.as_bytes()].concat(),
        [b"# -*- coding: latin-1 -*-\n# \xe9\n", VALUES.as_bytes()].concat(),
        [b"\n# coding: cp1252\n# \x80\n", VALUES.as_bytes()].concat(),
        [b"# coding: koi8-r\n# \xc1\n", VALUES.as_bytes()].concat(),
        VALUES.replace('\n', "\r\n").into_bytes(),
        VALUES.replace('\n', "\r").into_bytes(),
        [VALUES.as_bytes(), b"\x0c\n"].concat(),
    ] {
        assert_eq!(answered(&script(&bytes), &["heads"]), "a (head)\n", "{bytes:?}");
    }
}

#[test]
fn a_nul_byte_anywhere() {
    for text in [
        "\0",
        "revision = 'a'\0\n",
        "# \0\nrevision = 'a'\ndown_revision = None\n",
        "revision = 'a'\ndown_revision = None\nx = '''\n\0'''\n",
    ] {
        refused(&script(text), &["heads"], &["migrations/versions/x.py"]);
    }
}

#[test]
fn nothing_and_next_to_nothing() {
    for text in ["", "\n", "# nothing", "\u{feff}", "\\", "\"\"\"only words\"\"\""] {
        refused(&script(text), &["heads"], &["migrations/versions/x.py"]);
    }
}

#[test]
fn no_python_at_all() {
    for text in [
        "revision = '''a\n",
        "revision = ('a'\n",
        "revision = 'a\ndown_revision = None\n",
        "revision = 'a')\ndown_revision = None\n",
        "  revision = 'a'\ndown_revision = None\n",
        "revision = 'a'\n\tdown_revision = None\n",
        "revision 'a'\ndown_revision = None\n",
        "<html><body>404</body></html>\n",
        "<<<<<<< HEAD\nrevision = 'a'\n=======\nrevision = 'b'\n>>>>>>> other\ndown_revision = None\n",
        "revision = 'a' if\ndown_revision = None\n",
        "revision = '\\N{no such thing}'\ndown_revision = None\n",
        "PK\u{3}\u{4}\u{14}\u{8}",
    ] {
        refused(&script(text), &["heads"], &["migrations/versions/x.py"]);
    }
}

#[test]
fn values_nested_beyond_any_stack() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("-", ""),
        ("not ", ""),
        ("lambda: ", ""),
        ("f(", ")"),
        ("'a' + (", ")"),
    ] {
        for depth in [200, 100_000] {
            let text = format!(
                "revision = {}'a'{}\ndown_revision = None\n",
                open.repeat(depth),
                close.repeat(depth)
            );
            let output = script(&text).run(["heads"]);
            assert!(
                matches!(output.code(), Some(0 | 255)),
                "{open} × {depth}: {:?}",
                output.code()
            );
        }
        // In a body nobody looks.
        let body = format!(
            "\n\ndef upgrade():\n    x = {}1{}\n",
            open.repeat(100_000),
            close.repeat(100_000)
        );
        let output = script(VALUES.to_owned() + &body).run(["heads"]);
        assert!(matches!(output.code(), Some(0 | 255)), "{open} in a body: {:?}", output.code());
    }
}

#[test]
fn values_that_would_take_for_ever() {
    for value in [
        "'a' * 10 ** 9",
        "'a' * 10 ** 18",
        "str(10 ** 10 ** 10)",
        "'%1000000000s' % 'a'",
        "''.join('a' for i in range(10 ** 12))",
        "2 ** 2 ** 100",
    ] {
        let output = script(format!("revision = {value}\ndown_revision = None\n")).run(["heads"]);
        assert_eq!(output.code(), Some(255), "{value}");
    }
}

#[test]
fn identifiers_of_odd_letters() {
    for (id, characters) in
        [("a-b", "'-'"), ("a@b", "'@'"), ("a+b", "'+'"), ("a:b", "':'"), ("@:+-", "'+, -, :, @'")]
    {
        let context = script(format!("revision = '{id}'\ndown_revision = None\n"));
        let sentence =
            format!("Character(s) {characters} not allowed in revision identifier '{id}'");
        refused(&context, &["heads"], &[&sentence, "migrations/versions/x.py:1:"]);
    }
    for id in [
        "a b",
        "",
        "\\n",
        "été",
        "..",
        "/etc/passwd",
        "\\u202e",
        "a'b".replace('\'', "\\'").as_str(),
        "%s",
        "{0}",
        "\\x1b[31m",
    ] {
        let output = script(format!("revision = '{id}'\ndown_revision = None\n")).run(["heads"]);
        assert!(matches!(output.code(), Some(0)), "{id}: {output}");
    }
}
