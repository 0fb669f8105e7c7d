//! Where servers listen.

use std::path::Path;

/// Folders in which servers put their socket: Debian's, then PostgreSQL's own.
const SOCKET_FOLDERS: [&str; 3] = ["/run/postgresql", "/var/run/postgresql", "/tmp"];

/// Where one server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    pub(crate) name: String,
    pub(crate) port: u16,
}

impl Host {
    /// A host of a list, which can bring its own port.
    pub(crate) fn of_list(text: &str, port: u16) -> Self {
        if let Some((name, own)) = text.split_once(':')
            && let Ok(own) = own.parse()
            && !text.starts_with('/')
            && !text.starts_with(':')
        {
            return Self { name: name.to_owned(), port: own };
        }
        Self { name: text.trim_matches(['[', ']']).to_owned(), port }
    }

    /// The socket that is there, else this machine.
    pub(crate) fn by_default(port: u16) -> Self {
        let has_socket =
            |folder: &&str| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists();
        let folder = SOCKET_FOLDERS.into_iter().find(has_socket);
        Self { name: folder.unwrap_or("localhost").to_owned(), port }
    }

    /// A name, an address, or the folder of the socket.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is a socket of this machine.
    pub fn is_socket(&self) -> bool {
        self.name.starts_with('/') || self.name.starts_with('@')
    }

    /// As in messages: `db:5432`, `[::1]:5432`, `/run/postgresql/.s.PGSQL.5432`.
    pub fn address(&self) -> String {
        match &self.name {
            folder if self.is_socket() => format!("{folder}/.s.PGSQL.{}", self.port),
            name if name.contains(':') => format!("[{name}]:{}", self.port),
            name => format!("{name}:{}", self.port),
        }
    }

    /// What the password file calls it: a socket where one is expected is `localhost`.
    pub(crate) fn name_in_password_file(&self) -> &str {
        if SOCKET_FOLDERS.contains(&self.name.as_str()) { "localhost" } else { &self.name }
    }
}

#[cfg(test)]
mod tests {
    use super::Host;

    #[test]
    fn a_host_brings_its_port_or_takes_the_common_one() {
        let address = |text| Host::of_list(text, 5432).address();
        assert_eq!(address("db"), "db:5432");
        assert_eq!(address("db:5433"), "db:5433");
        assert_eq!(address("::1"), "[::1]:5432");
        assert_eq!(address("[::1]"), "[::1]:5432");
        assert_eq!(address("/run/x:1"), "/run/x:1/.s.PGSQL.5432");
    }
}
