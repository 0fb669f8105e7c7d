//! Replaces what differs from run to run by names.

use std::path::Path;

/// Replacements for texts that a test compares: the project's folder becomes `{P}`, the home directory `{HOME}`, the
/// program's version `{VERSION}`.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// Longest first, so that a folder is replaced before the folder around it.
    replacements: Vec<(String, String)>,
}

impl Filters {
    /// The filters of a project below `home`.
    pub fn of_project(root: &Path, home: &Path) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        Self::default()
            .with(root.to_string_lossy(), "{P}")
            .with(home.to_string_lossy(), "{HOME}")
            .with(format!("alembic-rs {version}"), "alembic-rs {VERSION}")
    }

    /// Adds a replacement.
    #[must_use]
    pub fn with(mut self, text: impl Into<String>, name: impl Into<String>) -> Self {
        self.replacements.push((text.into(), name.into()));
        self.replacements.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        self
    }

    /// `text` with everything replaced.
    pub fn apply(&self, text: &str) -> String {
        self.replacements
            .iter()
            .filter(|(found, _)| !found.is_empty())
            .fold(text.to_owned(), |text, (found, name)| text.replace(found, name))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Filters;

    #[test]
    fn the_project_is_replaced_before_the_home_around_it() {
        let filters = Filters::of_project(Path::new("/h/project"), Path::new("/h"));
        assert_eq!(filters.apply("/h/project/x and /h/y"), "{P}/x and {HOME}/y");
    }

    #[test]
    fn the_version_is_replaced_behind_the_name_alone() {
        let version = env!("CARGO_PKG_VERSION");
        let filters = Filters::of_project(Path::new("/h/project"), Path::new("/h"));
        assert_eq!(
            filters.apply(&format!("alembic-rs {version}, {version}")),
            format!("alembic-rs {{VERSION}}, {version}")
        );
    }
}
