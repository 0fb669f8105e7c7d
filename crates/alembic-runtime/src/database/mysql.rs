//! MySQL and MariaDB.

use std::path::Path;

use sqlx::{
    ConnectOptions as _, MySqlConnection,
    mysql::{MySqlConnectOptions, MySqlDatabaseError, MySqlSslMode},
};

use super::{
    ConnectOptions, ConnectParts, DatabaseError,
    failure::{self, Failure, Origin},
    session::{Connection, within},
};

/// Where the servers' packages put their socket; what `localhost` means to MySQL's own client library.
const SOCKETS: [&str; 3] =
    ["/run/mysqld/mysqld.sock", "/var/run/mysqld/mysqld.sock", "/tmp/mysql.sock"];

/// Options that would need MySQL's own client library.
const UNSUPPORTED: [&str; 3] = ["read_default_file", "read_default_group", "ssl_capath"];

/// Connects by the rules of SQLAlchemy's drivers.
pub(super) async fn connect(
    parts: &ConnectParts,
    options: &ConnectOptions,
) -> Result<(Connection, Origin), DatabaseError> {
    let origin = origin(parts);
    if let Some(name) = UNSUPPORTED.into_iter().find(|name| parts.option(name).is_some()) {
        return Err(origin.setting(name, "it is not supported"));
    }
    let driver = driver_options(parts, &origin)?;
    let limit = match seconds(parts, &origin, "connect_timeout")? {
        Some(limit) => limit.min(options.timeout),
        None => options.timeout,
    };
    match within(limit, attempts(&driver, parts)).await {
        Ok(connection) => Ok((Connection::MySql(connection), origin)),
        Err(failure) => Err(origin.connecting(failure)),
    }
}

fn origin(parts: &ConnectParts) -> Origin {
    let host = host(parts);
    let address = match parts.option("unix_socket") {
        Some(path) => path.to_owned(),
        None => format!("{host}:{}", parts.port.unwrap_or(3306)),
    };
    Origin { address, host: host.to_owned(), ..Origin::of(parts) }
}

fn host(parts: &ConnectParts) -> &str {
    parts.host.as_deref().filter(|host| !host.is_empty()).unwrap_or("localhost")
}

fn seconds(
    parts: &ConnectParts,
    origin: &Origin,
    name: &str,
) -> Result<Option<std::time::Duration>, DatabaseError> {
    let Some(value) = parts.option(name) else { return Ok(None) };
    match value.parse() {
        Ok(0) => Ok(None),
        Ok(seconds) => Ok(Some(std::time::Duration::from_secs(seconds))),
        Err(_) => Err(origin.setting(name, format!("`{value}` is no number of seconds"))),
    }
}

fn driver_options(
    parts: &ConnectParts,
    origin: &Origin,
) -> Result<MySqlConnectOptions, DatabaseError> {
    // What sqlx sets in a session of its own accord would be one more round trip, and nothing here needs it.
    let mut driver = MySqlConnectOptions::new()
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .set_names(false)
        .host(host(parts))
        .port(parts.port.unwrap_or(3306))
        .ssl_mode(ssl_mode(parts, origin)?);
    if let Some(username) = &parts.username {
        driver = driver.username(username);
    }
    if let Some(password) = &parts.password {
        driver = driver.password(password);
    }
    if let Some(database) = parts.database.as_deref().filter(|name| !name.is_empty()) {
        driver = driver.database(database);
    }
    if let Some(charset) = parts.option("charset") {
        driver = driver.charset(charset);
    }
    if let Some(path) = parts.option("unix_socket") {
        driver = driver.socket(path).ssl_mode(MySqlSslMode::Disabled);
    }
    if let Some(path) = parts.option("ssl_ca") {
        driver = driver.ssl_ca(path);
    }
    if let Some(path) = parts.option("ssl_cert") {
        driver = driver.ssl_client_cert(path);
    }
    if let Some(path) = parts.option("ssl_key") {
        driver = driver.ssl_client_key(path);
    }
    Ok(driver)
}

/// By `ssl_mode` (mysqlclient), or by what the others have: `ssl_ca` alone asks for a checked certificate.
fn ssl_mode(parts: &ConnectParts, origin: &Origin) -> Result<MySqlSslMode, DatabaseError> {
    if let Some(mode) = parts.option("ssl_mode").or_else(|| parts.option("ssl-mode")) {
        let known = mode.replace('-', "_").to_ascii_uppercase().parse();
        return known.map_err(|_| origin.setting("ssl_mode", format!("`{mode}` is no mode")));
    }
    let is = |name, wanted: &str| {
        parts.option(name).is_some_and(|value| value.eq_ignore_ascii_case(wanted))
    };
    if is("ssl_disabled", "true") || is("ssl_disabled", "1") {
        return Ok(MySqlSslMode::Disabled);
    }
    let checks_name = |name| !(is(name, "false") || is(name, "0"));
    Ok(match parts.option("ssl_ca") {
        Some(_) if is("ssl_verify_identity", "true") => MySqlSslMode::VerifyIdentity,
        Some(_) if parts.option("ssl_check_hostname").is_some() => {
            if checks_name("ssl_check_hostname") {
                MySqlSslMode::VerifyIdentity
            } else {
                MySqlSslMode::VerifyCa
            }
        }
        Some(_) => MySqlSslMode::VerifyCa,
        None if is("ssl", "true") => MySqlSslMode::Required,
        None => MySqlSslMode::Preferred,
    })
}

/// The connection; unencrypted when nobody insists and encryption fails, by socket when `localhost` means that.
async fn attempts(
    driver: &MySqlConnectOptions,
    parts: &ConnectParts,
) -> Result<MySqlConnection, Failure> {
    let first = match driver.connect().await {
        Err(error)
            if failure::is_tls(&error)
                && matches!(driver.get_ssl_mode(), MySqlSslMode::Preferred) =>
        {
            driver.clone().ssl_mode(MySqlSslMode::Disabled).connect().await
        }
        first => first,
    };
    match (first, default_socket(parts)) {
        (Err(sqlx::Error::Io(error)), Some(socket))
            if error.kind() == std::io::ErrorKind::ConnectionRefused =>
        {
            let by_socket = driver.clone().socket(socket).ssl_mode(MySqlSslMode::Disabled);
            by_socket.connect().await.map_err(failure)
        }
        (first, _) => first.map_err(failure),
    }
}

/// The system's socket, when the URL names this machine and neither port nor socket.
fn default_socket(parts: &ConnectParts) -> Option<&'static str> {
    let is_asked = parts.port.is_none() && parts.option("unix_socket").is_none();
    let exists = |path: &&str| Path::new(path).exists();
    if is_asked && host(parts) == "localhost" {
        return SOCKETS.into_iter().find(exists);
    }
    None
}

/// What an error of the server means, by its number.
pub(super) fn failure(error: sqlx::Error) -> Failure {
    failure::failure(error, |error| {
        let message = error.message().to_owned();
        let number =
            error.try_downcast_ref::<MySqlDatabaseError>().map_or(0, MySqlDatabaseError::number);
        match number {
            1045 => Failure::WrongPassword,
            1130 | 1251 | 1698 | 2054 => Failure::LoginRefused(message),
            1049 => Failure::NoSuchDatabase,
            1040 | 1053 | 1203 => Failure::NotReady(message),
            1044 | 1142 | 1143 | 1227 => Failure::NoRights(message),
            1146 => Failure::NoSuchTable,
            1062 => Failure::RowExists(message),
            1054 => Failure::WrongShape("it has no column version_num".to_owned()),
            1364 | 1366 => Failure::WrongShape(message),
            1406 => Failure::TooLong(message),
            1205 | 3572 => Failure::Locked(message),
            1213 => Failure::Deadlock(message),
            1317 | 1969 | 3024 => Failure::Cancelled(message),
            1290 | 1792 | 1836 => Failure::ReadOnly(message),
            _ => Failure::Other(message),
        }
    })
}
