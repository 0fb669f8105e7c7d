//! Dumps: what `pg_dump` is told, and what is left when it fails. Programs of the test's own play `pg_dump`.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use alembic_runtime::python::backup::{Backup, BackupError, Connection, backup};
use tempfile::TempDir;

/// What `$file` is, and the environment in it.
const HONEST: &str = "for word; do case $word in --file=*) file=${word#--file=};; esac; done; \
                      { echo \"$@\"; env | grep ^PG | sort; } > \"$file\"";

struct Scene {
    folder: TempDir,
}

impl Scene {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn pg_dump(&self, script: &str) -> PathBuf {
        let path = self.folder.path().join("pg_dump");
        fs_err::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("dumps/of shop")
    }

    async fn back_up(
        &self,
        pg_dump: &Path,
        cancel: impl Future<Output = ()>,
    ) -> Result<PathBuf, BackupError> {
        let connection = Connection {
            host: Some("db".to_owned()),
            password: Some("s3cret".to_owned()),
            database: Some("shop".to_owned()),
            parameters: vec![
                ("sslmode".to_owned(), "require".to_owned()),
                ("odd".to_owned(), "x".to_owned()),
            ],
            ..Connection::default()
        };
        let wanted = Backup {
            folder: &self.target(),
            connection: &connection,
            heads: &["1a".to_owned()],
            time: time(),
            pg_dump: Some(pg_dump),
        };
        backup(&wanted, cancel).await
    }

    fn left(&self) -> Vec<String> {
        let entries = fs_err::read_dir(self.target()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn time() -> SystemTime {
    UNIX_EPOCH + Duration::from_hours(24)
}

#[tokio::test]
async fn a_dump_has_a_name_and_is_for_its_owner_alone() {
    let scene = Scene::new();
    let path = scene.back_up(&scene.pg_dump(HONEST), std::future::pending()).await.unwrap();
    assert_eq!(path.file_name().unwrap(), "shop-19700102T000000Z-1a.dump");
    assert_eq!(scene.left(), ["shop-19700102T000000Z-1a.dump"]);
    assert_eq!(fs_err::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs_err::read_to_string(&path).unwrap();
    let (arguments, environment) = text.split_once('\n').unwrap();
    assert!(arguments.starts_with("--format=custom --no-password --file=/"), "{arguments}");
    assert!(!arguments.contains("s3cret"));
    let own = environment.lines().filter(|line| {
        ["PGHOST=", "PGPASSWORD=", "PGDATABASE=", "PGSSLMODE="]
            .iter()
            .any(|name| line.starts_with(name))
    });
    let own = own.collect::<Vec<_>>();
    assert_eq!(own, ["PGDATABASE=shop", "PGHOST=db", "PGPASSWORD=s3cret", "PGSSLMODE=require"]);
}

#[tokio::test]
async fn a_dump_that_fails_leaves_nothing() {
    let scene = Scene::new();
    let script = format!("{HONEST}; echo 'pg_dump: error: no, password=s3cret' >&2; exit 1");
    let error = scene.back_up(&scene.pg_dump(&script), std::future::pending()).await.unwrap_err();
    assert_eq!(error.to_string(), "`pg_dump` failed: pg_dump: error: no, password=***");
    assert!(scene.left().is_empty());
}

#[tokio::test]
async fn a_dump_that_is_cancelled_leaves_nothing() {
    let scene = Scene::new();
    let soon = tokio::time::sleep(Duration::from_millis(300));
    let script = format!("{HONEST}; exec sleep 30");
    let error = scene.back_up(&scene.pg_dump(&script), soon).await.unwrap_err();
    assert!(matches!(error, BackupError::Cancelled));
    assert!(scene.left().is_empty());
}

#[tokio::test]
async fn a_dump_that_cannot_begin_says_why() {
    let scene = Scene::new();
    let error =
        scene.back_up(Path::new("/nowhere/pg_dump"), std::future::pending()).await.unwrap_err();
    assert!(error.to_string().starts_with("cannot run `/nowhere/pg_dump`: "), "{error}");
    assert!(scene.left().is_empty());
    fs_err::remove_dir(scene.target()).unwrap();
    fs_err::write(scene.target(), "no folder").unwrap();
    let error = scene.back_up(&scene.pg_dump(HONEST), std::future::pending()).await.unwrap_err();
    assert!(error.to_string().starts_with("cannot write the backup: "), "{error}");
}

#[tokio::test]
async fn a_dump_is_never_written_over_another() {
    let scene = Scene::new();
    let pg_dump = scene.pg_dump(HONEST);
    let path = scene.back_up(&pg_dump, std::future::pending()).await.unwrap();
    fs_err::write(&path, "precious").unwrap();
    let error = scene.back_up(&pg_dump, std::future::pending()).await.unwrap_err();
    assert!(matches!(error, BackupError::Unwritable(_)), "{error}");
    assert_eq!(fs_err::read_to_string(&path).unwrap(), "precious");
    assert_eq!(scene.left().len(), 1);
}
