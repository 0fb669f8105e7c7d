//! The virtual environment with real Alembic that `cargo xtask test` makes.

use std::path::{Path, PathBuf};

/// What the environment must have been made of.
const REQUIREMENTS: &str = include_str!("../../../xtask/requirements.txt");

/// The environments that migrations are run in: folder in the cache, what it must have been made of.
const MATRIX: [(&str, &str); 3] = [
    ("venv-alembic-1.7", include_str!("../../../xtask/matrix/alembic-1.7.txt")),
    ("venv-alembic-1.13", include_str!("../../../xtask/matrix/alembic-1.13.txt")),
    ("venv-alembic-1.20", include_str!("../../../xtask/matrix/alembic-1.20.txt")),
];

/// What the environment that brings other PostgreSQLs must have been made of.
const POSTGRES_18: &str = include_str!("../../../xtask/postgres-18.txt");

/// The folder of Python packages among which `cargo xtask test` leaves a PostgreSQL, with its libraries beside it.
///
/// # Panics
///
/// When it is missing or out of date.
pub(crate) fn packaged_postgres(package: &str) -> PathBuf {
    let libraries = cached("venv-postgres-18", POSTGRES_18).join("lib");
    let pythons = fs_err::read_dir(&libraries).into_iter().flatten().flatten();
    let mut places = pythons.map(|python| python.path().join("site-packages"));
    places
        .find(|place| place.join(package).join("pginstall/bin/postgres").is_file())
        .unwrap_or_else(|| {
            panic!("no PostgreSQL in `{}`: run cargo xtask test", libraries.display())
        })
}

/// A Python environment in which Alembic is installed, in the version that the fixtures were recorded with.
#[derive(Debug, Clone)]
pub struct Venv {
    root: PathBuf,
}

impl Venv {
    /// The environment that `cargo xtask test` names in `ALEMBIC_RS_TEST_VENV`, else the one that it left in its cache.
    ///
    /// # Panics
    ///
    /// When there is none, or the cache's is out of date: a test that needs real Alembic is never skipped.
    pub fn find() -> Self {
        let root = match std::env::var_os("ALEMBIC_RS_TEST_VENV") {
            Some(root) => PathBuf::from(root),
            None => cached("venv", REQUIREMENTS),
        };
        let venv = Self { root };
        assert!(
            venv.alembic().is_file(),
            "no Alembic in `{}`: run cargo xtask test",
            venv.root.display()
        );
        venv
    }

    /// The environments of several ages that `cargo xtask test` leaves in its cache, oldest first: Alembic 1.7 with
    /// SQLAlchemy 1.4, 1.13 with 2.0, 1.20 with 2.1. Each has psycopg2, psycopg, asyncpg, aiosqlite and pymysql.
    ///
    /// # Panics
    ///
    /// When one is missing or out of date.
    pub fn matrix() -> [Self; 3] {
        MATRIX.map(|(name, requirements)| Self { root: cached(name, requirements) })
    }

    /// Its `alembic`.
    pub fn alembic(&self) -> PathBuf {
        self.root.join("bin/alembic")
    }

    /// Its Python.
    pub fn python(&self) -> PathBuf {
        self.root.join("bin/python")
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

/// An environment in the cache, which must be made of today's requirements.
fn cached(name: &str, requirements: &str) -> PathBuf {
    let root = cache_folder()
        .unwrap_or_else(|| panic!("no home directory: run cargo xtask test"))
        .join(name);
    let stamp = fs_err::read_to_string(root.join("requirements.txt")).unwrap_or_default();
    assert!(
        stamp == requirements,
        "`{}` is missing or out of date: run cargo xtask test",
        root.display()
    );
    root
}

/// The cache folder of `cargo xtask test`, by the same rule as there.
pub(crate) fn cache_folder() -> Option<PathBuf> {
    let folder =
        |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder("ALEMBIC_RS_TEST_CACHE")
        .or_else(|| Some(folder("XDG_CACHE_HOME")?.join("alembic-rs-test")))
        .or_else(|| Some(folder("HOME")?.join(".cache/alembic-rs-test")))
}
