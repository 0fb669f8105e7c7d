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
        "match os.environ:\n    case {'A': url}:\n        pass\n    case _:\n        url = 'sqlite:///b.db'\n",
        "settings = {**os.environ}\nos.environ['A'] = 'sqlite:///a.db'\nurl = settings['A']\n",
        "url = f\"postgresql://{os.getenv('USER')}@db/app\"\n",
        "from sqlalchemy import make_url\nurl = str(make_url('postgresql://bob:s3@db/app'))\n",
        "url = open('url.txt').read()\n",
        "import unknown_library\nurl = 'sqlite:///a.db'\nfor x in (1, 2):\n    if unknown_library.flag():\n        break\n    url = 'sqlite:///b.db'\n",
        "import unknown_library\nfor x in unknown_library.all():\n    url = 'sqlite:///a.db'\n    break\nelse:\n    url = 'sqlite:///b.db'\n",
        "import unknown_library\ndef f():\n    for x in (1, 2):\n        if unknown_library.flag():\n            break\n        return 'sqlite:///a.db'\n    return 'sqlite:///b.db'\nurl = f()\n",
        "try:\n    import unknown_library\n    url = 'sqlite:///a.db'\nexcept ImportError:\n    url = 'sqlite:///b.db'\n",
        "import socket\nurl = 'sqlite:///a.db'\ntry:\n    socket.create_connection(('db', 5432))\n    url = 'sqlite:///b.db'\nexcept OSError:\n    pass\n",
        "def f():\n    try:\n        import unknown_library\n        return 'sqlite:///a.db'\n    except ImportError:\n        return 'sqlite:///b.db'\nurl = f()\n",
        "import unknown_library\nclass C:\n    url = 'sqlite:///a.db'\nfor k, v in unknown_library.all():\n    setattr(C, k, v)\nurl = C.url\n",
        "class C:\n    url = 'sqlite:///a.db'\n    def __init__(self, **k):\n        self.__dict__.update(k)\nurl = C(url='sqlite:///b.db').url\n",
        "class C:\n    url = 'sqlite:///a.db'\n    def __new__(cls):\n        return object()\nurl = C().url\n",
        "import unknown_library\nclass C(metaclass=unknown_library.Meta):\n    url = 'sqlite:///a.db'\nurl = C().url\n",
        "import unknown_library\nclass C(metaclass=unknown_library.Meta):\n    url = 'sqlite:///a.db'\nurl = C.url\n",
        "os.getenv = lambda name: 'sqlite:///b.db' + open('x').read()\nurl = os.getenv('A') or 'sqlite:///a.db'\n",
        "import unknown_library\n@unknown_library.fill\nclass C:\n    url = 'sqlite:///a.db'\nurl = C.url\n",
        "class C:\n    url = 'sqlite:///a.db'\n    def __getattribute__(self, name):\n        return 'sqlite:///b.db'\nurl = C().url\n",
        "class C:\n    url = 'sqlite:///a.db'\nc = C()\nvars(c).update(url='sqlite:///b.db')\nurl = c.url\n",
        "url = 'sqlite:///a.db'\nexec('url = \"sqlite:///b.db\"')\n",
        "url = 'sqlite:///a.db'\nglobals().update(url='sqlite:///b.db')\n",
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
fn a_handler_that_ends_the_program_leaves_the_block_certain() {
    let lines = "import socket\ntry:\n    socket.create_connection(('db', 5432))\n    url = 'sqlite:///a.db'\nexcept OSError as error:\n    raise RuntimeError('no database') from error\n";
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
fn an_environment_that_is_changed_unseen_is_unknown() {
    for lines in [
        "for line in open('.env'):\n    k, v = line.split('=')\n    os.environ[k.strip()] = v.strip()\n",
        "import json\nos.environ.update(json.load(open('e.json')))\n",
        "import json\nos.environ |= json.load(open('e.json'))\n",
        "os.environ.clear()\n",
        "from contextlib import contextmanager\n@contextmanager\ndef other():\n    os.environ['A'] = 'sqlite://'\n    yield\nwith other():\n    pass\n",
    ] {
        let project = Project::with_url(lines, "os.environ['A']").set("A", "postgresql://db/app");
        assert!(project.online().is_err(), "{lines}: {:?}", project.online());
    }
    let lines = "os.environ |= {'A': 'sqlite:///a.db'}\n";
    let project = Project::with_url(lines, "os.environ['A']").set("A", "postgresql://db/app");
    assert_eq!(project.online().as_deref(), Ok("sqlite:///a.db"));
}

#[test]
fn options_that_are_changed_otherwise_are_unknown() {
    for lines in [
        "config.file_config['alembic']['sqlalchemy.url'] = 'sqlite:///b.db'\n",
        "config.file_config.remove_option('alembic', 'sqlalchemy.url')\n",
        "config.remove_main_option('sqlalchemy.url')\n",
        "config.config_ini_section = 'prod'\n",
    ] {
        let project = Project::with_lines(lines);
        assert!(project.online().is_err(), "{lines}: {:?}", project.online());
    }
    let set = "config.file_config.set('alembic', 'sqlalchemy.url', 'sqlite:///b.db')\n";
    assert_eq!(Project::with_lines(set).online().as_deref(), Ok("sqlite:///b.db"));
}

#[test]
fn an_event_may_connect_to_something_else() {
    let lines = "from sqlalchemy import event
from sqlalchemy.engine import Engine
@event.listens_for(Engine, 'do_connect')
def connect(dialect, record, arguments, parameters):
    parameters['database'] = 'other'
";
    let project = Project::with_url(lines, "'postgresql://db/app'");
    assert!(project.online().is_err_and(|why| why.contains("may connect to something else")));
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
