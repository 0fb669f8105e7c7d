//! An installed package, as its files tell.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use super::host::{read_text, sorted_names};

/// A package that an interpreter would import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its folder.
    pub folder: PathBuf,
    /// Its version, when its files tell.
    pub version: Option<Version>,
}

/// A version as a package names it; ordered by its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(String);

impl Version {
    /// Any text; only the leading numbers matter for comparisons.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Is it at least `major.minor`? Pre-releases count as their release.
    pub fn is_at_least(&self, major: u32, minor: u32) -> bool {
        let mut numbers = self.0.split('.').map(leading_number);
        let found = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        found >= (major, minor)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn leading_number(part: &str) -> u32 {
    let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
    part[..end].parse().unwrap_or_default()
}

/// The version in the metadata that `site` holds for a distribution (`NAME-1.2.dist-info`, `NAME-1.2-py3.egg-info`). None
/// when there are several: a broken installation left one of them behind.
pub(super) fn recorded_version(site: &Path, name: &str) -> Option<Version> {
    let mut found = sorted_names(site)
        .into_iter()
        .filter(|path| is_metadata_of(path, name))
        .filter_map(|path| version_field(&path));
    let version = found.next()?;
    found.next().is_none().then_some(version)
}

fn is_metadata_of(path: &Path, name: &str) -> bool {
    let Some(file) = path.file_name().and_then(|file| file.to_str()) else { return false };
    let file = file.to_ascii_lowercase().replace('-', "_");
    let kind = [".dist_info", ".egg_info"].iter().find_map(|kind| file.strip_suffix(kind));
    let rest =
        kind.and_then(|stem| stem.strip_prefix(&name.to_ascii_lowercase().replace('-', "_")));
    // `alembic.egg-info` of a checkout has no version; `alembic_utils-…` is another package.
    rest.is_some_and(|rest| {
        rest.is_empty()
            || rest.strip_prefix('_').is_some_and(|v| v.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// The `Version:` line of a metadata folder or file.
fn version_field(metadata: &Path) -> Option<Version> {
    let text = ["METADATA", "PKG-INFO", ""].iter().find_map(|file| {
        read_text(&if file.is_empty() { metadata.to_owned() } else { metadata.join(file) })
    })?;
    let header = text.lines().take_while(|line| !line.is_empty());
    let mut versions = header.filter_map(|line| line.strip_prefix("Version:"));
    versions.next().map(str::trim).filter(|version| !version.is_empty()).map(Version::new)
}

/// `__version__ = "1.2"` of a package's `__init__.py`.
pub(super) fn declared_version(package: &Path) -> Option<Version> {
    let text = read_text(&package.join("__init__.py"))?;
    text.lines().find_map(|line| {
        let value = line.strip_prefix("__version__")?.trim_start().strip_prefix('=')?.trim();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let version = value[1..].split(quote).next()?;
        (!version.is_empty()).then(|| Version::new(version))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        let at_least = |text: &str| Version::new(text).is_at_least(1, 16);
        for (text, expected) in [
            ("1.16.0", true),
            ("1.16", true),
            ("1.16rc1", true),
            ("1.20.1", true),
            ("2.0", true),
            ("1.9.4", false),
            ("1", false),
            ("", false),
            ("99999999999999999999.1", false),
        ] {
            assert_eq!(at_least(text), expected, "{text}");
        }
    }

    #[test]
    fn metadata_is_told_from_that_of_other_packages() {
        for (file, expected) in [
            ("alembic-1.20.1.dist-info", true),
            ("Alembic-1.0.dist-info", true),
            ("alembic-1.7.7-py3.9.egg-info", true),
            ("alembic.egg-info", true),
            ("alembic_utils-0.8.dist-info", false),
            ("alembic-utils-0.8.dist-info", false),
            ("alembic", false),
        ] {
            assert_eq!(is_metadata_of(Path::new(file), "alembic"), expected, "{file}");
        }
    }
}
