//! What libpq would make of what is given and its environment variables.
//!
//! Parameters win over the rest; what is left open is filled from the environment, then from libpq's defaults.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::postgres::PgSslMode;

use crate::{Given, Host, InvalidParameter, Variables, settings::SslFiles, system_user};

/// Parameters that cannot be honoured and must not be ignored.
const UNSUPPORTED: [(&str, &str); 2] = [
    ("service", "service files are not read; write host, port and database into the URL"),
    ("sslpassword", "keys with a password are not supported"),
];

/// Where settings come from.
pub(crate) struct Source<'a> {
    pub(crate) given: &'a Given<'a>,
    pub(crate) variables: &'a Variables,
}

impl Source<'_> {
    /// The last parameter of that name; an empty one counts as absent.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let pair = self.given.parameters.iter().rev().find(|(key, _)| key == name);
        pair.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// By the parameter of that name, the part of the URL, the environment variable.
    pub(crate) fn text(
        &self,
        parameter: &str,
        part: Option<&str>,
        variable: &str,
    ) -> Option<String> {
        let part = part.filter(|part| !part.is_empty()).map(str::to_owned);
        let parameter = self.parameter(parameter).map(str::to_owned);
        parameter.or(part).or_else(|| self.variables.get(variable))
    }

    pub(crate) fn refuse_unsupported(&self) -> Result<(), InvalidParameter> {
        for (name, reason) in UNSUPPORTED {
            if self.parameter(name).is_some() {
                return Err(InvalidParameter::new(name, reason));
            }
        }
        let session = self.parameter("target_session_attrs").unwrap_or("any");
        if session != "any" && self.host_names().is_some_and(|names| names.len() > 1) {
            let reason = format!("`{session}` among several hosts is not supported; name one host");
            return Err(InvalidParameter::new("target_session_attrs", reason));
        }
        Ok(())
    }

    /// sqlx would log in as `anonymous` where nobody is named.
    pub(crate) fn user(&self) -> Result<String, InvalidParameter> {
        let named = self.text("user", self.given.user, "PGUSER");
        named.map_or_else(|| system_user::name(self.variables), Ok)
    }

    pub(crate) fn hosts(&self) -> Result<Vec<Host>, InvalidParameter> {
        let ports = self.ports()?;
        let Some(names) = self.host_names() else {
            return Ok(vec![Host::by_default(ports.first().copied().unwrap_or(5432))]);
        };
        if ports.len() > 1 && ports.len() != names.len() {
            let reason = format!("{} ports for {} hosts", ports.len(), names.len());
            return Err(InvalidParameter::new("port", reason));
        }
        let host = |(at, name): (usize, &String)| {
            Host::of_list(name, ports.get(at).or(ports.first()).copied().unwrap_or(5432))
        };
        Ok(names.iter().enumerate().map(host).collect())
    }

    /// The names, of `host` parameters (SQLAlchemy's way) and between commas (libpq's); `None` when nothing names a host.
    fn host_names(&self) -> Option<Vec<String>> {
        let pairs = |wanted: &str| -> Vec<String> {
            let pairs = self.given.parameters.iter().filter(|(name, _)| name == wanted);
            pairs.flat_map(|(_, value)| value.split(',')).map(str::to_owned).collect()
        };
        let mut names = pairs("hostaddr");
        if names.is_empty() {
            names = pairs("host");
        }
        if names.is_empty() {
            let variables = self.variables;
            let variable = || variables.get("PGHOSTADDR").or(variables.get("PGHOST"));
            let part = self.given.host.filter(|host| !host.is_empty()).map(str::to_owned);
            names = part.or_else(variable)?.split(',').map(str::to_owned).collect();
        }
        names.retain(|name| !name.is_empty());
        (!names.is_empty()).then_some(names)
    }

    fn ports(&self) -> Result<Vec<u16>, InvalidParameter> {
        let part = self.given.port.map(|port| port.to_string());
        let Some(text) = self.text("port", part.as_deref(), "PGPORT") else {
            return Ok(Vec::new());
        };
        let port = |port: &str| {
            let number = if port.is_empty() { Ok(5432) } else { port.parse() };
            number.map_err(|_| InvalidParameter::new("port", format!("`{port}` is no port")))
        };
        text.split(',').map(port).collect()
    }

    /// Whole seconds; libpq takes 1 for 2, and nothing positive for no limit.
    pub(crate) fn timeout(&self) -> Result<Option<Duration>, InvalidParameter> {
        let Some(text) = self.text("connect_timeout", None, "PGCONNECT_TIMEOUT") else {
            return Ok(None);
        };
        let Ok(seconds) = text.trim().parse::<i64>() else {
            let reason = format!("`{text}` is no number of seconds");
            return Err(InvalidParameter::new("connect_timeout", reason));
        };
        let seconds = u64::try_from(seconds).unwrap_or_default();
        Ok((seconds > 0).then(|| Duration::from_secs(seconds.max(2))))
    }

    /// `sslmode`, or asyncpg's `ssl`. With a root certificate at hand `require` checks it, as in libpq.
    pub(crate) fn ssl_mode(&self, has_root: bool) -> Result<PgSslMode, InvalidParameter> {
        let asyncpg = self.parameter("ssl").map(str::to_ascii_lowercase);
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
                return Err(InvalidParameter::new("sslmode", reason));
            }
        })
    }

    /// As named, or those in `~/.postgresql`. `sslrootcert=system` is what the driver does without a file.
    pub(crate) fn ssl_files(&self) -> SslFiles {
        let home = self.variables.get("HOME");
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
