//! Programs of the system: found, or installed where we may.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    command,
    failure::{Failure, Result},
    installed,
};

/// The program of that name on PATH.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Sees to it that `name` is on PATH; `package` is Debian's name for where it comes from.
pub(crate) fn ensure(name: &str, package: &str) -> Result {
    if find(name).is_some() {
        return Ok(());
    }
    install(&format!("`{name}` is missing"), &[package])?;
    match find(name) {
        Some(_) => Ok(()),
        None => Err(Failure::new(format!("`{name}` is missing still, with {package} installed"))),
    }
}

/// Sees to it that every program is there that tests run.
pub(crate) fn ensure_all() -> Result {
    ensure("git", "git")?;
    ensure("openssl", "openssl")?;
    ensure_server("mariadbd", Path::new("/usr/sbin"), "mariadb-server")?;
    ensure_server("pgbouncer", Path::new("/usr/sbin"), "pgbouncer")?;
    // Debian keeps PostgreSQL's programs off PATH, by version.
    let newest = folders_in("/usr/lib/postgresql").pop().unwrap_or_default();
    ensure_server("initdb", &newest.join("bin"), "postgresql")
}

/// Sees to it that a server's program is on PATH or in the folder where Debian has it.
fn ensure_server(name: &str, folder: &Path, package: &str) -> Result {
    if find(name).is_some() || folder.join(name).is_file() {
        return Ok(());
    }
    install(&format!("`{name}` is missing"), &[package])
}

fn folders_in(folder: &str) -> Vec<PathBuf> {
    let entries = fs_err::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    folders.sort();
    folders
}

/// Installs Debian packages as root; anyone else learns which command to type. `why` says what is missing.
pub(crate) fn install(why: &str, packages: &[&str]) -> Result {
    let names = packages.join(" ");
    if !is_debian() {
        let way_out =
            format!("install what Debian calls {names} with your system's package manager");
        return Err(Failure::new(why).way_out(way_out));
    }
    if !is_root() {
        return Err(Failure::new(why).way_out(format!("sudo apt-get install {names}")));
    }
    eprintln!("    {why}: apt-get install {names}");
    command::run(apt_get().args(["update", "-qq"]))?;
    command::run(
        apt_get().args(["install", "-qq", "--yes", "--no-install-recommends"]).args(packages),
    )?;
    installed::note(format!("Debian's {names}"));
    Ok(())
}

fn apt_get() -> Command {
    let mut command = command::program("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists() && find("apt-get").is_some()
}

fn is_root() -> bool {
    command::capture(command::program("id").arg("-u")).is_ok_and(|user| user.trim() == "0")
}
