//! The packages behind SQLAlchemy's drivers.

use super::{Package, Python, Version};
use crate::database_url::DatabaseUrl;

/// A package that SQLAlchemy imports for the URLs of a driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DriverPackage {
    /// What is imported: `MySQLdb`.
    pub module: &'static str,
    /// What is installed: `mysqlclient`.
    pub distribution: &'static str,
}

impl DriverPackage {
    const fn new(module: &'static str, distribution: &'static str) -> Self {
        Self { module, distribution }
    }

    /// The package for the driver of `url`, by SQLAlchemy's choice where the URL names none. `None` for drivers that
    /// are not known here, and for SQLite's, which Python brings along.
    pub fn of(url: &DatabaseUrl, sqlalchemy: &Version) -> Option<Self> {
        Some(match (url.backend_name(), url.driver()) {
            ("postgresql", None) if sqlalchemy.is_at_least(2, 1) => Self::new("psycopg", "psycopg"),
            ("postgresql", None | Some("psycopg2")) => Self::new("psycopg2", "psycopg2-binary"),
            ("postgresql", Some("psycopg" | "psycopg_async")) => Self::new("psycopg", "psycopg"),
            ("postgresql", Some("asyncpg")) => Self::new("asyncpg", "asyncpg"),
            ("postgresql", Some("pg8000")) => Self::new("pg8000", "pg8000"),
            ("mysql" | "mariadb", None | Some("mysqldb")) => Self::new("MySQLdb", "mysqlclient"),
            ("mysql" | "mariadb", Some("pymysql")) => Self::new("pymysql", "PyMySQL"),
            ("mysql" | "mariadb", Some("aiomysql")) => Self::new("aiomysql", "aiomysql"),
            ("mysql" | "mariadb", Some("asyncmy")) => Self::new("asyncmy", "asyncmy"),
            ("mysql" | "mariadb", Some("mariadbconnector")) => Self::new("mariadb", "mariadb"),
            ("sqlite", Some("aiosqlite")) => Self::new("aiosqlite", "aiosqlite"),
            _ => return None,
        })
    }
}

impl Python {
    /// The package that it lacks for the driver of `url`. Nothing is missed where its files do not tell what it has,
    /// SQLAlchemy and its version among it.
    pub fn missing_driver(&self, url: &DatabaseUrl) -> Option<DriverPackage> {
        let Package { version, .. } = self.package("sqlalchemy")?;
        let driver = DriverPackage::of(url, &version?)?;
        self.package(driver.module).is_none().then_some(driver)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drivers_by_url_and_age() {
        let module = |url: &str, sqlalchemy: &str| {
            let url = url.parse().unwrap();
            DriverPackage::of(&url, &Version::new(sqlalchemy)).map(|driver| driver.module)
        };
        for (url, old, new) in [
            ("postgresql://db/app", Some("psycopg2"), Some("psycopg")),
            ("postgresql+psycopg2://db/app", Some("psycopg2"), Some("psycopg2")),
            ("postgresql+psycopg://db/app", Some("psycopg"), Some("psycopg")),
            ("postgresql+unheard://db/app", None, None),
            ("mariadb://db/app", Some("MySQLdb"), Some("MySQLdb")),
            ("mysql+pymysql://db/app", Some("pymysql"), Some("pymysql")),
            ("sqlite:///app.db", None, None),
            ("sqlite+aiosqlite:///app.db", Some("aiosqlite"), Some("aiosqlite")),
            ("oracle+oracledb://db/app", None, None),
        ] {
            assert_eq!(module(url, "2.0.36"), old, "{url}");
            assert_eq!(module(url, "2.1.0b1"), new, "{url}");
        }
    }
}
