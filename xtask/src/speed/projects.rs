//! The generated projects that are timed, kept in the cache.

use std::path::PathBuf;

use alembic_benches::{Shape, script, write_project};

use crate::{
    cache::{self, Cache},
    failure::Result,
};

/// Writes the project unless it is there; returns its folder.
pub(crate) fn prepare(cache: &Cache, shape: Shape, scripts: usize) -> Result<PathBuf> {
    let folder = cache.path(format!("speed/{}-{scripts}", shape.name()));
    let stamp_file = folder.join("stamp");
    let stamp = stamp(shape, scripts);
    if !cache::is_stamped(&stamp_file, &stamp) {
        if folder.exists() {
            fs_err::remove_dir_all(&folder)?;
        }
        write_project(&folder, shape, scripts)?;
        fs_err::write(stamp_file, stamp)?;
    }
    Ok(folder)
}

/// The last script: a change of the generator shows in it.
fn stamp(shape: Shape, scripts: usize) -> String {
    shape.nodes(scripts).last().map(|node| script(node).text).unwrap_or_default()
}
