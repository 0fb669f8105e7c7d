//! The ways in which env.py comes to its URL.

use alembic_runtime::env_script::{Setting, UrlAnswer};

use super::project::{HEAD, ONLINE, Project};

const URL: &str = "postgresql://bob:s3@db/app";

fn known(project: &Project) -> String {
    project.online().unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn the_template_reads_the_ini_file() {
    let project = Project::with_lines("").file("alembic.ini", "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql://bob:a%%40b@db/app\n");
    assert_eq!(known(&project), "postgresql://bob:a%40b@db/app");
    let script = project.read();
    assert!(script.reads_configured_url() && script.calls_file_config);
    assert_eq!(project.way(), "migrations/env.py:18 → sqlalchemy.url of [alembic]");
}

#[test]
fn a_lone_percent_sign_in_the_ini_file_is_said_with_the_way_out() {
    let ini =
        "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql://bob:a%40b@db/app\n";
    let said = "cannot be read: '%' must be followed by '%' or '(', found: '***@db/app'; \
                write every `%` of the URL twice: `%40` becomes `%%40`";
    let section = Project::with_lines("").file("alembic.ini", ini);
    let why = section.online().unwrap_err();
    assert!(why.ends_with(&format!("[alembic] {said}")), "{why}");
    let option = Project::with_url("", "config.get_main_option('sqlalchemy.url')");
    let why = option.file("alembic.ini", ini).online().unwrap_err();
    assert!(why.ends_with(&format!("`sqlalchemy.url` of [alembic] {said}")), "{why}");
}

#[test]
fn variables_and_texts() {
    for (lines, expression) in [
        ("", "os.environ['A']"),
        ("", "os.environ.get('A')"),
        ("", "os.getenv('A', 'x://')"),
        ("", "os.getenv('MISSING', os.getenv('A'))"),
        ("", "os.getenv('MISSING') or os.environ['A']"),
        ("", "os.environ['A'] if 'A' in os.environ else 'x://'"),
        ("from os import environ, getenv as g", "environ.get('B', g('A'))"),
        (
            "",
            "f\"postgresql://{os.environ['USER']}:{os.getenv('WORD')}@db/{os.getenv('NAME', 'app')}\"",
        ),
        ("", "'postgresql://%s:%s@db/app' % (os.environ['USER'], os.environ['WORD'])"),
        ("", "'postgresql://{}:{word}@db/app'.format(os.environ['USER'], word=os.environ['WORD'])"),
        ("", "'postgresql://' + os.environ['USER'] + ':s3@db/app'"),
        ("", "os.environ['ASYNC'].replace('+asyncpg', '')"),
        ("", "str(os.environ['A']).strip()"),
        (
            "from sqlalchemy.engine import URL",
            "URL.create('postgresql', username='bob', password='s3', host='db', database='app')",
        ),
        (
            "from sqlalchemy import URL, make_url",
            "make_url(os.environ['ASYNC']).set(drivername='postgresql').render_as_string(hide_password=False)",
        ),
        ("def get_url():\n    return os.getenv('A')\n", "get_url()"),
        ("get_url = lambda: os.getenv('A')", "get_url()"),
        ("url = os.getenv('MISSING')\nif not url:\n    url = os.environ['A']\n", "url"),
        (
            "try:\n    url = os.environ['MISSING']\nexcept KeyError:\n    url = os.environ['A']\n",
            "url",
        ),
        ("from urllib.parse import quote_plus", "f\"postgresql://bob:{quote_plus('s3')}@db/app\""),
        (
            "match os.getenv('ENV', 'dev'):\n    case 'prod':\n        url = 'sqlite://'\n    case 'dev' | 'test':\n        url = os.environ['A']\n",
            "url",
        ),
        (
            "import re",
            "re.sub(r'^postgres(ql)?(\\+\\w+)?://', 'postgresql://', os.environ['ASYNC'])",
        ),
        ("", "'postgresql' + os.environ['ASYNC'][len('postgresql+asyncpg'):]"),
        ("_, _, rest = os.environ['ASYNC'].partition('://')", "f'postgresql://{rest}'"),
        ("", "os.path.expandvars('postgresql://$USER:${WORD}@db/app')"),
        ("from types import SimpleNamespace\nc = SimpleNamespace(url=os.environ['A'])", "c.url"),
        ("from os import *", "environ['A']"),
        (
            "from functools import partial\nget = partial(os.getenv, 'MISSING')",
            "get(default=os.environ['A'])",
        ),
        ("s = {'A': 'sqlite://', 'B': 'sqlite://', **os.environ}", "s['A'] or s['USER']"),
        (
            "from environs import Env\nenv = Env()\nwith env.prefixed('U'):\n    user = env('SER')\nenv.str('A')",
            "f'postgresql://{user}:s3@db/app'",
        ),
        (
            "from starlette.config import Config",
            "Config(env_prefix='US')('ER').replace('bob', 'postgresql://bob:s3@db/app')",
        ),
        ("URLS = {'dev': os.environ['A'], 'prod': 'x://'}", "URLS[os.getenv('ENV', 'dev')]"),
    ] {
        let project = Project::with_url(&format!("{lines}\n"), expression)
            .set("A", URL)
            .set("ASYNC", "postgresql+asyncpg://bob:s3@db/app")
            .set("USER", "bob")
            .set("WORD", "s3");
        assert_eq!(project.online().as_deref(), Ok(URL), "{lines} {expression}");
    }
}

#[test]
fn options_that_are_set_count_before_the_ini_file() {
    for lines in [
        "config.set_main_option('sqlalchemy.url', os.environ['A'])",
        "config.set_main_option('sqlalchemy.url', os.environ['A'].replace('%', '%%'))",
        "config.set_section_option(config.config_ini_section, 'sqlalchemy.url', os.environ['A'])",
        "if os.getenv('A'):\n    config.set_main_option('sqlalchemy.url', os.environ['A'])",
    ] {
        let project = Project::with_lines(&format!("{lines}\n")).set("A", URL);
        assert_eq!(known(&project), URL, "{lines}");
    }
    let project = Project::with_script(&format!(
        "{HEAD}
configuration = config.get_section(config.config_ini_section)
configuration['sqlalchemy.url'] = os.environ['A']
with engine_from_config(configuration, prefix='sqlalchemy.').connect() as c:
    context.configure(connection=c)
"
    ));
    assert_eq!(known(&project.set("A", URL)), URL);
}

#[test]
fn references_of_the_ini_file_are_to_what_env_py_has_set() {
    let ini = "[alembic]\nscript_location = migrations\nDB_NAME = dev\n\
               sqlalchemy.url = postgresql://%(DB_USER)s:%(word)s@db/%(db_name)s\n";
    let lines = "section = config.config_ini_section
config.set_section_option(section, 'DB_USER', 'bob')
config.set_main_option('DB_NAME', os.environ['NAME'])
config.set_main_option('WORD', 's%%3')
";
    let project = Project::with_lines(lines).file("alembic.ini", ini).set("NAME", "app");
    assert_eq!(known(&project), "postgresql://bob:s%3@db/app");
    let option = Project::with_url(lines, "config.get_main_option('sqlalchemy.url')");
    let option = option.file("alembic.ini", ini).set("NAME", "app");
    assert_eq!(known(&option), "postgresql://bob:s%3@db/app");
    let unset = Project::with_lines(lines).file("alembic.ini", ini);
    assert!(unset.online().is_err_and(|why| why.contains("`NAME` is not set")));
    let missing = Project::with_lines("config.set_main_option('DB_USER', 'bob')\n");
    let why = missing.file("alembic.ini", ini).online().unwrap_err();
    assert!(why.ends_with("`sqlalchemy.url` refers to `word`, which is not set"), "{why}");
}

#[test]
fn loops_are_followed_round_by_round() {
    for (lines, url) in [
        (
            "for k in ('MISSING', 'A', 'B'):\n    v = os.getenv(k)\n    if v:\n        url = v\n        break\nelse:\n    url = 'sqlite://'\n",
            URL,
        ),
        (
            "for k in ('MISSING', 'GONE'):\n    if os.getenv(k):\n        break\nelse:\n    url = 'sqlite://'\n",
            "sqlite://",
        ),
        (
            "url = None\nfor k in ('MISSING', 'A'):\n    if not os.getenv(k):\n        continue\n    url = os.getenv(k)\n",
            URL,
        ),
        ("n = 0\nwhile n < 3:\n    n += 1\n    url = f'sqlite:///{n}.db'\n", "sqlite:///3.db"),
        ("while True:\n    url = os.environ['A']\n    break\nelse:\n    url = 'sqlite://'\n", URL),
        ("url = '/'.join([p for p in (os.getenv('X'), os.environ['A']) if p])\n", URL),
        ("url = next(v for v in (os.getenv(k) for k in ('X', 'A')) if v)\n", URL),
        ("url = {k: os.environ[k] for k in ('A', 'B')}['A']\n", URL),
        (
            "[os.environ.__setitem__(k, v) for k, v in (('X', 'sqlite://'),)]\nurl = os.environ['X']\n",
            "sqlite://",
        ),
    ] {
        let project = Project::with_url(lines, "url").set("A", URL).set("B", "sqlite:///b.db");
        assert_eq!(project.online().as_deref(), Ok(url), "{lines}");
    }
}

#[test]
fn an_exception_that_is_known_ends_the_block() {
    for lines in [
        "from contextlib import suppress\nurl = os.environ['A']\nwith suppress(KeyError):\n    url = os.environ['MISSING']\n    url = 'sqlite://'\n",
        "try:\n    url = os.environ['A']\n    int('x')\n    url = 'sqlite://'\nexcept ValueError:\n    pass\n",
        "def outer():\n    url = None\n    def inner():\n        nonlocal url\n        url = os.environ['A']\n    inner()\n    return url\nurl = outer()\n",
    ] {
        let project = Project::with_url(lines, "url").set("A", URL);
        assert_eq!(project.online().as_deref(), Ok(URL), "{lines}");
    }
}

#[test]
fn a_single_percent_sign_is_refused_as_configparser_does() {
    let project = Project::with_lines(
        "config.set_main_option('sqlalchemy.url', 'postgresql://bob:a%40b@db/app')\n",
    );
    assert!(project.online().is_err_and(|why| why.contains("must be written `%%`")));
}

#[test]
fn asynchronous_engines_hand_their_connection_on() {
    let project = Project::with_script(
        "import asyncio, os
from sqlalchemy.ext.asyncio import async_engine_from_config
from alembic import context
config = context.config
config.set_main_option('sqlalchemy.url', os.environ['A'])

def do_run_migrations(connection):
    context.configure(connection=connection, version_table='v')

async def run_async_migrations():
    connectable = async_engine_from_config(config.get_section(config.config_ini_section, {}), prefix='sqlalchemy.')
    async with connectable.connect() as connection:
        await connection.run_sync(do_run_migrations)
    await connectable.dispose()

if context.is_offline_mode():
    context.configure(url=config.get_main_option('sqlalchemy.url'))
else:
    connectable = config.attributes.get('connection', None)
    if connectable is None:
        asyncio.run(run_async_migrations())
    else:
        do_run_migrations(connectable)
",
    )
    .set("A", URL);
    assert_eq!(known(&project), URL);
    assert_eq!(project.read().online.settings.version_table, Setting::Known("v".to_owned()));
    assert_eq!(project.offline().settings.version_table, Setting::Default);
}

#[test]
fn calls_may_stand_in_each_other_deeper_than_the_callers_stack() {
    let calls = |level| format!("def f{level}(url):\n    return [f{}(url)][0]\n", level - 1);
    let functions: Vec<String> = (1..60).map(calls).collect();
    let lines = format!("def f0(url):\n    return url\n{}", functions.concat());
    let project = Project::with_url(&lines, &format!("f59('{URL}')"));
    assert_eq!(known(&project), URL);
}

#[test]
fn names_are_followed_into_the_project() {
    let project = Project::with_url("from app.database import engine_url as url\n", "url")
        .file("app/__init__.py", "")
        .file("app/database.py", "from .config import DATABASE_URL\nengine_url = DATABASE_URL\n")
        .file("app/config.py", "import os\nfrom dotenv import load_dotenv\nload_dotenv()\n\nDATABASE_URL = os.environ['DATABASE_URL']\n")
        .file(".env", "# the database\nDATABASE_URL=postgresql://bob:s3@db/app\n");
    assert_eq!(known(&project), URL);
    assert_eq!(project.way(), "migrations/env.py:11 → app/config.py:5, DATABASE_URL in .env:2");
    let engine = Project::with_script(&format!(
        "{HEAD}
from app.db import engine
with engine.begin() as connection:
    context.configure(connection=connection)
"
    ))
    .file("app/db.py", "from sqlalchemy import create_engine\nengine = create_engine('sqlite:///./app.db', connect_args={'check_same_thread': False})\n");
    assert_eq!(known(&engine), "sqlite:///./app.db");
    assert_eq!(engine.read().online.settings.version_table_schema, Setting::Default);
}

#[test]
fn a_mapped_class_is_followed_where_the_url_comes_from_it() {
    let models = "class Tenant(Base):
    __tablename__ = 'tenants'
    home = 'postgresql://h/tenants'
";
    let project = Project::with_url("from app.models import Tenant\n", "Tenant.home")
        .file("app/models.py", models);
    assert_eq!(known(&project), "postgresql://h/tenants");
}

#[test]
fn x_arguments_are_read_by_name() {
    let lines =
        "x = context.get_x_argument(as_dictionary=True)\nurl = x.get('url') or os.getenv('A')\n";
    let project = Project::with_url(lines, "url")
        .set("A", "postgresql://other/app")
        .x("url=postgresql://bob:s3@db/app");
    assert_eq!(known(&project), URL);
    let names: Vec<_> = project.read().x_names.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["url"]);
}

#[test]
fn arguments_of_configure_are_read() {
    let project = Project::with_script(&format!(
        "{HEAD}
SCHEMA = 'tenant'
options = dict(transaction_per_migration=True, transactional_ddl=False)
with create_engine('sqlite://').connect() as connection:
    context.configure(connection=connection, version_table='versions', version_table_schema=SCHEMA, version_table_pk=False, **options)
"
    ));
    let settings = project.read().online.settings;
    assert_eq!(settings.version_table, Setting::Known("versions".to_owned()));
    assert_eq!(settings.version_table_schema, Setting::Known(Some("tenant".to_owned())));
    assert_eq!(settings.version_table_pk, Setting::Known(false));
    assert_eq!(settings.transaction_per_migration, Setting::Known(true));
    assert_eq!(settings.transactional_ddl, Setting::Known(Some(false)));
}

fn schema_of(start: &str, before: &str, after: &str) -> Setting<Option<String>> {
    let script = format!(
        "{HEAD}
from sqlalchemy import event, text
engine = create_engine('postgresql://db/app')
{start}
with engine.connect() as connection:
    {before}
    context.configure(connection=connection)
    with context.begin_transaction():
        {after}
        context.run_migrations()
"
    );
    let project = Project::with_script(&script).set("A", "tenant");
    project.read().online.settings.version_table_schema
}

#[test]
fn the_schema_may_be_that_of_the_metadata() {
    for (metadata, schema) in [
        ("MetaData(schema='tenant')", Some("tenant".to_owned())),
        ("MetaData()", None),
        ("Base.metadata", Some("tenant".to_owned())),
        ("Plain.metadata", None),
        (
            "declarative_base(metadata=MetaData(schema='tenant')).metadata",
            Some("tenant".to_owned()),
        ),
    ] {
        let project = Project::with_script(&format!(
            "{HEAD}
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, declarative_base
class Base(DeclarativeBase):
    metadata = MetaData(schema='tenant')
class Plain(DeclarativeBase):
    pass
target_metadata = {metadata}
with create_engine('sqlite://').connect() as connection:
    context.configure(connection=connection, version_table_schema=target_metadata.schema)
"
        ));
        let found = project.read().online.settings.version_table_schema;
        assert_eq!(found, Setting::Known(schema), "{metadata}");
    }
}

#[test]
fn a_schema_that_the_connection_sets_is_unknown() {
    for line in [
        "connection.execute(text(f'set search_path to {os.environ[\"A\"]}'))",
        "connection.execute(text('SET ROLE app'))",
        "connection.dialect.default_schema_name = 'x'",
    ] {
        assert!(matches!(schema_of("", line, "pass"), Setting::Unknown(_)), "{line}");
    }
    for line in [
        "context.execute('SET search_path TO x')",
        "context.get_bind().execute(text('set role x'))",
    ] {
        assert!(matches!(schema_of("", "pass", line), Setting::Unknown(_)), "{line}");
    }
    let harmless = "connection.execute(text(\"SET lock_timeout = '4s'\"))";
    assert_eq!(schema_of("", harmless, "context.execute('SELECT 1')"), Setting::Default);
}

#[test]
fn functions_that_are_called_with_a_connection_are_looked_at() {
    let listener = |event: &str, sql: &str| {
        format!(
            "@event.listens_for(engine, '{event}')
def listen(connection, record):
    cursor = connection.cursor()
    cursor.execute({sql})
"
        )
    };
    let set = "f'SET search_path TO {schema}'";
    let called = format!(
        "def listen(connection, _):\n    connection.cursor().execute({set})\nevent.listen(engine, 'connect', listen)\n"
    );
    for start in [listener("connect", set), listener("connect", "'set role x'"), called] {
        assert!(matches!(schema_of(&start, "pass", "pass"), Setting::Unknown(_)), "{start}");
    }
    for start in [listener("connect", "'PRAGMA foreign_keys=ON'"), listener("after_create", set)] {
        assert_eq!(schema_of(&start, "pass", "pass"), Setting::Default, "{start}");
    }
}

#[test]
fn arguments_of_the_driver_may_set_the_schema() {
    let schema = |arguments: &str| {
        let engine =
            format!("engine = create_engine('postgresql://db/app', connect_args={arguments})");
        schema_of(&engine, "pass", "pass")
    };
    let harmless = "{'statement_cache_size': 0, 'server_settings': {'jit': 'off'}}";
    assert_eq!(schema(harmless), Setting::Default);
    for arguments in ["{'server_settings': {'search_path': 'x'}}", "{'options': '-csearch_path=x'}"]
    {
        assert!(matches!(schema(arguments), Setting::Unknown(_)), "{arguments}");
    }
}

#[test]
fn several_databases_are_said_to_be_several() {
    let multidb = "
import re
db_names = config.get_main_option('databases', '')
engines = {}
for name in re.split(r',\\s*', db_names):
    engines[name] = rec = {}
    rec['engine'] = engine_from_config(context.config.get_section(name, {}), prefix='sqlalchemy.')
for name, rec in engines.items():
    rec['connection'] = conn = rec['engine'].connect()
for name, rec in engines.items():
    context.configure(connection=rec['connection'], upgrade_token='%s_upgrades' % name)
";
    let listed = "
for url in ['sqlite:///a.db', 'sqlite:///b.db']:
    with create_engine(url).connect() as connection:
        context.configure(connection=connection)
";
    for script in [multidb, listed] {
        let read = Project::with_script(&format!("{HEAD}{script}")).read();
        assert!(
            matches!(read.online.url, UrlAnswer::Several(_)),
            "{:?}",
            super::project::answer(&read.online.url)
        );
    }
}

#[test]
fn other_readers_of_dotenv_files_are_known() {
    for (lines, expression) in [
        (
            "from dotenv import load_dotenv, find_dotenv\nload_dotenv(find_dotenv())",
            "os.environ['DATABASE_URL']",
        ),
        (
            "from pathlib import Path\nfrom dotenv import load_dotenv\nload_dotenv(Path(__file__).resolve().parent.parent / '.env')",
            "os.environ['DATABASE_URL']",
        ),
        ("from dotenv import dotenv_values", "dotenv_values('.env')['DATABASE_URL']"),
        ("from decouple import config as c", "c('DATABASE_URL')"),
        ("from environs import Env\nenv = Env()\nenv.read_env()", "env('DATABASE_URL')"),
        ("from environs import Env\nenv = Env()\nenv.read_env()", "env.str('DATABASE_URL')"),
        ("from starlette.config import Config\nc = Config('.env')", "c('DATABASE_URL', cast=str)"),
    ] {
        let project = Project::with_url(&format!("{lines}\n"), expression)
            .file(".env", "DATABASE_URL='postgresql://bob:s3@db/app'\n");
        assert_eq!(project.online().as_deref(), Ok(URL), "{lines}");
    }
}

#[test]
fn flask_is_only_known_when_it_runs() {
    let lines = "from flask import current_app
def get_engine():
    try:
        return current_app.extensions['migrate'].db.get_engine()
    except (TypeError, AttributeError):
        return current_app.extensions['migrate'].db.engine
config.set_main_option('sqlalchemy.url', str(get_engine().url).replace('%', '%%'))
";
    let why = Project::with_lines(lines).online().expect_err("not known");
    assert_eq!(why, "migrations/env.py:8: the Flask application is only known when it runs");
}

#[test]
fn an_env_script_that_never_connects_says_nothing_online() {
    let read =
        Project::with_script(&format!("{HEAD}\ncontext.configure(url='sqlite://')\n")).read();
    assert!(matches!(read.online.url, UrlAnswer::Unknown(_)));
    assert!(matches!(
        read.offline.as_ref().map(|offline| &offline.url),
        Some(UrlAnswer::Known { .. })
    ));
    assert!(ONLINE.contains("get_main_option"));
}

#[test]
fn the_files_that_were_read_are_named() {
    let project = Project::with_script(
        "from alembic import context\nfrom app.settings import URL\nimport app.unused\ncontext.configure(url=URL)\n",
    );
    let project = project
        .file("app/__init__.py", "")
        .file("app/settings.py", "from app.parts import URL\n")
        .file("app/parts.py", "URL = 'sqlite:///x.db'\n")
        .file("app/unused.py", "")
        .file("app/other.py", "");
    let read = project.read().modules;
    let names = [
        "app/__init__.py",
        "app/parts.py",
        "app/settings.py",
        "app/unused.py",
        "migrations/env.py",
    ];
    assert_eq!(read.len(), names.len(), "{read:?}");
    assert!(read.iter().zip(names).all(|(path, name)| path.ends_with(name)), "{read:?}");
}
