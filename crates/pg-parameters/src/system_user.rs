//! The user of this machine that we are: who logs in when nobody is named.
//!
//! libpq asks the system's list of users for the effective user. We read `/etc/passwd`; for users of a directory service,
//! who are not in it, the environment's word is taken.

use crate::{InvalidParameter, Variables};

/// The name, as libpq finds it.
///
/// # Errors
///
/// There is none, as in a container that runs as a number.
pub(crate) fn name(variables: &Variables) -> Result<String, InvalidParameter> {
    let told = || {
        let names = if cfg!(windows) { ["USERNAME", "USERNAME"] } else { ["USER", "LOGNAME"] };
        names.into_iter().find_map(|name| variables.get(name))
    };
    let nobody = || {
        InvalidParameter::new(
            "user",
            "none is named, and this system has no name for who runs here",
        )
    };
    listed().or_else(told).ok_or_else(nobody)
}

#[cfg(unix)]
fn listed() -> Option<String> {
    let users = fs_err::read_to_string("/etc/passwd").ok()?;
    of(&users, rustix::process::geteuid().as_raw()).map(str::to_owned)
}

#[cfg(not(unix))]
fn listed() -> Option<String> {
    None
}

/// The user of that number in the text of `/etc/passwd`.
#[cfg(unix)]
fn of(users: &str, id: u32) -> Option<&str> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        (fields.nth(1)?.parse() == Ok(id)).then_some(name)
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_that_number() {
        let users =
            "root:x:0:0:root:/root:/bin/sh\n\n+\nann:x:1000:1000::/home/ann:\nbob:x:1000:1000:::\n";
        assert_eq!(of(users, 0), Some("root"));
        assert_eq!(of(users, 1000), Some("ann"));
        assert_eq!(of(users, 1001), None);
    }

    #[test]
    fn the_list_of_users_comes_before_the_environment() {
        let told = Variables::new(|name| (name == "USER").then(|| "told".to_owned()));
        let expected = listed().unwrap_or_else(|| "told".to_owned());
        assert_eq!(name(&told), Ok(expected));
    }
}
