//! `pyvenv.cfg`, which makes a folder a virtual environment: `name = value` lines (PEP 405; `venv`, virtualenv and uv
//! write it).

use std::path::{Path, PathBuf};

use super::host::read_text;

/// What a `pyvenv.cfg` says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pyvenv {
    /// The environment's folder.
    pub(super) prefix: PathBuf,
    /// `home`: the folder of the interpreter that the environment was made with.
    pub(super) home: Option<PathBuf>,
    /// `include-system-site-packages = true`.
    pub(super) includes_system: bool,
    /// `version` or `version_info`, the first two numbers.
    pub(super) version: Option<String>,
}

impl Pyvenv {
    /// The file that counts for the interpreter at `path`: beside it or one folder up, as Python looks.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let folder = path.parent()?;
        [Some(folder), folder.parent()].into_iter().flatten().find_map(Self::in_folder)
    }

    fn in_folder(folder: &Path) -> Option<Self> {
        let text = read_text(&folder.join("pyvenv.cfg"))?;
        Some(Self { prefix: folder.to_owned(), ..Self::parse(&text) })
    }

    fn parse(text: &str) -> Self {
        let mut found = Self::default();
        for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "home" if !value.is_empty() => found.home = Some(value.into()),
                "include-system-site-packages" => {
                    found.includes_system = value.eq_ignore_ascii_case("true");
                }
                "version" | "version_info" => found.version = major_and_minor(value),
                _ => {}
            }
        }
        found
    }
}

/// `3.11` of `3.11.7.final.0`.
fn major_and_minor(version: &str) -> Option<String> {
    let mut numbers = version.split('.');
    let (major, minor) = (numbers.next()?, numbers.next()?);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(major) && is_number(minor)).then(|| format!("{major}.{minor}"))
}

#[cfg(test)]
mod tests {
    use super::Pyvenv;

    #[test]
    fn what_venv_virtualenv_and_uv_write() {
        for (text, version, system) in [
            (
                "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.7\n",
                Some("3.11"),
                false,
            ),
            (
                "home=/usr/bin\r\nversion_info = 3.12.1.final.0\r\ninclude-system-site-packages=TRUE\r\n",
                Some("3.12"),
                true,
            ),
            ("Home = /usr/bin\nversion = new\n", None, false),
        ] {
            let found = Pyvenv::parse(text);
            assert_eq!(found.home.unwrap().to_str(), Some("/usr/bin"), "{text}");
            assert_eq!(
                (found.version.as_deref(), found.includes_system),
                (version, system),
                "{text}"
            );
        }
    }

    #[test]
    fn nonsense_says_nothing() {
        for text in ["", "home", "home =\n", "\u{0}\u{fffd} = 3\n[home]\n"] {
            assert_eq!(Pyvenv::parse(text), Pyvenv::default(), "{text:?}");
        }
    }
}
