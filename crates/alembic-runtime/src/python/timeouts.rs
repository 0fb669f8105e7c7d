//! `--statement-timeout` and `--lock-wait-timeout`: limits that PostgreSQL sets for the child's session, handed over in
//! `PGOPTIONS`, which libpq reads.
//!
//! A pooler in between may refuse the parameter (PgBouncer does unless `ignore_startup_parameters` has `options`).

use std::{ffi::OsString, time::Duration};

use thiserror::Error;

use crate::dialect::Dialect;

/// Limits for the child's statements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timeouts {
    /// `statement_timeout`.
    pub statement: Option<Duration>,
    /// `lock_timeout`.
    pub lock_wait: Option<Duration>,
}

/// What the child gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PgOptions {
    /// The value of `PGOPTIONS`; `None` leaves the variable alone.
    pub value: Option<OsString>,
    /// Why the limits may not hold.
    pub warning: Option<TimeoutWarning>,
}

/// Why limits have no effect.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TimeoutWarning {
    /// Another kind of database.
    #[error("the timeouts are PostgreSQL's: this database ignores them")]
    NotPostgreSql,
    /// A driver that does not use libpq.
    #[error(
        "the timeouts go through PGOPTIONS, which the driver `{driver}` ignores: set them in env.py"
    )]
    Driver {
        /// The driver of the URL.
        driver: String,
    },
    /// The URL has options of its own, which libpq prefers.
    #[error(
        "the timeouts go through PGOPTIONS, which `options` in the database URL overrides: set them there"
    )]
    UrlOptions,
}

/// Says how the limits reach the database. `driver` is the URL's (`psycopg2`, `asyncpg`; `None` is SQLAlchemy's default),
/// `url_options` whether its query has `options`, and `current` what `PGOPTIONS` holds now, to which ours is added.
pub fn timeouts(
    limits: Timeouts,
    dialect: Option<Dialect>,
    driver: Option<&str>,
    url_options: bool,
    current: Option<OsString>,
) -> PgOptions {
    let settings = [("statement_timeout", limits.statement), ("lock_timeout", limits.lock_wait)];
    let ours = settings
        .iter()
        .filter_map(|(name, limit)| Some(format!("-c {name}={}", milliseconds((*limit)?))));
    let ours = ours.collect::<Vec<_>>().join(" ");
    if ours.is_empty() {
        return PgOptions { value: None, warning: None };
    }
    let warning = warning(dialect, driver, url_options);
    if matches!(warning, Some(TimeoutWarning::NotPostgreSql)) {
        return PgOptions { value: None, warning };
    }
    let mut value = current.unwrap_or_default();
    if !value.is_empty() {
        value.push(" ");
    }
    value.push(ours);
    PgOptions { value: Some(value), warning }
}

fn warning(
    dialect: Option<Dialect>,
    driver: Option<&str>,
    url_options: bool,
) -> Option<TimeoutWarning> {
    const LIBPQ: [&str; 5] = ["psycopg2", "psycopg", "psycopg_async", "psycopg2cffi", "pygresql"];
    if dialect.is_some_and(|dialect| dialect != Dialect::PostgreSql) {
        return Some(TimeoutWarning::NotPostgreSql);
    }
    if let Some(driver) = driver.filter(|driver| !LIBPQ.contains(driver)) {
        return Some(TimeoutWarning::Driver { driver: driver.to_owned() });
    }
    url_options.then_some(TimeoutWarning::UrlOptions)
}

/// Whole milliseconds: at least one, since 0 means no limit, and at most what PostgreSQL's setting holds.
fn milliseconds(limit: Duration) -> u128 {
    limit.as_millis().clamp(1, 2_147_483_647)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Timeouts = Timeouts {
        statement: Some(Duration::from_secs(5)),
        lock_wait: Some(Duration::from_micros(1)),
    };

    #[test]
    fn limits_are_added_to_what_is_there() {
        let postgres = Some(Dialect::PostgreSql);
        let options = timeouts(LIMITS, postgres, None, false, Some("-c search_path=a".into()));
        let expected = "-c search_path=a -c statement_timeout=5000 -c lock_timeout=1";
        assert_eq!(options, PgOptions { value: Some(expected.into()), warning: None });
        let none = timeouts(Timeouts::default(), postgres, Some("asyncpg"), true, None);
        assert_eq!(none, PgOptions { value: None, warning: None });
    }

    #[test]
    fn what_ignores_them_is_said() {
        let said = |dialect, driver, url_options| {
            timeouts(LIMITS, dialect, driver, url_options, None).warning
        };
        let postgres = Some(Dialect::PostgreSql);
        assert_eq!(said(Some(Dialect::Sqlite), None, false), Some(TimeoutWarning::NotPostgreSql));
        let driver = "asyncpg".to_owned();
        assert_eq!(said(postgres, Some("asyncpg"), false), Some(TimeoutWarning::Driver { driver }));
        assert_eq!(said(postgres, Some("psycopg"), true), Some(TimeoutWarning::UrlOptions));
        assert_eq!(said(postgres, Some("psycopg"), false), None);
    }
}
