//! Writes the table of the files below `dist/`, each compressed where that makes it smaller.
//!
//! It never calls npm and never uses a network: `dist/` is committed.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};

/// The page as Vite builds it.
const DIST: &str = "dist";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DIST}");
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let dist = root.join(DIST);
    if !dist.join("index.html").is_file() {
        println!(
            "cargo::error=`{}` has no index.html: build the page with `npm ci && npm run build` in crates/alembic-ui/web",
            dist.display()
        );
        return Ok(());
    }
    let mut files = Vec::new();
    list(&dist, &mut files)?;
    files.sort();
    let mut table = String::from("[\n");
    for (number, file) in files.iter().enumerate() {
        let name = file.strip_prefix(&dist)?.to_str().ok_or("a file's name is no UTF-8")?;
        let gzip = compress(&fs_err::read(file)?, &out.join(format!("{number}.gz")))?;
        writeln!(
            table,
            "    Asset {{ path: {:?}, bytes: include_bytes!({:?}), gzip: {} }},",
            name.replace('\\', "/"),
            file.display().to_string(),
            gzip.map_or("None".to_owned(), |path| format!(
                "Some(include_bytes!({:?}))",
                path.display().to_string()
            )),
        )?;
    }
    table.push_str("]\n");
    fs_err::write(out.join("assets.rs"), table)?;
    Ok(())
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// The compressed file; `None` where compression does not pay. No time and no name of the machine go into it, so that
/// the program stays the same wherever it is built.
fn compress(bytes: &[u8], path: &Path) -> Result<Option<PathBuf>, Box<dyn Error>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    let compressed = encoder.finish()?;
    if compressed.len() * 10 > bytes.len() * 9 {
        return Ok(None);
    }
    fs_err::write(path, compressed)?;
    Ok(Some(path.to_owned()))
}
