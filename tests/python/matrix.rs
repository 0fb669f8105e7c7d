//! Real Alembic of several ages: found, started, and its answer passed on.

use std::{ffi::OsString, path::Path, time::Duration};

use alembic_runtime::python::{
    AlembicCommand, CommandLine, Ended, Inputs, Line, Operation, Python, Reason, RunOptions,
    Stream, Streams, command_line, discover, run,
};
use alembic_testing::{Project, Venv};
use tokio::sync::mpsc;

const DRIVERS: [&str; 5] = ["psycopg2", "psycopg", "asyncpg", "aiosqlite", "pymysql"];

const ENV: &str = "\
from alembic import context
from sqlalchemy import create_engine
with create_engine('sqlite:///shop.db').connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
";

fn project(env: &str) -> Project {
    let project = Project::from_letters("a <- b");
    fs_err::write(project.root().join("migrations/env.py"), env).unwrap();
    project
}

fn python(venv: &Venv, folder: &Path) -> Python {
    let lookup = |_: &str| None::<OsString>;
    let inputs = Inputs {
        python: Some(venv.root().into()),
        configured: None,
        folder: folder.to_owned(),
        cwd: folder.to_owned(),
        lookup: &lookup,
    };
    discover(&inputs).into_python().unwrap()
}

fn upgrade(venv: &Venv, project: &Project) -> CommandLine {
    let mut command = AlembicCommand::new(Operation::Upgrade, "head");
    command.config_files = vec!["alembic.ini".into()];
    let python = python(venv, project.root());
    command_line(&python, &command, project.root()).unwrap()
}

async fn piped(
    command: &CommandLine,
    folder: &Path,
    cancel: impl Future<Output = ()>,
) -> (Ended, Vec<Line>) {
    let (sender, mut receiver) = mpsc::channel(64);
    let mut options = RunOptions::new(Streams::Piped(sender));
    options.current_dir = Some(folder.to_owned());
    options.grace = Duration::from_secs(5);
    let mut lines = Vec::new();
    let collect = async {
        while let Some(line) = receiver.recv().await {
            lines.push(line);
        }
    };
    let (ended, ()) = tokio::join!(run(command, options, cancel), collect);
    (ended.unwrap(), lines)
}

fn text(lines: &[Line], stream: Stream) -> String {
    let of_stream = lines.iter().filter(|line| line.stream == stream);
    of_stream.flat_map(|line| [line.text.as_str(), "\n"]).collect()
}

#[test]
fn what_is_installed_is_read_from_files() {
    let versions = Venv::matrix().map(|venv| {
        let python = python(&venv, venv.root());
        for driver in DRIVERS {
            assert!(python.package(driver).is_some(), "{driver} in {}", venv.root().display());
        }
        let version = |name: &str| {
            let version = python.package(name).unwrap().version.unwrap().to_string();
            version.rsplit_once('.').unwrap().0.to_owned()
        };
        format!("{} {}", version("alembic"), version("sqlalchemy"))
    });
    assert_eq!(versions, ["1.7 1.4", "1.13 2.0", "1.20 2.1"]);
}

#[tokio::test]
async fn an_upgrade_runs_and_says_what_alembic_says() {
    for venv in Venv::matrix() {
        let project = project(ENV);
        let command = upgrade(&venv, &project);
        let (ended, lines) = piped(&command, project.root(), std::future::pending()).await;
        let errors = text(&lines, Stream::Stderr);
        assert_eq!((ended.code, ended.reason), (0, Reason::Itself), "{command}: {errors}");
        assert!(project.root().join("shop.db").is_file());
    }
}

#[tokio::test]
async fn a_refusal_and_an_exception_keep_their_codes() {
    for venv in Venv::matrix() {
        let project = project("raise RuntimeError('no luck')\n");
        let command = upgrade(&venv, &project);
        let (ended, lines) = piped(&command, project.root(), std::future::pending()).await;
        assert_eq!(ended.code, 1);
        assert!(text(&lines, Stream::Stderr).ends_with("RuntimeError: no luck\n"));

        let missing = AlembicCommand::new(Operation::Downgrade, "nowhere");
        let command =
            command_line(&python(&venv, project.root()), &missing, project.root()).unwrap();
        fs_err::write(project.root().join("migrations/env.py"), ENV).unwrap();
        let (ended, lines) = piped(&command, project.root(), std::future::pending()).await;
        assert_eq!(ended.code, 255);
        let said = text(&lines, Stream::Stdout);
        assert!(said.contains("FAILED: Can't locate revision identified by 'nowhere'"), "{said}");
    }
}

#[tokio::test]
async fn an_env_py_that_hangs_is_cancelled() {
    let [venv, ..] = Venv::matrix();
    let project = project("import time\nprint('up')\nopen('up', 'w')\ntime.sleep(60)\n");
    let command = upgrade(&venv, &project);
    let is_up = async {
        while !project.root().join("up").exists() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let (ended, lines) = piped(&command, project.root(), is_up).await;
    let expected = Ended { code: 143, signal: Some(15), reason: Reason::Cancelled };
    assert_eq!(ended, expected);
    assert_eq!(text(&lines, Stream::Stdout), "up\n");
}

#[tokio::test]
async fn a_package_called_alembic_in_the_project_is_not_in_the_way() {
    for venv in Venv::matrix() {
        let project = project(ENV);
        fs_err::create_dir_all(project.root().join("alembic")).unwrap();
        fs_err::write(project.root().join("alembic/__init__.py"), "raise SystemExit(99)\n")
            .unwrap();
        fs_err::write(project.root().join("logging.py"), "raise SystemExit(98)\n").unwrap();
        let command = upgrade(&venv, &project);
        let (ended, lines) = piped(&command, project.root(), std::future::pending()).await;
        assert_eq!(ended.code, 0, "{command}: {}", text(&lines, Stream::Stderr));
    }
}
