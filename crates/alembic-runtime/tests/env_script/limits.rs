//! What cannot be known is never guessed, and no text makes reading hang or fail.

use std::time::{Duration, Instant};

use super::project::{HEAD, Project};

#[test]
fn an_unknown_condition_makes_unknown_what_it_may_change() {
    for lines in [
        "import unknown_library\nurl = 'sqlite:///a.db'\nif unknown_library.flag():\n    url = 'sqlite:///b.db'\n",
        "import unknown_library\ndef choose():\n    if unknown_library.flag():\n        return 'sqlite:///a.db'\n    return 'sqlite:///b.db'\nurl = choose()\n",
        "import unknown_library\nurl = 'sqlite:///a.db' if unknown_library.flag() else 'sqlite:///b.db'\n",
        "import unknown_library\nurl = unknown_library.url or 'sqlite:///b.db'\n",
        "import unknown_library\nurl = 'sqlite:///a.db'\nfor x in unknown_library.all():\n    url = x\n",
        "import unknown_library\ntry:\n    url = unknown_library.url()\nexcept Exception:\n    url = 'sqlite:///b.db'\n",
        "import unknown_library\nd = {'url': 'sqlite:///a.db'}\nunknown_library.fill(d)\nurl = d['url']\n",
        "import unknown_library\nos.environ['X'] = 'sqlite:///a.db'\nunknown_library.fill(os.environ)\nurl = os.environ.get('Y', 'sqlite:///b.db')\n",
        "import unknown_library\ndef f():\n    global url\n    url = 'sqlite:///b.db'\nurl = 'sqlite:///a.db'\nif unknown_library.flag():\n    f()\n",
        "import unknown_library\nclass C: pass\nc = C()\nc.url = 'sqlite:///a.db'\nif unknown_library.flag():\n    c.url = 'sqlite:///b.db'\nurl = c.url\n",
        "import unknown_library\n@unknown_library.decorate\ndef f():\n    return 'sqlite:///a.db'\nurl = f()\n",
        "match os.getenv('A'):\n    case None:\n        url = 'sqlite:///a.db'\n    case _:\n        url = 'sqlite:///b.db'\n",
        "url = f\"postgresql://{os.getenv('USER')}@db/app\"\n",
        "from sqlalchemy import make_url\nurl = str(make_url('postgresql://bob:s3@db/app'))\n",
        "url = open('url.txt').read()\n",
    ] {
        let project = Project::with_url(lines, "url");
        assert!(project.online().is_err(), "{lines}: {:?}", project.online());
    }
}

#[test]
fn the_same_value_on_both_ways_is_known() {
    let lines = "import unknown_library\nif unknown_library.flag():\n    url = 'sqlite:///a.db'\nurl = 'sqlite:///a.db'\nif unknown_library.flag():\n    url = 'sqlite:///a.db'\n";
    assert_eq!(Project::with_url(lines, "url").online().as_deref(), Ok("sqlite:///a.db"));
}

#[test]
fn a_configuration_that_others_may_change_is_unknown() {
    let lines = "import unknown_library\nunknown_library.prepare(config)\n";
    let project = Project::with_lines(lines).file(
        "alembic.ini",
        "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///a.db\n",
    );
    assert!(project.online().is_err());
}

#[test]
fn connections_that_the_url_does_not_make_are_unknown() {
    for arguments in ["creator=connect", "connect_args={'host': 'other'}"] {
        let script = format!(
            "{HEAD}
def connect():
    pass
with create_engine('postgresql://db/app', {arguments}).connect() as connection:
    context.configure(connection=connection)
"
        );
        assert!(Project::with_script(&script).online().is_err(), "{arguments}");
    }
}

#[test]
fn an_exception_ends_the_script() {
    let lines = "if not os.getenv('A'):\n    raise RuntimeError('A is not set')\n";
    let why = Project::with_lines(lines).online().expect_err("raised");
    assert_eq!(why, "migrations/env.py:9: the program raises `RuntimeError` here");
}

#[test]
fn nothing_hangs_or_overflows() {
    let deep = format!("url = {}'x'{}\n", "f(".repeat(60), ")".repeat(60));
    let start = Instant::now();
    for lines in [
        "def f():\n    return f()\nurl = f()\n",
        "while True:\n    url = 'sqlite://'\n",
        "url = 'x'\nfor a in ['y'] * 10:\n    url = url + url\n",
        "import app.a\nurl = app.a.url\n",
        "class A(A): pass\nurl = A().url\n",
        "def f(n):\n    f(n)\n    f(n)\nurl = f(1)\n",
        "d = {}\nd['d'] = d\nurl = d\n",
        "url = (\n",
        deep.as_str(),
    ] {
        let project = Project::with_url(lines, "url")
            .file("app/a.py", "import app.b\nurl = app.b.url\n")
            .file("app/b.py", "import app.a\nurl = app.a.url\n");
        assert!(project.online().is_err(), "{lines}");
    }
    assert!(start.elapsed() < Duration::from_mins(2), "{:?}", start.elapsed());
}
