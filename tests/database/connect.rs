//! Getting in, by every way that a URL and libpq's variables can name, and what is said when that fails.

use std::{
    io::Write as _,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    time::{Duration, Instant},
};

use alembic_runtime::{
    database::{
        ConnectOptions, ConnectParts, Database, DatabaseError, DatabaseErrorKind, wait_for,
    },
    dialect::Dialect,
};
use alembic_testing::{MariaDb, Postgres};
use miette::Diagnostic as _;

use crate::support::{
    connect, mariadb, named, options, postgres, reading, refusal, rows, sqlite, table,
    with_variables,
};

const PASSWORD: &str = "p@ss/w:o#r?d% \\'x";

fn with(parts: &ConnectParts, query: &[(&str, &str)]) -> ConnectParts {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    ConnectParts { query: query.iter().map(pair).collect(), ..parts.clone() }
}

/// Lets us in, and the rows can be asked for.
async fn works(parts: &ConnectParts, options: &ConnectOptions) {
    let mut database = Database::connect(parts, options).await.unwrap_or_else(|error| {
        panic!("{parts}: {error}");
    });
    assert_eq!(rows(&mut database, &table()).await, None);
}

fn kind(error: &DatabaseError) -> DatabaseErrorKind {
    assert!(error.help().is_some(), "{error}");
    assert!(!format!("{error} {error:?}").contains("p@ss"), "{error:?}");
    error.kind()
}

#[tokio::test]
async fn postgresql_by_socket_and_variables() {
    let server = Postgres::shared();
    let folder = server.socket_folder().to_str().unwrap();
    let port = server.port().to_string();
    let nothing = ConnectParts::new(Dialect::PostgreSql);
    let database = ConnectParts { database: Some("postgres".to_owned()), ..nothing.clone() };
    let user = [("user", "postgres"), ("host", folder), ("port", &port)];
    works(&with(&database, &user), &options()).await;
    let variables = [("PGHOST", folder), ("PGPORT", &port), ("PGUSER", "postgres")];
    works(&database, &with_variables(&variables)).await;
    // The database is the user's when nothing names one.
    works(&nothing, &with_variables(&variables)).await;
    let variables = [("PGHOSTADDR", "127.0.0.1"), ("PGPORT", &port), ("PGUSER", "postgres")];
    works(&nothing, &with_variables(&[&variables[..], &[("PGDATABASE", "template1")]].concat()))
        .await;
}

#[tokio::test]
async fn postgresql_settings_reach_the_server() {
    let database = Postgres::shared().database();
    database
        .sql("create schema other; create table other.alembic_version (version_num varchar(32))");
    let parts = postgres(Postgres::shared(), database.name());
    let mut plain = connect(&parts).await;
    assert_eq!(plain.heads(&table()).await.unwrap(), None);
    let asked = with(&parts, &[("options", "-csearch_path=other -c statement_timeout=9s")]);
    let mut session = connect(&asked).await;
    assert_eq!(session.heads(&table()).await.unwrap(), Some(vec![]));
    let names = "select string_agg(application_name, ',' order by application_name) from pg_stat_activity \
        where datname = current_database() and application_name <> 'psql'";
    assert_eq!(database.sql(names), "alembic-rs,alembic-rs");
    let named = with(&parts, &[("application_name", "mine")]);
    let _named =
        Database::connect(&named, &with_variables(&[("PGAPPNAME", "theirs")])).await.unwrap();
    assert_eq!(database.sql(names), "alembic-rs,alembic-rs,mine");
}

#[tokio::test]
async fn postgresql_passwords() {
    let server = Postgres::shared();
    server.user_with_password("guest", PASSWORD);
    let nobody =
        ConnectParts { username: Some("guest".to_owned()), ..postgres(server, "postgres") };
    let guest = ConnectParts { password: Some(PASSWORD.to_owned()), ..nobody.clone() };
    works(&guest, &options()).await;
    works(&nobody, &with_variables(&[("PGPASSWORD", PASSWORD)])).await;
    let wrong = ConnectParts { password: Some("p@ss".to_owned()), ..nobody.clone() };
    let error = refusal(&wrong, &options()).await;
    assert!(matches!(error, DatabaseError::WrongPassword { given: true, .. }), "{error}");
    assert_eq!(kind(&error), DatabaseErrorKind::Refused);
    let error = refusal(&nobody, &options()).await;
    assert!(matches!(error, DatabaseError::WrongPassword { given: false, .. }), "{error}");
    assert!(error.help().unwrap().to_string().contains("PGPASSWORD"));
}

#[tokio::test]
async fn postgresql_password_file() {
    let server = Postgres::shared();
    server.user_with_password("filed", PASSWORD);
    let parts = ConnectParts { username: Some("filed".to_owned()), ..postgres(server, "postgres") };
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(".pgpass");
    let escaped = PASSWORD.replace('\\', "\\\\").replace(':', "\\:");
    let lines =
        format!("# ours\nelsewhere:*:*:*:wrong\n127.0.0.1:{}:*:filed:{escaped}\n", server.port());
    fs_err::write(&path, lines).unwrap();
    fs_err::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    works(&parts, &with_variables(&[("HOME", home.path().to_str().unwrap())])).await;
    works(&parts, &with_variables(&[("PGPASSFILE", path.to_str().unwrap())])).await;
    works(&with(&parts, &[("passfile", path.to_str().unwrap())]), &options()).await;
    // Others may read it: libpq ignores it, and so do we.
    fs_err::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
    let error = refusal(&parts, &with_variables(&[("PGPASSFILE", path.to_str().unwrap())])).await;
    assert!(matches!(error, DatabaseError::WrongPassword { given: false, .. }), "{error}");
}

#[tokio::test]
async fn several_hosts_are_tried_in_turn() {
    let server = Postgres::shared();
    let port = server.port().to_string();
    let parts = ConnectParts { host: None, port: None, ..postgres(server, "postgres") };
    works(
        &with(&parts, &[("host", "127.0.0.1:1"), ("host", &format!("127.0.0.1:{port}"))]),
        &options(),
    )
    .await;
    works(
        &with(&parts, &[("host", "127.0.0.1,127.0.0.1"), ("port", &format!("1,{port}"))]),
        &options(),
    )
    .await;
    let error = refusal(&with(&parts, &[("host", "a,b,c"), ("port", "1,2")]), &options()).await;
    assert_eq!(
        error.to_string(),
        "`port` of `postgresql://postgres@/postgres` cannot be used: 2 ports for 3 hosts"
    );
    let choosy = [("host", "a,b"), ("target_session_attrs", "read-write")];
    let error = refusal(&with(&parts, &choosy), &options()).await;
    assert_eq!(kind(&error), DatabaseErrorKind::Settings);
}

#[tokio::test]
async fn settings_that_make_no_sense_are_named() {
    let parts = postgres(Postgres::shared(), "postgres");
    for (name, value) in
        [("sslmode", "on"), ("port", "x"), ("connect_timeout", "soon"), ("service", "shop")]
    {
        let error = refusal(&with(&parts, &[(name, value)]), &options()).await;
        assert!(error.to_string().starts_with(&format!("`{name}` of ")), "{error}");
        assert_eq!(kind(&error), DatabaseErrorKind::Settings);
    }
}

#[tokio::test]
async fn postgresql_refusals() {
    let server = Postgres::shared();
    let parts = postgres(server, "postgres");
    let error = refusal(&postgres(server, "nowhere"), &options()).await;
    assert!(
        matches!(&error, DatabaseError::NoSuchDatabase { database, .. } if database == "nowhere")
    );
    assert_eq!(kind(&error), DatabaseErrorKind::Refused);
    let stranger = ConnectParts { username: Some("stranger".to_owned()), ..parts.clone() };
    let error = refusal(&stranger, &options()).await;
    assert!(matches!(error, DatabaseError::LoginRefused { .. }), "{error}");
    let error = refusal(&ConnectParts { port: Some(1), ..parts.clone() }, &options()).await;
    assert!(error.to_string().starts_with("connection to `127.0.0.1:1` refused, for "), "{error}");
    assert_eq!(kind(&error), DatabaseErrorKind::Unreachable);
    let unknown = ConnectParts { host: Some("nowhere.invalid".to_owned()), ..parts.clone() };
    let error = refusal(&unknown, &options()).await;
    assert!(matches!(error, DatabaseError::UnknownHost { .. }), "{error}");
    let error =
        refusal(&ConnectParts { host: Some("/nowhere".to_owned()), ..parts }, &options()).await;
    assert!(matches!(error, DatabaseError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("/nowhere/.s.PGSQL."), "{error}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for dialect in [Dialect::PostgreSql, Dialect::MySql] {
        let parts = ConnectParts {
            host: Some("127.0.0.1".to_owned()),
            port: Some(port),
            ..ConnectParts::new(dialect)
        };
        let begun = Instant::now();
        let impatient = ConnectOptions { timeout: Duration::from_millis(200), ..options() };
        let error = refusal(&parts, &impatient).await;
        assert!(matches!(error, DatabaseError::TimedOut { .. }), "{error}");
        assert_eq!(kind(&error), DatabaseErrorKind::Unreachable);
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn a_server_of_another_kind_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    for dialect in [Dialect::PostgreSql, Dialect::MySql] {
        let parts = ConnectParts {
            host: Some("127.0.0.1".to_owned()),
            port: Some(port),
            ..ConnectParts::new(dialect)
        };
        let impatient = ConnectOptions { timeout: Duration::from_secs(2), ..options() };
        kind(&refusal(&parts, &impatient).await);
    }
}

#[tokio::test]
async fn postgresql_with_tls() {
    let server = Postgres::start_with_tls();
    let parts = postgres(&server, "postgres");
    let by_name = ConnectParts { host: Some("localhost".to_owned()), ..parts.clone() };
    let certificate = server.certificate();
    // The server's folder is not ours to read when the server runs as somebody else.
    let copy = tempfile::tempdir().unwrap();
    let root = copy.path().join("root.crt");
    fs_err::copy(certificate, &root).unwrap();
    let root = root.to_str().unwrap();
    for mode in ["disable", "allow", "prefer", "require"] {
        works(&with(&parts, &[("sslmode", mode)]), &options()).await;
    }
    works(&with(&by_name, &[("sslmode", "verify-full"), ("sslrootcert", root)]), &options()).await;
    works(&with(&parts, &[("sslmode", "verify-ca"), ("sslrootcert", root)]), &options()).await;
    works(&by_name, &with_variables(&[("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", root)]))
        .await;
    // Nobody that this machine trusts has signed it.
    let error = refusal(&with(&by_name, &[("sslmode", "verify-full")]), &options()).await;
    assert!(matches!(error, DatabaseError::Tls { .. }), "{error:?}");
    // The name is wrong.
    let by_address = with(&parts, &[("sslmode", "verify-full"), ("sslrootcert", root)]);
    let error = refusal(&by_address, &options()).await;
    assert!(matches!(error, DatabaseError::Tls { .. }), "{error:?}");
    assert_eq!(kind(&error), DatabaseErrorKind::Refused);
    let plain = Postgres::shared();
    let error =
        refusal(&with(&postgres(plain, "postgres"), &[("sslmode", "require")]), &options()).await;
    assert!(matches!(error, DatabaseError::Tls { .. }), "{error}");
}

#[tokio::test]
async fn waiting_ends_when_the_server_is_there() {
    let mut server = Postgres::start();
    server.stop();
    let parts = postgres(&server, "postgres");
    let begun = Instant::now();
    let error = wait_for(&parts, &options(), Duration::from_millis(600)).await.err().unwrap();
    assert!(matches!(error, DatabaseError::Refused { .. }), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    let starting = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        server.restart();
        server
    });
    let mut database = wait_for(&parts, &options(), Duration::from_secs(30)).await.unwrap();
    assert_eq!(rows(&mut database, &table()).await, None);
    drop(starting.join().unwrap());
    // A wrong name does not become right.
    let begun = Instant::now();
    let missing = postgres(Postgres::shared(), "nowhere");
    let error = wait_for(&missing, &options(), Duration::from_secs(30)).await.err().unwrap();
    assert!(matches!(error, DatabaseError::NoSuchDatabase { .. }), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn statements_are_given_up() {
    let database = Postgres::shared().database();
    database.sql("create view alembic_version as select pg_sleep(60)::text as version_num");
    let parts = postgres(Postgres::shared(), database.name());
    let impatient =
        ConnectOptions { statement_timeout: Some(Duration::from_millis(200)), ..reading() };
    let mut session = Database::connect(&parts, &impatient).await.unwrap();
    let begun = Instant::now();
    let error = session.heads(&table()).await.unwrap_err();
    assert!(matches!(error, DatabaseError::TimedOut { .. }), "{error:?}");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn tables_that_are_not_alembics() {
    let database = Postgres::shared().database();
    database.sql(
        "create table no_column (id int);
         create table numbers (version_num int); insert into numbers values (1);
         create table nothing (version_num text); insert into nothing values (null), ('a');
         create table days (version_num date); insert into days values ('2026-01-01');
         create table narrow (version_num varchar(4));
         create table secret (version_num varchar(32)); create schema closed;
         create role reader login; create table closed.alembic_version (version_num varchar(32))",
    );
    let mut session = connect(&postgres(Postgres::shared(), database.name())).await;
    for (name, reason) in [
        ("no_column", "is not a version table: it has no column version_num"),
        ("numbers", "identifier 1 is not a string; ensure database driver settings are correct"),
        ("days", "is not a version table: version_num is of type date"),
    ] {
        let error = session.heads(&named(None, name)).await.unwrap_err();
        assert!(error.to_string().ends_with(reason), "{error}");
        assert_eq!(kind(&error), DatabaseErrorKind::VersionTable);
    }
    // Alembic passes over it.
    assert_eq!(session.heads(&named(None, "nothing")).await.unwrap(), Some(vec!["a".to_owned()]));
    let long = [crate::support::insert("too_long")];
    let error = session.apply(&named(None, "narrow"), &long).await.unwrap_err();
    assert!(matches!(error, DatabaseError::TooLong { .. }), "{error}");
    let error = session.ensure(&named(Some("absent"), "v")).await.unwrap_err();
    assert!(matches!(error, DatabaseError::NoSuchSchema { .. }), "{error}");
    let reader = ConnectParts {
        username: Some("reader".to_owned()),
        ..postgres(Postgres::shared(), database.name())
    };
    let mut session = connect(&reader).await;
    for table in [named(None, "secret"), named(Some("closed"), "alembic_version")] {
        let error = session.heads(&table).await.unwrap_err();
        assert!(error.to_string().starts_with(&format!("no right to read `{table}`")), "{error}");
        assert_eq!(kind(&error), DatabaseErrorKind::VersionTable);
    }
    drop(session);
    database.sql("drop owned by reader; drop role reader");
}

#[tokio::test]
async fn mariadb_connections() {
    let server = MariaDb::shared();
    let name = server.database();
    let parts = mariadb(server, &name);
    works(&parts, &options()).await;
    works(&parts, &reading()).await;
    works(&with(&parts, &[("charset", "utf8mb4")]), &options()).await;
    let socket = server.socket();
    let by_socket = ConnectParts { host: None, port: None, ..parts.clone() };
    works(&with(&by_socket, &[("unix_socket", socket.to_str().unwrap())]), &options()).await;
    let wrong = ConnectParts { password: Some("p@ss".to_owned()), ..parts.clone() };
    let error = refusal(&wrong, &options()).await;
    assert!(matches!(error, DatabaseError::WrongPassword { .. }), "{error}");
    let error = refusal(&mariadb(server, "nowhere"), &options()).await;
    assert!(matches!(error, DatabaseError::NoSuchDatabase { .. }), "{error}");
    let error = refusal(&with(&parts, &[("ssl_mode", "REQUIRED")]), &options()).await;
    assert!(matches!(error, DatabaseError::Tls { .. }), "{error}");
    let error = refusal(&with(&parts, &[("read_default_file", "x")]), &options()).await;
    assert_eq!(kind(&error), DatabaseErrorKind::Settings);
    server.sql(&name, "create table no_column (id int); create table numbers (version_num int); insert into numbers values (1)");
    let mut session = connect(&parts).await;
    let error = session.heads(&named(None, "no_column")).await.unwrap_err();
    assert!(matches!(error, DatabaseError::WrongShape { .. }), "{error}");
    let error = session.heads(&named(None, "numbers")).await.unwrap_err();
    assert!(matches!(error, DatabaseError::NotText { value: 1, .. }), "{error}");
    server.sql(
        &name,
        "create user poor@'%' identified by 'x'; grant select on no_column to poor@'%'",
    );
    let poor =
        ConnectParts { username: Some("poor".to_owned()), password: Some("x".to_owned()), ..parts };
    let error = connect(&poor).await.heads(&named(None, "numbers")).await.unwrap_err();
    assert!(matches!(error, DatabaseError::NoRights { .. }), "{error}");
}

#[tokio::test]
async fn sqlite_files_are_made_as_alembic_makes_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.db");
    let error = refusal(&sqlite(&path), &reading()).await;
    assert!(matches!(error, DatabaseError::NoSuchFile { .. }), "{error}");
    assert!(!path.exists());
    works(&sqlite(&path), &options()).await;
    assert_eq!(fs_err::metadata(&path).unwrap().len(), 0);
    works(&sqlite(&path), &reading()).await;
    assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
    works(&ConnectParts::new(Dialect::Sqlite), &options()).await;
    let memory = ConnectParts {
        database: Some(":memory:".to_owned()),
        ..ConnectParts::new(Dialect::Sqlite)
    };
    works(&memory, &reading()).await;
}

#[tokio::test]
async fn sqlite_uris() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a b.db");
    let uri = format!("file:{}", file.display());
    let parts = ConnectParts { database: Some(uri), ..ConnectParts::new(Dialect::Sqlite) };
    let pairs = [("uri", "true"), ("mode", "rwc"), ("timeout", "2.5")];
    let error = refusal(&with(&parts, &pairs), &reading()).await;
    assert!(
        matches!(error, DatabaseError::NoSuchFile { .. } | DatabaseError::FileNotOpened { .. }),
        "{error}"
    );
    assert!(!file.exists());
    works(&with(&parts, &pairs), &options()).await;
    assert!(file.exists());
    works(&with(&parts, &pairs), &reading()).await;
    works(&with(&parts, &[("uri", "true"), ("mode", "ro")]), &options()).await;
    // Without `file:` it is all a name, as for Python.
    let plain = sqlite(&folder.path().join("app.db"));
    let pairs = [("uri", "true"), ("mode", "rwc"), ("cache", "shared"), ("timeout", "2.5")];
    works(&with(&plain, &pairs), &options()).await;
    assert!(folder.path().join("app.db?cache=shared&mode=rwc").exists());
}

#[tokio::test]
async fn sqlite_refusals() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    fs_err::write(
        &text,
        "no database at all, just a longer text than a header needs to be to be read",
    )
    .unwrap();
    let error = connect(&sqlite(&text)).await.heads(&table()).await.unwrap_err();
    assert!(matches!(error, DatabaseError::NotADatabase { .. }), "{error}");
    let error = refusal(&sqlite(&folder.path().join("no/such/folder.db")), &options()).await;
    assert!(matches!(error, DatabaseError::FileNotOpened { .. }), "{error}");
    let mut session = connect(&sqlite(&folder.path().join("app.db"))).await;
    session.ensure(&named(None, "narrow")).await.unwrap();
    let error = session.ensure(&named(Some("absent"), "v")).await.unwrap_err();
    assert!(matches!(error, DatabaseError::NoSuchSchema { .. }), "{error}");
}

#[tokio::test]
async fn a_sqlite_file_in_wal_mode_is_read_without_a_trace() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wal.db");
    let python = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('pragma journal_mode=wal'); \
        c.execute('create table alembic_version (version_num varchar(32) not null)'); \
        c.execute(\"insert into alembic_version values ('a')\"); c.commit(); c.close()";
    let status =
        std::process::Command::new("python3").arg("-c").arg(python).arg(&path).status().unwrap();
    assert!(status.success());
    let mut session = Database::connect(&sqlite(&path), &reading()).await.unwrap();
    assert_eq!(rows(&mut session, &table()).await, Some(vec!["a".to_owned()]));
    session.close().await.unwrap();
    assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn mariadb_with_tls() {
    let server = MariaDb::start_with_tls();
    let parts = mariadb(&server, &server.database());
    let by_name = ConnectParts { host: Some("localhost".to_owned()), ..parts.clone() };
    let certificate = server.certificate();
    let root = ("ssl_ca", certificate.to_str().unwrap());
    works(&parts, &options()).await;
    works(&with(&parts, &[("ssl_disabled", "true")]), &options()).await;
    works(&with(&parts, &[("ssl_mode", "REQUIRED")]), &options()).await;
    works(&with(&parts, &[root]), &options()).await;
    works(&with(&by_name, &[root, ("ssl_check_hostname", "true")]), &options()).await;
    let by_address = with(&parts, &[root, ("ssl_verify_identity", "true")]);
    let error = refusal(&by_address, &options()).await;
    assert!(matches!(error, DatabaseError::Tls { .. }), "{error:?}");
    let error = refusal(&with(&parts, &[("ssl_mode", "VERIFY_CA")]), &options()).await;
    assert!(matches!(error, DatabaseError::Tls { .. }), "{error:?}");
}
