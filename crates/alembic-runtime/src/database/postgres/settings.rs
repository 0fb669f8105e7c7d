//! What libpq would make of a URL and its environment variables.
//!
//! Pairs behind the question mark win over the rest of the URL, as in SQLAlchemy; what is left open is filled from the
//! environment, then from libpq's defaults.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::password_file::{self, Login};
use crate::database::{ConnectOptions, ConnectParts, DatabaseError, Variables, failure::Origin};

/// Folders in which servers put their socket: Debian's, then PostgreSQL's own.
const SOCKET_FOLDERS: [&str; 3] = ["/run/postgresql", "/var/run/postgresql", "/tmp"];

/// Options that cannot be honoured and must not be ignored.
const UNSUPPORTED: [(&str, &str); 2] = [
    ("service", "service files are not read; write host, port and database into the URL"),
    ("sslpassword", "keys with a password are not supported"),
];

/// Everything that a connection needs. No `Debug`: the password is in it.
pub(super) struct Settings {
    pub(super) hosts: Vec<Host>,
    pub(super) timeout: Option<Duration>,
    user: String,
    database: String,
    password: Option<String>,
    password_file: Option<PathBuf>,
    ssl_mode: PgSslMode,
    ssl_files: SslFiles,
    application_name: String,
    /// libpq's `options`, as the server gets them.
    server_options: Option<String>,
}

/// Where one server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host {
    /// A name, an address, or the folder of the socket.
    name: String,
    port: u16,
}

#[derive(Debug, Default)]
struct SslFiles {
    root: Option<PathBuf>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

impl Host {
    fn is_socket(&self) -> bool {
        self.name.starts_with('/') || self.name.starts_with('@')
    }

    fn address(&self) -> String {
        match &self.name {
            folder if self.is_socket() => format!("{folder}/.s.PGSQL.{}", self.port),
            name if name.contains(':') => format!("[{name}]:{}", self.port),
            name => format!("{name}:{}", self.port),
        }
    }

    /// What the password file calls it: a socket where one is expected is `localhost`.
    fn name_in_password_file(&self) -> &str {
        if SOCKET_FOLDERS.contains(&self.name.as_str()) { "localhost" } else { &self.name }
    }
}

impl Settings {
    pub(super) fn resolve(
        parts: &ConnectParts,
        options: &ConnectOptions,
    ) -> Result<Self, DatabaseError> {
        let source = Source { parts, variables: &options.variables, origin: Origin::of(parts) };
        source.refuse_unsupported()?;
        let user = source.user();
        let ssl_files = source.ssl_files();
        Ok(Self {
            hosts: source.hosts()?,
            timeout: source.timeout()?,
            database: source
                .text("dbname", parts.database.as_deref(), "PGDATABASE")
                .unwrap_or_else(|| user.clone()),
            password: source.text("password", parts.password.as_deref(), "PGPASSWORD"),
            password_file: password_file::path(parts.option("passfile"), &options.variables),
            ssl_mode: source.ssl_mode(ssl_files.root.is_some())?,
            application_name: source
                .text("application_name", None, "PGAPPNAME")
                .unwrap_or_else(|| options.application_name.clone()),
            server_options: parts.option("options").map(str::to_owned),
            ssl_files,
            user,
        })
    }

    /// What errors about this host say.
    pub(super) fn origin(&self, parts: &ConnectParts, host: &Host) -> Origin {
        Origin {
            address: host.address(),
            host: host.name.clone(),
            user: self.user.clone(),
            has_password: self.password_for(host).is_some(),
            database: self.database.clone(),
            ..Origin::of(parts)
        }
    }

    /// The ways of encryption to try, in libpq's order. Sockets are never encrypted.
    pub(super) fn ssl_attempts(&self, host: &Host) -> (PgSslMode, Option<PgSslMode>) {
        match self.ssl_mode {
            _ if host.is_socket() => (PgSslMode::Disable, None),
            PgSslMode::Allow => (PgSslMode::Disable, Some(PgSslMode::Require)),
            PgSslMode::Prefer => (PgSslMode::Prefer, Some(PgSslMode::Disable)),
            mode => (mode, None),
        }
    }

    /// The driver's options for one attempt.
    pub(super) fn driver_options(
        &self,
        host: &Host,
        mode: PgSslMode,
    ) -> Result<PgConnectOptions, sqlx::Error> {
        let mut driver = self
            .driver_start()?
            .port(host.port)
            .username(&self.user)
            .database(&self.database)
            .application_name(&self.application_name)
            // A startup parameter that poolers refuse, and no float is ever read here.
            .extra_float_digits(None)
            .ssl_mode(mode);
        driver = if host.is_socket() { driver.socket(&host.name) } else { driver.host(&host.name) };
        if let Some(password) = self.password_for(host) {
            driver = driver.password(&password);
        }
        if let Some(path) = &self.ssl_files.root {
            driver = driver.ssl_root_cert(path);
        }
        if let (Some(certificate), Some(key)) = (&self.ssl_files.certificate, &self.ssl_files.key) {
            driver = driver.ssl_client_cert(certificate).ssl_client_key(key);
        }
        Ok(driver)
    }

    /// `options` can be given to the driver by a URL alone.
    fn driver_start(&self) -> Result<PgConnectOptions, sqlx::Error> {
        let Some(options) = &self.server_options else {
            return Ok(PgConnectOptions::new_without_pgpass());
        };
        let mut url = "postgres:///?password=-&options=".to_owned();
        for byte in options.bytes() {
            let _ = write!(url, "%{byte:02X}");
        }
        url.parse()
    }

    fn password_for(&self, host: &Host) -> Option<String> {
        let from_file = || {
            let login = Login {
                host: host.name_in_password_file(),
                port: host.port,
                database: &self.database,
                user: &self.user,
            };
            password_file::password(self.password_file.as_deref()?, &login)
        };
        self.password.clone().or_else(from_file)
    }
}

/// Where settings come from.
struct Source<'a> {
    parts: &'a ConnectParts,
    variables: &'a Variables,
    origin: Origin,
}

impl Source<'_> {
    /// By the pair of that name, the part of the URL, the environment variable.
    fn text(&self, option: &str, part: Option<&str>, variable: &str) -> Option<String> {
        let part = part.filter(|part| !part.is_empty()).map(str::to_owned);
        let option = self.parts.option(option).map(str::to_owned);
        option.or(part).or_else(|| self.variables.get(variable))
    }

    fn refuse_unsupported(&self) -> Result<(), DatabaseError> {
        for (name, reason) in UNSUPPORTED {
            if self.parts.option(name).is_some() {
                return Err(self.origin.setting(name, reason));
            }
        }
        let session = self.parts.option("target_session_attrs").unwrap_or("any");
        if session != "any" && self.host_names().is_some_and(|names| names.len() > 1) {
            let reason = format!("`{session}` among several hosts is not supported; name one host");
            return Err(self.origin.setting("target_session_attrs", reason));
        }
        Ok(())
    }

    fn user(&self) -> String {
        self.text("user", self.parts.username.as_deref(), "PGUSER").unwrap_or_else(|| {
            // sqlx asks the operating system, as libpq does.
            PgConnectOptions::new_without_pgpass().get_username().to_owned()
        })
    }

    fn hosts(&self) -> Result<Vec<Host>, DatabaseError> {
        let ports = self.ports()?;
        let Some(names) = self.host_names() else {
            let port = ports.first().copied().unwrap_or(5432);
            return Ok(vec![default_host(port)]);
        };
        if ports.len() > 1 && ports.len() != names.len() {
            let reason = format!("{} ports for {} hosts", ports.len(), names.len());
            return Err(self.origin.setting("port", reason));
        }
        let host = |(at, name): (usize, &String)| {
            let port = ports.get(at).or(ports.first()).copied().unwrap_or(5432);
            host_of(name, port)
        };
        Ok(names.iter().enumerate().map(host).collect())
    }

    /// The names, of `host` pairs (SQLAlchemy's way) and between commas (libpq's); `None` when nothing names a host.
    fn host_names(&self) -> Option<Vec<String>> {
        let pairs = |wanted: &str| -> Vec<String> {
            let pairs = self.parts.query.iter().filter(|(name, _)| name == wanted);
            pairs.flat_map(|(_, value)| value.split(',')).map(str::to_owned).collect()
        };
        let mut names = pairs("hostaddr");
        if names.is_empty() {
            names = pairs("host");
        }
        if names.is_empty() {
            let variable = || self.variables.get("PGHOSTADDR").or(self.variables.get("PGHOST"));
            let part = self.parts.host.clone().filter(|host| !host.is_empty());
            names = part.or_else(variable)?.split(',').map(str::to_owned).collect();
        }
        names.retain(|name| !name.is_empty());
        (!names.is_empty()).then_some(names)
    }

    fn ports(&self) -> Result<Vec<u16>, DatabaseError> {
        let part = self.parts.port.map(|port| port.to_string());
        let Some(text) = self.text("port", part.as_deref(), "PGPORT") else {
            return Ok(Vec::new());
        };
        let port = |port: &str| {
            let number = if port.is_empty() { Ok(5432) } else { port.parse() };
            number.map_err(|_| self.origin.setting("port", format!("`{port}` is no port")))
        };
        text.split(',').map(port).collect()
    }

    /// Whole seconds; libpq takes 1 for 2, and nothing positive for no limit.
    fn timeout(&self) -> Result<Option<Duration>, DatabaseError> {
        let Some(text) = self.text("connect_timeout", None, "PGCONNECT_TIMEOUT") else {
            return Ok(None);
        };
        let Ok(seconds) = text.trim().parse::<i64>() else {
            let reason = format!("`{text}` is no number of seconds");
            return Err(self.origin.setting("connect_timeout", reason));
        };
        let seconds = u64::try_from(seconds).unwrap_or_default();
        Ok((seconds > 0).then(|| Duration::from_secs(seconds.max(2))))
    }

    /// `sslmode`, or asyncpg's `ssl`. With a root certificate at hand `require` checks it, as in libpq.
    fn ssl_mode(&self, has_root: bool) -> Result<PgSslMode, DatabaseError> {
        let asyncpg = self.parts.option("ssl").map(str::to_ascii_lowercase);
        let mode = self.text("sslmode", asyncpg.as_deref(), "PGSSLMODE");
        Ok(match mode.as_deref().unwrap_or("prefer") {
            "disable" | "false" => PgSslMode::Disable,
            "allow" => PgSslMode::Allow,
            "prefer" => PgSslMode::Prefer,
            "require" | "true" if has_root => PgSslMode::VerifyCa,
            "require" | "true" => PgSslMode::Require,
            "verify-ca" => PgSslMode::VerifyCa,
            "verify-full" => PgSslMode::VerifyFull,
            other => {
                let reason = format!(
                    "`{other}` is none of disable, allow, prefer, require, verify-ca, verify-full"
                );
                return Err(self.origin.setting("sslmode", reason));
            }
        })
    }

    /// As named, or those in `~/.postgresql`. `sslrootcert=system` is what the driver does without a file.
    fn ssl_files(&self) -> SslFiles {
        let home = self.variables.get("HOME").map(|home| Path::new(&home).join(".postgresql"));
        let at_home =
            |name: &str| home.as_ref().map(|home| home.join(name)).filter(|path| path.is_file());
        let file = |option, variable, name| {
            let named = self.text(option, None, variable).map(PathBuf::from);
            named.or_else(|| at_home(name))
        };
        let root = file("sslrootcert", "PGSSLROOTCERT", "root.crt");
        SslFiles {
            root: root.filter(|path| path.as_os_str() != "system"),
            certificate: file("sslcert", "PGSSLCERT", "postgresql.crt"),
            key: file("sslkey", "PGSSLKEY", "postgresql.key"),
        }
    }
}

/// A host of a list, which can bring its own port.
fn host_of(text: &str, port: u16) -> Host {
    if let Some((name, own)) = text.split_once(':')
        && let Ok(own) = own.parse()
        && !text.starts_with('/')
    {
        return Host { name: name.to_owned(), port: own };
    }
    Host { name: text.trim_matches(['[', ']']).to_owned(), port }
}

/// The socket that is there, else this machine.
fn default_host(port: u16) -> Host {
    let has_socket = |folder: &&str| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists();
    let folder = SOCKET_FOLDERS.into_iter().find(has_socket);
    Host { name: folder.unwrap_or("localhost").to_owned(), port }
}
