//! PostgreSQL, and what speaks its protocol.

use std::time::Duration;

use pg_parameters::{Given, Host, Settings};
use sqlx::{
    ConnectOptions as _, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};

use super::{
    ConnectOptions, ConnectParts, DatabaseError,
    error::DatabaseErrorKind,
    failure::{self, Failure, Origin},
    session::{Connection, within},
};

/// Connects by libpq's rules: the hosts in turn, until one answers.
pub(super) async fn connect(
    parts: &ConnectParts,
    options: &ConnectOptions,
) -> Result<(Connection, Origin), DatabaseError> {
    let settings = resolve(parts, options)?;
    let limit = settings.timeout().map_or(options.timeout, |limit| limit.min(options.timeout));
    let mut last = None;
    for host in settings.hosts() {
        let origin = origin(parts, &settings, host);
        match connect_to(&settings, host, limit).await.map_err(|failure| origin.connecting(failure))
        {
            Ok(connection) => return Ok((Connection::Postgres(connection), origin)),
            // A server that answers and refuses ends the search, as in libpq.
            Err(error) if error.kind() != DatabaseErrorKind::Unreachable => return Err(error),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| Origin::of(parts).setting("host", "there is none")))
}

/// What libpq would make of a URL and its environment variables.
fn resolve(parts: &ConnectParts, options: &ConnectOptions) -> Result<Settings, DatabaseError> {
    let given = Given {
        host: parts.host.as_deref(),
        port: parts.port,
        user: parts.username.as_deref(),
        password: parts.password.as_deref(),
        database: parts.database.as_deref(),
        parameters: &parts.query,
        application_name: &options.application_name,
    };
    Settings::resolve(&given, &options.variables)
        .map_err(|invalid| Origin::of(parts).setting(invalid.name, invalid.reason))
}

/// What errors about a host say.
fn origin(parts: &ConnectParts, settings: &Settings, host: &Host) -> Origin {
    Origin {
        address: host.address(),
        host: host.name().to_owned(),
        user: settings.user().to_owned(),
        has_password: settings.has_password_for(host),
        database: settings.database().to_owned(),
        ..Origin::of(parts)
    }
}

async fn connect_to(
    settings: &Settings,
    host: &Host,
    limit: Duration,
) -> Result<PgConnection, Failure> {
    within(limit, async {
        let (first, second) = settings.ssl_attempts(host);
        match (open(settings, host, first).await, second) {
            (Err(error), Some(second)) if is_worth_another_mode(&error) => {
                open(settings, host, second).await.map_err(failure)
            }
            (outcome, _) => outcome.map_err(failure),
        }
    })
    .await
}

async fn open(
    settings: &Settings,
    host: &Host,
    mode: PgSslMode,
) -> Result<PgConnection, sqlx::Error> {
    let options: PgConnectOptions = settings.driver_options(host, mode)?;
    options.connect().await
}

/// Encryption failed, or `pg_hba.conf` wants it the other way.
fn is_worth_another_mode(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => error.code().as_deref() == Some("28000"),
        error => failure::is_tls(error),
    }
}

/// What an error of the server means, by its SQLSTATE.
pub(super) fn failure(error: sqlx::Error) -> Failure {
    failure::failure(error, |error| {
        let message = error.message().to_owned();
        let code = error.code().unwrap_or_default().into_owned();
        match code.as_str() {
            "28P01" => Failure::WrongPassword,
            "28000" => Failure::LoginRefused(message),
            "3D000" => Failure::NoSuchDatabase,
            "57P01" | "57P02" | "57P03" | "53300" => Failure::NotReady(message),
            "42501" => Failure::NoRights(message),
            "42P01" => Failure::NoSuchTable,
            "23505" => Failure::RowExists(message),
            "3F000" => Failure::NoSuchSchema,
            "42703" => Failure::WrongShape("it has no column version_num".to_owned()),
            "42804" | "42883" | "22P02" | "23502" => Failure::WrongShape(message),
            "22001" => Failure::TooLong(message),
            "25006" => Failure::ReadOnly(message),
            "55P03" => Failure::Locked(message),
            "40P01" => Failure::Deadlock(message),
            "57014" => Failure::Cancelled(message),
            _ => Failure::Other(message),
        }
    })
}
