//! The URLs that people write.

use alembic_runtime::{
    database_url::{DatabaseUrl, SqliteLocation},
    dialect::Dialect,
};

fn url(text: &str) -> DatabaseUrl {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn password(text: &str) -> Option<String> {
    url(text).password.map(|password| password.expose().to_owned())
}

#[test]
fn passwords_may_hold_what_a_url_may_not() {
    for (written, meant) in [
        ("p%40ss", "p@ss"),
        ("p/ss", "p/ss"),
        ("p?ss", "p?ss"),
        ("p#ss", "p#ss"),
        ("p:ss", "p:ss"),
        ("p%25ss", "p%ss"),
        ("p+s s", "p+s s"),
        ("pa$$word", "pa$$word"),
        ("", ""),
    ] {
        let text = format!("postgresql+psycopg://bob:{written}@db:5432/app");
        assert_eq!(password(&text).as_deref(), Some(meant), "{text}");
        assert_eq!(url(&text).host.as_deref(), Some("db"), "{text}");
    }
}

#[test]
fn a_socket_stands_in_the_query() {
    let url = url("postgresql:///app?host=/var/run/postgresql&host=other");
    assert_eq!((url.host.as_deref(), url.database.as_deref()), (None, Some("app")));
    assert_eq!(url.query_values("host"), ["/var/run/postgresql", "other"]);
    assert_eq!(url.query_value("host"), Some("other"));
}

#[test]
fn an_ipv6_host_loses_its_brackets_and_gets_them_back() {
    let url = url("postgresql://[2001:db8::1]:5433/app");
    assert_eq!((url.host.as_deref(), url.port), (Some("2001:db8::1"), Some(5433)));
    assert_eq!(url.to_string(), "postgresql://[2001:db8::1]:5433/app");
}

#[test]
fn the_driver_says_the_family_and_no_more() {
    for (text, dialect, driver) in [
        ("postgresql://h/d", Some(Dialect::PostgreSql), None),
        ("postgresql+asyncpg://h/d", Some(Dialect::PostgreSql), Some("asyncpg")),
        ("postgres://h/d", Some(Dialect::PostgreSql), None),
        ("mysql+pymysql://h/d", Some(Dialect::MySql), Some("pymysql")),
        ("mariadb+mariadbconnector://h/d", Some(Dialect::MySql), Some("mariadbconnector")),
        ("sqlite+aiosqlite:///d", Some(Dialect::Sqlite), Some("aiosqlite")),
        ("mssql+pyodbc://h/d", None, Some("pyodbc")),
    ] {
        let url = url(text);
        assert_eq!((url.dialect(), url.driver()), (dialect, driver), "{text}");
        assert_eq!(url.uses_refused_alias(), text.starts_with("postgres:"), "{text}");
    }
}

#[test]
fn sqlite_is_in_memory_in_a_file_or_a_uri() {
    let file = |path: &str| SqliteLocation::File(path.into());
    for (text, location) in [
        ("sqlite://", SqliteLocation::Memory),
        ("sqlite:///", SqliteLocation::Memory),
        ("sqlite:///:memory:", SqliteLocation::Memory),
        ("sqlite:///app.db", file("app.db")),
        ("sqlite+aiosqlite:///./data/app.db?timeout=3", file("./data/app.db")),
        ("sqlite:////var/lib/app.db", file("/var/lib/app.db")),
        ("sqlite:///C:\\data\\app.db", file("C:\\data\\app.db")),
        (
            "sqlite:///file:app.db?mode=ro&uri=true",
            SqliteLocation::Uri("file:app.db?mode=ro".into()),
        ),
    ] {
        let found = url(text).sqlite_location();
        assert_eq!(found.unwrap_or_else(|error| panic!("{text}: {error}")), location, "{text}");
    }
    for (text, marked, help) in [
        ("sqlite://app.db", "app.db", "for the file `app.db` write `sqlite:///app.db`: "),
        ("sqlite://user@/app.db", "user@", "SQLite is a file and has neither user nor host: "),
        ("sqlite://localhost/app.db", "localhost", "SQLite is a file and has"),
        ("sqlite://:x@/app.db", ":***@", "SQLite is a file and has"),
    ] {
        let error = url(text).sqlite_location().expect_err(text);
        let shown = text.replace(":x", ":***");
        assert_eq!(error.to_string(), format!("Invalid SQLite URL: {shown}"));
        assert_eq!(&error.shown()[error.span()], marked);
        assert!(error.help_text().is_some_and(|found| found.starts_with(help)), "{error:?}");
    }
    for text in ["sqlite://:@/app.db", "postgresql://app.db", "sqlite:///app.db?cache=shared"] {
        url(text).check_sqlite().unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

#[test]
fn the_placeholder_of_the_templates_is_known() {
    assert!(url("driver://user:pass@localhost/dbname").is_template_placeholder());
    assert!(url("driver://user:pass@localhost/dbname2").is_template_placeholder());
    assert!(!url("postgresql://user:pass@localhost/dbname").is_template_placeholder());
}
