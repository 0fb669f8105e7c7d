//! Who the server runs as: PostgreSQL refuses to be root.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::demo::DemoError;

/// Users that root can lend the server, the first that is there.
#[cfg(unix)]
const ORDINARY: [&str; 2] = ["postgres", "nobody"];

/// The user of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum User {
    /// Whoever we are.
    Same,
    /// Somebody else, since we are root.
    #[cfg(unix)]
    Other { name: &'static str, user: u32, group: u32 },
}

impl User {
    /// An ordinary user.
    #[cfg(unix)]
    pub(super) fn ordinary() -> Result<Self, DemoError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Same);
        }
        let users = fs_err::read_to_string("/etc/passwd")?;
        ORDINARY.into_iter().find_map(|name| Self::listed(&users, name)).ok_or(DemoError::NoUser)
    }

    /// The user of that name in the text of `/etc/passwd`.
    #[cfg(unix)]
    fn listed(users: &str, name: &'static str) -> Option<Self> {
        let mut entries = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let entry = entries.find(|fields| fields.len() > 3 && fields[0] == name)?;
        Some(Self::Other { name, user: entry[2].parse().ok()?, group: entry[3].parse().ok()? })
    }

    #[cfg(not(unix))]
    pub(super) fn ordinary() -> Result<Self, DemoError> {
        Ok(Self::Same)
    }

    /// Makes the user the owner, and nobody else a reader.
    #[cfg(unix)]
    pub(super) fn own(self, path: &Path) -> Result<(), DemoError> {
        use std::os::unix::fs::PermissionsExt;

        let mode = if path.is_dir() { 0o700 } else { 0o600 };
        fs_err::set_permissions(path, PermissionsExt::from_mode(mode))?;
        if let Self::Other { user, group, .. } = self {
            std::os::unix::fs::chown(path, Some(user), Some(group))?;
        }
        Ok(())
    }

    #[cfg(not(unix))]
    pub(super) fn own(self, _path: &Path) -> Result<(), DemoError> {
        Ok(())
    }

    /// Has a program run as the user, and in none of our groups.
    pub(super) fn run_as(self, command: &mut Command) {
        match self {
            Self::Same => {}
            #[cfg(unix)]
            Self::Other { user, group, .. } => {
                use std::os::unix::process::CommandExt as _;

                // The standard library lets go of root's other groups by itself.
                command.uid(user).gid(group);
            }
        }
    }

    /// What stands before a command of this user's when root types it.
    pub(super) fn launcher(self) -> Vec<OsString> {
        match self {
            Self::Same => Vec::new(),
            #[cfg(unix)]
            Self::Other { name, .. } => ["runuser", "-u", name, "--"].map(OsString::from).to_vec(),
        }
    }

    /// Whether the user gets to a folder: everybody does, or it is us.
    pub(super) fn can_enter(self, folder: &Path) -> bool {
        self.barrier(folder).is_none()
    }

    /// Has a way to the demo's folder, or says where it ends.
    pub(super) fn must_enter(self, folder: &Path) -> Result<(), DemoError> {
        match (self, self.barrier(folder)) {
            #[cfg(unix)]
            (Self::Other { name, .. }, Some(barrier)) => {
                Err(DemoError::Closed { user: name, folder: barrier.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// The folder on the way to another that the user cannot pass.
    #[cfg(unix)]
    fn barrier(self, folder: &Path) -> Option<&Path> {
        use std::os::unix::fs::PermissionsExt as _;

        let is_closed = |folder: &&Path| {
            fs_err::metadata(folder).is_ok_and(|facts| facts.permissions().mode() & 0o001 == 0)
        };
        if self == Self::Same { None } else { folder.ancestors().filter(is_closed).last() }
    }

    #[cfg(not(unix))]
    fn barrier(self, _folder: &Path) -> Option<&Path> {
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_closed_folder_on_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs_err::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let closed = folder.path().join("closed");
        let inner = closed.join("open");
        fs_err::create_dir_all(&inner).unwrap();
        let other = User::Other { name: "nobody", user: 65534, group: 65534 };
        assert!(other.must_enter(&inner).is_ok());
        fs_err::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
        let error = other.must_enter(&inner).unwrap_err().to_string();
        let expected =
            format!("`nobody`, who runs PostgreSQL for root, cannot enter `{}`", closed.display());
        assert_eq!(error, expected);
        assert!(User::Same.must_enter(&inner).is_ok());
    }
}
