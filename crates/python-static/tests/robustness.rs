//! No text makes the reader panic, overflow the stack or take more than bounded time.

use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use python_static::statements::{StatementKind, cut};
use python_static::{Answer, Environment, Module, Project, SourceFile, SyntaxError, read_module};

const NAMES: &[&str] = &["revision", "down_revision", "__doc__"];

fn read(text: &str) -> Result<Module<'static>, SyntaxError> {
    let project = Project::new([]);
    let environment =
        Environment { file: Path::new("/project/versions/a_script.py"), project: &project };
    read_module(&SourceFile::new("a_script.py", text), NAMES, &environment)
}

fn answer(text: &str, name: &str) -> Option<Answer> {
    let module = read(text).expect("no syntax error");
    module.binding(name).map(|binding| binding.answer.clone())
}

/// Reads a large text; generous, since test machines are slow and debug builds too.
fn read_in_time(text: &str) -> Result<Module<'static>, SyntaxError> {
    let start = Instant::now();
    let result = read(text);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    result
}

#[test]
fn deep_brackets_are_a_syntax_error_as_in_python() {
    for open in ["(", "[", "{", "f("] {
        let text = format!("revision = {}", open.repeat(100_000));
        assert!(read_in_time(&text).is_err());
    }
}

#[test]
fn deep_expressions_are_refused() {
    for (before, piece, behind) in [
        ("", "-", "1"),
        ("", "not ", "1"),
        ("", "1 + ", "1"),
        ("x", ".a", ""),
        ("x", "(1)", ""),
        ("", "lambda: ", "1"),
        ("", "1 if 2 else ", "3"),
        ("", "~", "revision"),
        ("'a'", " + f'{-1}'", ""),
    ] {
        let text = format!("revision = {before}{}{behind}\n", piece.repeat(100_000));
        let module = read_in_time(&text).expect("Python's own limit is not known");
        let binding = module.binding("revision").expect("bound");
        assert!(matches!(binding.answer, Answer::Refused(_)), "{piece}: {:?}", binding.answer);
    }
}

#[test]
fn expressions_at_the_limit_do_not_overflow_the_stack() {
    for depth in [20, 60, 90, 110, 119] {
        for (before, piece, behind) in
            [("", "-", "1"), ("", "1 + ", "1"), ("x", "(1)", ""), ("", "lambda: ", "1")]
        {
            drop(read(&format!("revision = {before}{}{behind}\n", piece.repeat(depth))));
        }
        drop(read(&format!("revision = {}1{}\n", "(".repeat(depth), ",)".repeat(depth))));
        drop(read(&format!(
            "revision = {}1{}\n",
            "[x for x in [".repeat(depth),
            "]]".repeat(depth)
        )));
    }
    let mut nested = String::new();
    for depth in 0..98 {
        nested.push_str(&" ".repeat(depth));
        nested.push_str("if unknown():\n");
    }
    nested.push_str(&" ".repeat(98));
    nested.push_str("revision = 'a'\n");
    drop(read(&nested));
}

#[test]
fn recursion_and_loops_end() {
    for text in [
        "def f(n):\n    return f(n + 1)\nrevision = f(0)\n",
        "def f(n):\n    return [f(x) for x in (n, n)]\nrevision = f(0)\n",
        "revision = 'a'\nwhile True:\n    revision = revision + 'a'\n",
        "revision = 'a'\nwhile True:\n    revision += revision\n",
        "x = []\nfor i in range(10 ** 30):\n    x.append(i)\nrevision = x\n",
        "x = [1]\nfor i in x:\n    x.append(x)\nrevision = x\n",
        "x = []\nx.append(x)\nrevision = x\n",
        "revision = 'x' * 10 ** 12\n",
        "revision = 2 ** 2 ** 100\n",
        "revision = '%999999999d' % 1\n",
        "revision = f'{1:999999999}'\n",
        "revision = [[[0] * 1000] * 1000] * 1000\n",
        "class A:\n    @property\n    def x(self):\n        return self.x\nrevision = A().x\n",
        "revision = (lambda f: f(f))(lambda f: f(f))\n",
        "t = ()\nfor i in range(10000):\n    t = (t,)\nrevision = t\n",
        "f = None\nfor i in range(10000):\n    f = lambda x=f: x\nrevision = f\n",
        "t = ()\nfor i in range(10000):\n    t = frozenset([t])\nrevision = t\n",
        "x = []\ny = [x]\nx.append(y)\nrevision = str(x == y) if x == y else ''\n",
        "x = []\nx.append(x)\nrevision = sorted([x, x])\n",
        "x = str\nfor i in range(10000):\n    x = x.join\nrevision = x\n",
        "x = []\nwhile True:\n    x.append('a' * 10 ** 6)\nrevision = x\n",
        "revision = ('a' * 10 ** 6).replace('a', 'b' * 10 ** 6)\n",
        "revision = ('{0}' * 10 ** 5).format('a' * 10 ** 5)\n",
        "x = {}\nfor i in range(10 ** 5):\n    x[i] = x\nrevision = x\n",
        "def g():\n    while True:\n        yield 1\nrevision = next(g())\n",
    ] {
        let module = read_in_time(text).expect("no syntax error");
        let binding = module.binding("revision").expect("bound");
        let fine = !matches!(&binding.answer, Answer::Known(value) if value.as_str().is_some());
        assert!(fine, "{text}");
    }
}

#[test]
fn many_unknown_conditions_stay_cheap() {
    let conditions = "if os.environ.get('X'):
    x = revision
"
    .repeat(500);
    let text = format!(
        "import os
revision = 'a'
{conditions}"
    );
    drop(read_in_time(&text));
    let nested = "x = 1 if os.environ else (2 if os.environ else 3)\n".repeat(500);
    drop(read_in_time(&format!("import os\nrevision = 'a'\n{nested}revision = x\n")));
}

#[test]
fn a_large_file_is_read_in_linear_time() {
    let body = "    op.execute(\"insert into t values (1, 'a')\")  # comment\n".repeat(100_000);
    let text =
        format!("'''doc'''\nrevision = 'a'\ndown_revision = None\n\n\ndef upgrade():\n{body}");
    assert!(text.len() > 5_000_000);
    let module = read_in_time(&text).expect("no syntax error");
    assert!(module.binding("revision").expect("bound").answer.known().is_some());
    for piece in
        ["(", "'", "\"\"\"", "f'{", "\\\n", "[", "\n#", "if x:\n", "é", ":", "@", "x = 'a'; "]
    {
        drop(read_in_time(&piece.repeat(400_000 / piece.len())));
    }
}

#[test]
fn a_huge_value_is_refused() {
    let text = format!("revision = ('a', -1, '{}')\n", "x".repeat(3_000_000));
    assert!(matches!(answer(&text, "revision"), Some(Answer::Refused(_))));
}

#[test]
fn modules_that_import_each_other_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| fs_err::write(folder.path().join(name), text).expect("written");
    write("a.py", "from b import *\nfrom b import X as Y\nX = Y\n");
    write("b.py", "from a import *\nfrom a import X\n");
    write("c.py", "from c import Z\n");
    let project = Project::new([folder.path().to_owned()]);
    let source =
        SourceFile::new("s.py", "from a import X\nimport c\nrevision = X\ndown_revision = c.Z\n");
    let environment = Environment { file: Path::new("s.py"), project: &project };
    let module = read_module(&source, NAMES, &environment).expect("no syntax error");
    assert!(matches!(module.binding("revision").expect("bound").answer, Answer::Unknown(_)));
    assert!(matches!(module.binding("down_revision").expect("bound").answer, Answer::Unknown(_)));
}

/// Pieces of Python, put together at random.
fn pieces() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "revision",
        "down_revision",
        "x",
        "y",
        " = ",
        "=",
        "'a'",
        "\"b\"",
        "'''c\nd'''",
        "f'{x}'",
        "f\"{x!r:>{y}}\"",
        "f'{",
        "}'",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ";",
        "\n",
        "\n    ",
        "\n\t",
        "if ",
        "else",
        "elif ",
        "for ",
        " in ",
        "def ",
        "class ",
        "return ",
        "lambda ",
        "try:",
        "except ",
        "import ",
        "from ",
        " as ",
        "*",
        "**",
        "@",
        ".",
        "not ",
        " is ",
        " and ",
        "None",
        "1",
        "0x",
        "1e5",
        "10 ** 9",
        "# c\n",
        "\\\n",
        "\r\n",
        "\r",
        "é",
        "–",
        "%s",
        " % ",
        "globals()",
        ".update(",
        "str(",
        "range(9)",
        ".join(",
        "match x:\n case ",
        "while ",
        "with ",
        "global ",
        "yield ",
        "pass",
        "break",
        ":=",
        "->",
        "...",
        "async ",
        "await ",
        "\x0c",
        "\u{feff}",
        "$",
        "'",
        "\"",
        "\"\"\"",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|pieces| pieces.concat())
}

/// Whole statements, each with what the cut must say of it.
fn statement() -> impl Strategy<Value = (&'static str, StatementKind)> {
    use StatementKind::{Compound, Definition, Import, Simple};
    prop::sample::select(vec![
        ("import a, b as c", Import),
        ("from .a import (\n    b,  # why\n    c\n)", Import),
        ("revision = 'a'", Simple),
        ("x = \"\"\"a\n'b\n\"\"\" 'c'", Simple),
        ("x: dict[str, int] = {\n'a': 1,\n}", Simple),
        ("x = a \\\n    + b", Simple),
        ("f(r'\\\\', f'{x[\"a\"]:>{w}}', '#')", Simple),
        ("x = [\n# ]\n']'\n]", Simple),
        ("if a:\n    pass\n# c\nelif b: x = ':'\nelse:\n\n    y = '''\nq'''", Compound),
        ("for x in y: pass", Compound),
        ("try:\n  import a\nexcept (A, B) as e:\n  pass\nfinally:\n  pass", Compound),
        ("with a as b:\n\tx = (\n1)", Compound),
        ("match x:\n    case 1: pass\n    case _:\n        pass", Compound),
        ("while 1:\n    break\nelse:\n    pass", Compound),
        ("def f(a, *, b='):', **c) -> 'x':\n    '''doc\nmore'''\n\n    return {\n}", Definition),
        ("@a.b(\n1)\n\n# c\n@d\nasync def f(): return 1", Definition),
        ("class A(B, metaclass=C):\n    x = 1\n\n    def f(self):\n        pass", Definition),
        ("def f[T](x: T): ...", Definition),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_panics(text in pieces()) {
        drop(read(&text));
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(file) = SourceFile::decode("a.py", bytes) {
            drop(read(file.text()));
        }
    }

    #[test]
    fn no_characters_panic(text in "\\PC{0,80}") {
        drop(read(&format!("revision = {text}")));
        drop(read(&format!("x = 1\n{text}\nrevision = x")));
    }

    #[test]
    fn statements_lie_in_order(text in pieces()) {
        if let Ok(statements) = cut(&text) {
            let mut end = 0;
            for statement in statements {
                prop_assert!(statement.range.start >= end && statement.range.end > statement.range.start);
                prop_assert!(text.get(statement.range.clone()).is_some());
                end = statement.range.end;
            }
        }
    }

    #[test]
    fn the_cut_gives_the_pieces_back(
        pieces in prop::collection::vec((statement(), prop::sample::select(vec!["\n", "\n\n\n", "  # c\n", "\n# x'y\n", "\n  \n"])), 0..20),
        newline in prop::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let text: String = pieces.iter().flat_map(|((code, _), gap)| [*code, *gap]).collect();
        let text = text.replace('\n', newline);
        let found: Vec<_> = cut(&text).expect("real Python").into_iter().map(|statement| {
            (text[statement.range].replace(newline, "\n"), statement.kind)
        }).collect();
        let wanted: Vec<_> = pieces.iter().map(|((code, kind), _)| ((*code).to_owned(), *kind)).collect();
        prop_assert_eq!(found, wanted);
    }
}
