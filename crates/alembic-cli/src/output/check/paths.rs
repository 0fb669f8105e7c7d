//! How a script's path is written: for people from the current directory, for
//! services from the top of the repository, as they know it.

use std::cell::OnceCell;
use std::path::{Component, Path, PathBuf};

use alembic_core::git::Repository;

/// More steps up than this, and the absolute path is the shorter way to say it.
const MOST_STEPS_UP: usize = 3;

/// The folders that paths are written from.
#[derive(Debug)]
pub(crate) struct Paths {
    cwd: Option<PathBuf>,
    /// Asked for when it is needed: git is another process.
    root: OnceCell<Option<PathBuf>>,
}

impl Paths {
    pub(crate) fn new() -> Self {
        let cwd = std::env::current_dir().ok();
        Self { cwd: cwd.map(|cwd| without_links(&cwd)), root: OnceCell::new() }
    }

    /// The repository around the current directory; without one the folder that
    /// GitHub Actions or GitLab names, else the current directory.
    fn root(&self) -> Option<&Path> {
        let find = || {
            let cwd = self.cwd.as_deref()?;
            if let Ok(repository) = Repository::discover(cwd) {
                return Some(repository.top_level().to_owned());
            }
            let named = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"]
                .into_iter()
                .find_map(|name| std::env::var_os(name).filter(|folder| !folder.is_empty()));
            Some(named.map_or(cwd.to_owned(), |folder| without_links(Path::new(&folder))))
        };
        self.root.get_or_init(find).as_deref()
    }

    /// From the current directory.
    pub(crate) fn here(&self, path: &Path) -> String {
        let relative = self.cwd.as_deref().and_then(|cwd| relative(path, cwd));
        relative.as_deref().unwrap_or(path).to_string_lossy().into_owned()
    }

    /// From the top of the repository, with slashes; absolute when it lies outside.
    pub(crate) fn in_repository(&self, path: &Path) -> String {
        let inside = self.inside(path).unwrap_or(path).to_string_lossy();
        if cfg!(windows) { inside.replace('\\', "/") } else { inside.into_owned() }
    }

    /// The part of the path that the repository knows.
    pub(crate) fn inside<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        path.strip_prefix(self.root()?).ok()
    }
}

/// The folder's real name, where the folder can be looked at.
fn without_links(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

fn relative(path: &Path, folder: &Path) -> Option<PathBuf> {
    let mut path = path.components().peekable();
    let mut folder = folder.components().peekable();
    let mut named_in_common = false;
    while let Some(component) = path.next_if(|component| folder.peek() == Some(component)) {
        named_in_common |= matches!(component, Component::Normal(_));
        folder.next();
    }
    let steps_up = folder.count();
    if steps_up > MOST_STEPS_UP || (steps_up > 0 && !named_in_common) {
        return None;
    }
    let up = std::iter::repeat_n(Component::ParentDir, steps_up);
    Some(up.chain(path).collect())
}

#[cfg(test)]
mod tests {
    use super::relative;
    use std::path::Path;

    fn shown(path: &str, folder: &str) -> Option<String> {
        let path = relative(Path::new(path), Path::new(folder))?;
        Some(path.to_string_lossy().into_owned())
    }

    #[test]
    fn from_a_folder() {
        assert_eq!(shown("/p/m/v/a.py", "/p").as_deref(), Some("m/v/a.py"));
        assert_eq!(shown("/p/m/v/a.py", "/p/src/x").as_deref(), Some("../../m/v/a.py"));
        assert_eq!(shown("/p/m/a.py", "/p/1/2/3/4"), None);
        assert_eq!(shown("/site/a.py", "/home"), None);
    }
}
