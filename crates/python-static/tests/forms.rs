//! Forms that people write, with what Python 3.11 made of them (`forms.txt`): statements, then `=> name = repr`.

use std::path::Path;

use python_static::{Answer, Environment, Module, Project, SourceFile, Value, read_module};

const NAMES: &[&str] = &["revision", "down_revision", "branch_labels", "depends_on", "__doc__"];

fn read(text: &str, project: &Project) -> Module<'static> {
    let environment =
        Environment { file: Path::new("/project/versions/0042_add_users.py"), project };
    read_module(&SourceFile::new("0042_add_users.py", text), NAMES, &environment)
        .expect("real Python")
}

/// What Python's `repr` prints; sets sorted.
fn repr(value: &Value) -> String {
    let list = |items: &[Value]| items.iter().map(repr).collect::<Vec<_>>().join(", ");
    match value {
        Value::None => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Str(text) => text_repr(text),
        Value::Bytes(bytes) => format!("b{}", text_repr(&String::from_utf8_lossy(bytes))),
        Value::Tuple(items) if items.len() == 1 => format!("({},)", list(items)),
        Value::Tuple(items) => format!("({})", list(items)),
        Value::List(items) => format!("[{}]", list(items)),
        Value::Set(items) | Value::FrozenSet(items) => {
            let mut items: Vec<String> = items.iter().map(repr).collect();
            items.sort();
            format!("{{{}}}", items.join(", "))
        }
        Value::Dict(items) => {
            let pairs = items.iter().map(|(key, value)| format!("{}: {}", repr(key), repr(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::Other(what) => format!("<{what}>"),
    }
}

fn text_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut repr = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => repr.push_str("\\n"),
            '\t' => repr.push_str("\\t"),
            '\0' => repr.push_str("\\x00"),
            '\\' => repr.push_str("\\\\"),
            c if c == quote => repr.extend(['\\', c]),
            c => repr.push(c),
        }
    }
    repr.push(quote);
    repr
}

fn shown(module: &Module, name: &str) -> Option<String> {
    Some(match &module.binding(name)?.answer {
        Answer::Known(value) => repr(value),
        Answer::Unknown(unknown) => format!("unknown: {}", unknown.reason),
        Answer::Refused(refused) => format!("refused: {}", refused.reason),
    })
}

#[test]
fn forms_have_the_values_that_python_gives_them() {
    let project = Project::new([]);
    let mut wrong = Vec::new();
    for form in include_str!("forms.txt").split("\n---\n") {
        let (code, expected): (Vec<&str>, Vec<&str>) =
            form.lines().partition(|line| !line.starts_with("=> "));
        let module = read(&format!("{}\n", code.join("\n")), &project);
        let found: Vec<String> = NAMES
            .iter()
            .filter_map(|name| Some(format!("=> {name} = {}", shown(&module, name)?)))
            .collect();
        if found != expected {
            wrong.push(format!(
                "{}\n{}\nwant\n{}",
                code.join("\n"),
                found.join("\n"),
                expected.join("\n")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn what_depends_on_running_says_so() {
    let project = Project::new([]);
    let cases = [
        (
            "import os\nrevision = os.environ['R']",
            "unknown: `os.environ` is only known when the program runs",
        ),
        (
            "import uuid\nrevision = uuid.uuid4().hex",
            "unknown: `uuid` is only known when the program runs",
        ),
        (
            "from datetime import datetime\nrevision = datetime.now().isoformat()",
            "unknown: `datetime.datetime` is only known when the program runs",
        ),
        ("from ours import R\nrevision = R", "unknown: `ours.R` is not in the project"),
        ("import a.b as c\nrevision = (c.X,)", "unknown: `a.b` is not in the project"),
        (
            "import os\nrevision = 'a'\nif os.getenv('X'):\n    revision = 'b'",
            "unknown: `os.getenv` is only known when the program runs",
        ),
        ("revision = undefined", "unknown: `undefined` is only known when the program runs"),
        ("revision = {}['k']", "unknown: the script raises `KeyError`: 'k'"),
        (
            "revision = ['a']\nshuffle(revision)",
            "unknown: `shuffle` is only known when the program runs",
        ),
        (
            "revision = 'a'\nexec('revision = 1')",
            "unknown: what `exec` does is only known when the program runs",
        ),
        ("revision = 'a' if x else 'b'", "unknown: `x` is only known when the program runs"),
        ("for revision in x:\n    pass", "unknown: `x` is only known when the program runs"),
        (
            "revision = '_'.join({'a', 'b'})",
            "unknown: the order of a set is only known when the program runs",
        ),
        ("revision = open('x').read()", "unknown: `open()` is only known when the program runs"),
        ("async def f(): pass\nrevision = f()", "unknown: asynchronous code is not followed"),
        (
            "import sys\nrevision = 'a' if sys.version_info >= (3, 12) else 'b'",
            "unknown: the version of Python is only known when the program runs",
        ),
        ("revision = '\\ud800' + 'a'", "unknown: the string holds a character that is none"),
    ];
    for (text, reason) in cases {
        assert_eq!(shown(&read(text, &project), "revision").as_deref(), Some(reason), "{text}");
    }
}

#[test]
fn forks_that_agree_stay_known() {
    let project = Project::new([]);
    let cases = [
        "import os\nif os.getenv('X'):\n    revision = 'a'\nelse:\n    revision = 'a'",
        "try:\n    import fast\n    revision = 'a'\nexcept ImportError:\n    revision = 'a'",
        "try:\n    import fast\nexcept ImportError:\n    fast = None\nrevision = 'a'",
        "from contextlib import suppress\nwith suppress(ImportError):\n    import fast\nrevision = 'a'",
        "import os\nif not os.getenv('X'):\n    raise SystemExit\nrevision = 'a'",
        "import os\ndef f():\n    if os.getenv('X'):\n        return 'a'\n    return 'a'\nrevision = f()",
        "import os\nrevision = 'a' if os.getenv('X') else 'a'",
        "import os\nDEPS = []\nif os.getenv('X'):\n    OTHER = DEPS\nDEPS.append('a')\nrevision = DEPS[0]",
        "import os\nfor x in os.listdir('.'):\n    y = x\nrevision = 'a'",
        "with open('x') as f:\n    revision = 'a'",
        "import logging\nlogging.getLogger(__name__).info('x')\nrevision = 'a'",
        "from x import *\nrevision = 'a'\nfrom y import *",
    ];
    for text in cases {
        assert_eq!(shown(&read(text, &project), "revision").as_deref(), Some("'a'"), "{text}");
    }
}

#[test]
fn newer_syntax_spoils_only_what_it_mentions() {
    let project = Project::new([]);
    let text =
        "revision = 'a'\ntry:\n    down_revision = 'b'\nexcept A, B:\n    pass\nx = f'{d['k']}'\n";
    let module = read(text, &project);
    assert_eq!(shown(&module, "revision").as_deref(), Some("'a'"));
    assert!(matches!(module.binding("down_revision").expect("bound").answer, Answer::Refused(_)));
}

#[test]
fn ranges_point_at_the_statement_and_the_value() {
    let project = Project::new([]);
    let text = "import os\r\nif True:\r\n    revision = (  # c\r\n  'a' + 'b')\r\ndown_revision: str = os.sep.x\r\n";
    let module = read(text, &project);
    let binding = module.binding("revision").expect("bound");
    assert_eq!(&text[binding.value.clone()], "'a' + 'b'");
    assert!(text[binding.statement.clone()].starts_with("if True"));
    let Answer::Unknown(unknown) = &module.binding("down_revision").expect("bound").answer else {
        panic!("known");
    };
    assert_eq!(&text[unknown.range.clone()], "os.sep.x");
}

#[test]
fn modules_of_the_project_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs_err::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs_err::write(path, text).expect("written");
    };
    write("app/__init__.py", "from .consts import *\nVERSION = '1.2'\n");
    write(
        "app/consts.py",
        "import os\nfrom enum import Enum\nimport sqlalchemy as sa\n__all__ = ['EXPAND', 'Branch']\n\
         EXPAND = 'expand'\nCONTRACT = 'contract'\nSECRET = os.environ.get('X', 'y')\n\
         class Branch(str, Enum):\n    A = 'branch_a'\nclass Cfg:\n    deps = ['d1']\n\
         def make(prefix, n=1):\n    return f'{prefix}_{n:03d}_{EXPAND}'\n",
    );
    write("app/sub/one.py", "from .two import TWO\nONE = 'one'\ndef one(): return TWO\n");
    write("app/sub/two.py", "import app.sub.one as o\nTWO = 'two'\ndef via(): return o.ONE\n");
    let project = Project::new([folder.path().to_owned()]);
    let cases = [
        ("from app.consts import EXPAND as e\nrevision = e", "'expand'"),
        ("import app.consts as cli\nrevision = (cli.CONTRACT,)", "('contract',)"),
        ("import app.consts\nrevision = app.consts.EXPAND + app.VERSION", "'expand1.2'"),
        ("from app import consts\nrevision = consts.make('r', 7)", "'r_007_expand'"),
        ("from app import *\nrevision = EXPAND", "'expand'"),
        (
            "from app.consts import *\nrevision = CONTRACT",
            "unknown: `CONTRACT` is only known when the program runs",
        ),
        ("from app.consts import Branch\nrevision = Branch.A.value", "'branch_a'"),
        ("from app.consts import Cfg\nrevision = Cfg.deps + ['x']", "['d1', 'x']"),
        ("from app.sub import one, two\nrevision = one.one() + two.via()", "'twoone'"),
        (
            "from app.consts import SECRET\nrevision = SECRET",
            "unknown: `os.environ` is only known when the program runs",
        ),
        ("from . import x\nrevision = 'a'", "'a'"),
    ];
    // Twice: the second time from what is remembered.
    for (text, wanted) in cases.iter().chain(&cases) {
        assert_eq!(shown(&read(text, &project), "revision").as_deref(), Some(*wanted), "{text}");
    }
}
