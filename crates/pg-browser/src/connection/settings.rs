//! What libpq would make of the options and its environment variables.
//!
//! Parameters win over the rest; what is left open is filled from the environment, then from libpq's defaults.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::{
    ConnectOptions,
    password_file::{self, Login},
};
use crate::{Error, Result};

/// Folders in which servers put their socket: Debian's, then PostgreSQL's own.
const SOCKET_FOLDERS: [&str; 3] = ["/run/postgresql", "/var/run/postgresql", "/tmp"];

/// Parameters that cannot be honoured and must not be ignored.
const UNSUPPORTED: [(&str, &str); 2] = [
    ("service", "service files are not read; write host, port and database into the URL"),
    ("sslpassword", "keys with a password are not supported"),
];

/// Everything that a connection needs. No `Debug`: the password is in it.
pub(super) struct Settings {
    pub(super) hosts: Vec<Host>,
    pub(super) timeout: Duration,
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

    /// As in messages.
    pub(super) fn address(&self) -> String {
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
    pub(super) fn resolve(options: &ConnectOptions) -> Result<Self> {
        let source = Source { options };
        source.refuse_unsupported()?;
        let user = source.user();
        let ssl_files = source.ssl_files();
        Ok(Self {
            hosts: source.hosts()?,
            timeout: source.timeout()?,
            database: source
                .text("dbname", options.database.as_deref(), "PGDATABASE")
                .unwrap_or_else(|| user.clone()),
            password: source.text("password", options.password.as_deref(), "PGPASSWORD"),
            password_file: password_file::path(
                options.parameter_of("passfile"),
                &options.variables,
            ),
            ssl_mode: source.ssl_mode(ssl_files.root.is_some())?,
            application_name: source
                .text("application_name", None, "PGAPPNAME")
                .unwrap_or_else(|| options.application_name.clone()),
            server_options: options.parameter_of("options").map(str::to_owned),
            ssl_files,
            user,
        })
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
            // A startup parameter that poolers refuse; a statement sets it instead.
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
    options: &'a ConnectOptions,
}

impl Source<'_> {
    /// By the parameter of that name, the part of the URL, the environment variable.
    fn text(&self, parameter: &str, part: Option<&str>, variable: &str) -> Option<String> {
        let part = part.filter(|part| !part.is_empty()).map(str::to_owned);
        let parameter = self.options.parameter_of(parameter).map(str::to_owned);
        parameter.or(part).or_else(|| self.options.variables.get(variable))
    }

    fn refuse_unsupported(&self) -> Result<()> {
        for (name, reason) in UNSUPPORTED {
            if self.options.parameter_of(name).is_some() {
                return Err(refused(name, reason));
            }
        }
        let session = self.options.parameter_of("target_session_attrs").unwrap_or("any");
        if session != "any" && self.host_names().is_some_and(|names| names.len() > 1) {
            let reason = format!("`{session}` among several hosts is not supported; name one host");
            return Err(refused("target_session_attrs", reason));
        }
        Ok(())
    }

    fn user(&self) -> String {
        self.text("user", self.options.user.as_deref(), "PGUSER").unwrap_or_else(|| {
            // sqlx asks the operating system, as libpq does.
            PgConnectOptions::new_without_pgpass().get_username().to_owned()
        })
    }

    fn hosts(&self) -> Result<Vec<Host>> {
        let ports = self.ports()?;
        let Some(names) = self.host_names() else {
            return Ok(vec![default_host(ports.first().copied().unwrap_or(5432))]);
        };
        if ports.len() > 1 && ports.len() != names.len() {
            let reason = format!("{} ports for {} hosts", ports.len(), names.len());
            return Err(refused("port", reason));
        }
        let host = |(at, name): (usize, &String)| {
            host_of(name, ports.get(at).or(ports.first()).copied().unwrap_or(5432))
        };
        Ok(names.iter().enumerate().map(host).collect())
    }

    /// The names, of `host` parameters (SQLAlchemy's way) and between commas (libpq's); `None` when nothing names a host.
    fn host_names(&self) -> Option<Vec<String>> {
        let pairs = |wanted: &str| -> Vec<String> {
            let pairs = self.options.parameters.iter().filter(|(name, _)| name == wanted);
            pairs.flat_map(|(_, value)| value.split(',')).map(str::to_owned).collect()
        };
        let mut names = pairs("hostaddr");
        if names.is_empty() {
            names = pairs("host");
        }
        if names.is_empty() {
            let variables = &self.options.variables;
            let variable = || variables.get("PGHOSTADDR").or(variables.get("PGHOST"));
            let part = self.options.host.clone().filter(|host| !host.is_empty());
            names = part.or_else(variable)?.split(',').map(str::to_owned).collect();
        }
        names.retain(|name| !name.is_empty());
        (!names.is_empty()).then_some(names)
    }

    fn ports(&self) -> Result<Vec<u16>> {
        let part = self.options.port.map(|port| port.to_string());
        let Some(text) = self.text("port", part.as_deref(), "PGPORT") else {
            return Ok(Vec::new());
        };
        let port = |port: &str| {
            let number = if port.is_empty() { Ok(5432) } else { port.parse() };
            number.map_err(|_| refused("port", format!("`{port}` is no port")))
        };
        text.split(',').map(port).collect()
    }

    /// Whole seconds; libpq takes 1 for 2, and nothing positive for no limit, where ours remains.
    fn timeout(&self) -> Result<Duration> {
        let own = self.options.connect_timeout;
        let Some(text) = self.text("connect_timeout", None, "PGCONNECT_TIMEOUT") else {
            return Ok(own);
        };
        let Ok(seconds) = text.trim().parse::<i64>() else {
            return Err(refused("connect_timeout", format!("`{text}` is no number of seconds")));
        };
        let seconds = u64::try_from(seconds).unwrap_or_default();
        Ok(if seconds > 0 { own.min(Duration::from_secs(seconds.max(2))) } else { own })
    }

    /// `sslmode`, or asyncpg's `ssl`. With a root certificate at hand `require` checks it, as in libpq.
    fn ssl_mode(&self, has_root: bool) -> Result<PgSslMode> {
        let asyncpg = self.options.parameter_of("ssl").map(str::to_ascii_lowercase);
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
                return Err(refused("sslmode", reason));
            }
        })
    }

    /// As named, or those in `~/.postgresql`. `sslrootcert=system` is what the driver does without a file.
    fn ssl_files(&self) -> SslFiles {
        let home = self.options.variables.get("HOME");
        let home = home.map(|home| Path::new(&home).join(".postgresql"));
        let at_home =
            |name: &str| home.as_ref().map(|home| home.join(name)).filter(|path| path.is_file());
        let file = |parameter, variable, name| {
            let named = self.text(parameter, None, variable).map(PathBuf::from);
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

fn refused(name: &str, reason: impl Into<String>) -> Error {
    Error::InvalidSetting { name: name.to_owned(), reason: reason.into() }
}

/// A host of a list, which can bring its own port.
fn host_of(text: &str, port: u16) -> Host {
    if let Some((name, own)) = text.split_once(':')
        && let Ok(own) = own.parse()
        && !text.starts_with('/')
        && !text.starts_with(':')
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
