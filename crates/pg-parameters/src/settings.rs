//! Everything that a connection needs, and how the driver is told.

use std::{
    fmt::{self, Write as _},
    path::PathBuf,
    time::Duration,
};

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::{
    Given, Host, InvalidParameter, Variables,
    password_file::{self, Login},
    source::Source,
};

/// Everything that a connection needs. `Debug` shows no password.
pub struct Settings {
    hosts: Vec<Host>,
    timeout: Option<Duration>,
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

/// Files for TLS.
#[derive(Debug, Default)]
pub(crate) struct SslFiles {
    pub(crate) root: Option<PathBuf>,
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
}

impl Settings {
    /// What libpq would make of it.
    ///
    /// # Errors
    ///
    /// [`InvalidParameter`] for a value that libpq refuses, and for what is not supported and must not be ignored.
    pub fn resolve(given: &Given<'_>, variables: &Variables) -> Result<Self, InvalidParameter> {
        let source = Source { given, variables };
        source.refuse_unsupported()?;
        let user = source.user()?;
        let ssl_files = source.ssl_files();
        Ok(Self {
            hosts: source.hosts()?,
            timeout: source.timeout()?,
            database: source
                .text("dbname", given.database, "PGDATABASE")
                .unwrap_or_else(|| user.clone()),
            password: source.text("password", given.password, "PGPASSWORD"),
            password_file: password_file::path(source.parameter("passfile"), variables),
            ssl_mode: source.ssl_mode(ssl_files.root.is_some())?,
            application_name: source
                .text("application_name", None, "PGAPPNAME")
                .unwrap_or_else(|| given.application_name.to_owned()),
            server_options: source.parameter("options").map(str::to_owned),
            ssl_files,
            user,
        })
    }

    /// The servers to try in turn; at least one.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// `connect_timeout`, at least 2 s; `None` when there is none.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Who logs in.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Whether there is a password for a host, the password file's included.
    pub fn has_password_for(&self, host: &Host) -> bool {
        self.password_for(host).is_some()
    }

    /// The ways of encryption to try, in libpq's order. Sockets are never encrypted.
    pub fn ssl_attempts(&self, host: &Host) -> (PgSslMode, Option<PgSslMode>) {
        match self.ssl_mode {
            _ if host.is_socket() => (PgSslMode::Disable, None),
            PgSslMode::Allow => (PgSslMode::Disable, Some(PgSslMode::Require)),
            PgSslMode::Prefer => (PgSslMode::Prefer, Some(PgSslMode::Disable)),
            mode => (mode, None),
        }
    }

    /// The driver's options for one attempt.
    ///
    /// # Errors
    ///
    /// sqlx's own, when it cannot take libpq's `options`.
    pub fn driver_options(
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

/// Shows who connects where, and no password.
impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("hosts", &self.hosts)
            .field("user", &self.user)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        let given = Given { password: Some("s3cret"), ..Given::default() };
        let settings = Settings::resolve(&given, &Variables::new(|_| None)).unwrap();
        assert!(!format!("{settings:?}").contains("s3cret"));
        assert!(settings.has_password_for(&settings.hosts()[0]));
    }
}
