//! The folder outside the tree where everything is kept that tests need and git does not hold.

use std::{
    env,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::{
    failure::{Failure, Result},
    repository,
};

/// The cache folder: `ALEMBIC_RS_TEST_CACHE`, else `alembic-rs-test` in `XDG_CACHE_HOME` or `~/.cache`. Everything in it can
/// be deleted at any time.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    /// Finds the folder and makes it if it is missing.
    pub(crate) fn open() -> Result<Self> {
        let root = place().ok_or_else(|| {
            Failure::new("no home directory for the cache")
                .way_out("set ALEMBIC_RS_TEST_CACHE to a folder")
        })?;
        fs_err::create_dir_all(&root)?;
        let root = fs_err::canonicalize(&root)?;
        if root.starts_with(fs_err::canonicalize(repository::root())?) {
            let what = format!("the cache `{}` is inside the tree", root.display());
            return Err(Failure::new(what).way_out("set ALEMBIC_RS_TEST_CACHE to a folder outside"));
        }
        Ok(Self { root })
    }

    /// A path in the cache.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.join(name)
    }

    /// Keeps other runs away from `name` until the value is dropped; waits for one that has it.
    pub(crate) fn lock(&self, name: &str) -> Result<Lock> {
        let path = self.path(format!("{name}.lock"));
        let file = fs_err::File::create(&path)?;
        file.file().lock()?;
        Ok(Lock { _file: file })
    }
}

/// A part of the cache that is ours alone for now.
#[must_use]
pub(crate) struct Lock {
    _file: fs_err::File,
}

fn place() -> Option<PathBuf> {
    let folder =
        |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder("ALEMBIC_RS_TEST_CACHE")
        .or_else(|| Some(folder("XDG_CACHE_HOME")?.join("alembic-rs-test")))
        .or_else(|| Some(folder("HOME")?.join(".cache/alembic-rs-test")))
}

/// A short text that changes when one of `files` does. It may change with the compiler too: then work is done again.
pub(crate) fn stamp_of(files: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.file_name().hash(&mut hasher);
        fs_err::read(file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}

/// Whether the file at `path` holds exactly `stamp`.
pub(crate) fn is_stamped(path: &Path, stamp: &str) -> bool {
    fs_err::read_to_string(path).is_ok_and(|found| found == stamp)
}
