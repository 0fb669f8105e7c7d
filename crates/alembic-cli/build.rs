//! What the program carries inside: the files of the demo's project, the commit that it was built from, and the unwinder.
//!
//! None is ever a reason not to build: without a git repository there is no commit, without the archive the unwinder is
//! the system's.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

use fs_err as fs;

/// What of the project is no part of it: recorded answers, and what runs leave behind.
const LEFT_OUT: [&str; 3] = ["expected", "__pycache__", ".gitignore"];

fn main() -> io::Result<()> {
    let crate_folder = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR"));
    println!("cargo::rerun-if-changed=build.rs");
    fs::write(out.join("petshop.rs"), petshop(&crate_folder)?)?;
    println!("cargo::rustc-env=ALEMBIC_RS_VERSION={}", version(&crate_folder));
    if has_unwinder() {
        println!("cargo::rustc-link-lib=gcc_eh");
    }
    Ok(())
}

/// Whether the linker has the unwinder as an archive, `libgcc_eh.a`, and not only as `libgcc_s.so.1`.
///
/// With it inside, the program runs where there is glibc alone, as in a slim container, and a short command takes a
/// twentieth less time: there is one library less to load, and that one asks the processor for its abilities, which a
/// virtual machine answers slowly.
fn has_unwinder() -> bool {
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    let is_glibc =
        variable("CARGO_CFG_TARGET_OS") == "linux" && variable("CARGO_CFG_TARGET_ENV") == "gnu";
    let linker = env::var("RUSTC_LINKER").ok();
    let is_own = variable("HOST") == variable("TARGET");
    let Some(linker) = linker.or_else(|| is_own.then(|| "cc".to_owned())).filter(|_| is_glibc)
    else {
        return false;
    };
    let place = Command::new(linker).arg("-print-file-name=libgcc_eh.a").output();
    // Where it has none, it gives back the bare name.
    place.is_ok_and(|output| {
        let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        path.is_absolute() && path.is_file()
    })
}

fn variable(name: &str) -> String {
    env::var(name).expect("cargo sets it for every build script")
}

/// The project's files as the source text of a slice of names and contents.
fn petshop(crate_folder: &Path) -> io::Result<String> {
    let mut root = crate_folder.join("petshop");
    if root.is_file() {
        // A clone without symbolic links: git writes the target into a file.
        root = crate_folder.join(fs::read_to_string(&root)?.trim());
    }
    let mut files = Vec::new();
    collect(&root, "", &mut files)?;
    files.sort();
    let mut source = String::from("[\n");
    for name in files {
        let path = fs::canonicalize(root.join(&name))?;
        let path = path.to_str().expect("cargo's own folders have names in UTF-8");
        // Each file, not the folder: what Python leaves there is no reason to build again.
        println!("cargo::rerun-if-changed={path}");
        let _ = writeln!(source, "    ({name:?}, include_bytes!({path:?}).as_slice()),");
    }
    source.push_str("]\n");
    Ok(source)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_left_out = LEFT_OUT.contains(&name.as_str())
            || name.starts_with("petshop.db")
            || name.ends_with(".egg-info");
        if is_left_out {
            continue;
        }
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else {
            files.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

/// `0.1.0 (fa2d45012 2026-11-28)`, or the number alone where no commit is known.
fn version(crate_folder: &Path) -> String {
    let number = variable("CARGO_PKG_VERSION");
    match named_commit()
        .or_else(|| packaged_commit(crate_folder))
        .or_else(|| git_commit(crate_folder))
    {
        Some(commit) => format!("{number} ({commit})"),
        None => number,
    }
}

/// What whoever builds says, where there is neither a repository nor a package: in a container.
fn named_commit() -> Option<String> {
    println!("cargo::rerun-if-env-changed=ALEMBIC_RS_COMMIT");
    env::var("ALEMBIC_RS_COMMIT").ok().filter(|commit| !commit.is_empty())
}

/// What `cargo package` wrote down.
fn packaged_commit(crate_folder: &Path) -> Option<String> {
    let facts = fs::read_to_string(crate_folder.join(".cargo_vcs_info.json")).ok()?;
    let (_, behind) = facts.split_once("\"sha1\"")?;
    let commit: String = behind.chars().filter(char::is_ascii_hexdigit).take(9).collect();
    (commit.len() == 9).then_some(commit)
}

/// What git says of the repository whose root is two folders up; a crate that was unpacked into somebody else's
/// repository has none.
fn git_commit(crate_folder: &Path) -> Option<String> {
    let root = crate_folder.parent()?.parent()?;
    let top = git(root, &["rev-parse", "--show-toplevel"])?;
    if fs::canonicalize(top).ok()? != fs::canonicalize(root).ok()? {
        return None;
    }
    watch(root, "HEAD");
    watch(root, "packed-refs");
    if let Some(branch) = git(root, &["symbolic-ref", "--quiet", "HEAD"]) {
        watch(root, &branch);
    }
    git(root, &["log", "-1", "--abbrev=9", "--format=%h %cs"])
}

/// Has the build repeated when a file of git changes; one that is missing would have it repeated always.
fn watch(root: &Path, name: &str) {
    let Some(path) = git(root, &["rev-parse", "--git-path", name]) else { return };
    let path = root.join(path);
    if path.exists() {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty()).then(|| text.to_owned())
}
