//! Files of a person's own, which nobody else may read.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use fs_err as fs;

/// The program's folder below the one that a variable of the environment names, or below the home folder.
pub(crate) fn user_folder(
    lookup: &dyn Fn(&str) -> Option<OsString>,
    variable: &str,
    below_home: &str,
) -> Option<PathBuf> {
    let absolute = |name: &str| lookup(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute(variable)
        .or_else(|| absolute("APPDATA").filter(|_| cfg!(windows)))
        .or_else(|| absolute("HOME").map(|home| home.join(below_home)))?;
    Some(base.join("alembic-rs"))
}

/// Options that create a file for nobody else to read.
pub(crate) fn private_options() -> fs::OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there are no modes"))]
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Writes a file whole or not at all, for nobody else to read.
pub(crate) fn write_private(file: &Path, text: &[u8]) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    create_private_folder(folder)?;
    let part = file.with_extension(format!("{}.part", crate::random::hex(4)));
    let mut options = private_options();
    let written = options.write(true).create_new(true).open(&part).and_then(|mut open| {
        open.write_all(text)?;
        open.sync_all()?;
        fs::rename(&part, file)
    });
    if written.is_err() {
        let _not_there = fs::remove_file(&part);
    }
    written
}

/// Creates a folder that nobody else may look into, unless it is there.
pub(crate) fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
