//! Connecting, losing the connection, cancelling, time limits.

use std::time::{Duration, Instant};

use alembic_testing::Postgres;
use pg_browser::{
    Browser, ConnectOptions, Edit, EditSet, Filter, PageRequest, QueryRequest, TableName, Variables,
};

use crate::support::on_each;

fn slow_page() -> PageRequest {
    PageRequest::new(TableName::new("public", "t")).filter(Filter::raw("pg_sleep(600) IS NOT NULL"))
}

async fn sleepers(browser: &Browser) -> usize {
    let sessions = browser.sessions().await.unwrap();
    sessions
        .iter()
        .filter(|s| {
            !s.is_own
                && s.state.as_deref() == Some("active")
                && s.query.as_deref().is_some_and(|q| q.contains("pg_sleep(600)"))
        })
        .count()
}

async fn until_nobody_sleeps(browser: &Browser) {
    let start = Instant::now();
    while sleepers(browser).await > 0 {
        assert!(start.elapsed() < Duration::from_secs(2), "still running");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn a_dropped_future_stops_its_statement() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        let page = slow_page();
        let reading = QueryRequest::read_only("SELECT pg_sleep(600)");
        let writing = QueryRequest::new("CREATE TABLE x (a int); SELECT pg_sleep(600)");
        // More often than there are connections: none may be lost.
        for _ in 0..4 {
            let moment = Duration::from_millis(60);
            assert!(tokio::time::timeout(moment, db.browser.page(&page)).await.is_err());
            assert!(tokio::time::timeout(moment, db.browser.query(&reading)).await.is_err());
            assert!(tokio::time::timeout(moment, db.browser.query(&writing)).await.is_err());
            db.sql("DROP TABLE IF EXISTS x");
        }
        until_nobody_sleeps(&db.browser).await;
        assert_eq!(db.first("public.t").await.rows.len(), 1);
    });
}

#[test]
fn statements_have_a_limit_of_time() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        let request = PageRequest { timeout_ms: Some(80), ..slow_page() };
        let error = db.browser.page(&request).await.unwrap_err();
        assert!(matches!(error, pg_browser::Error::Timeout { limit_ms: Some(80) }), "{error:?}");
        let quick = Browser::connect(db.options().statement_timeout(Duration::from_millis(80)))
            .await
            .unwrap();
        assert_eq!(quick.page(&slow_page()).await.unwrap_err().code(), "timeout");
        let outcome = quick.query(&QueryRequest::new("SELECT pg_sleep(600)")).await.unwrap();
        assert_eq!(outcome.failure.unwrap().error.code, "timeout");
        quick.close().await;
    });
}

#[test]
fn a_lock_is_not_waited_for_without_end() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1)");
        let browser =
            Browser::connect(db.options().lock_timeout(Duration::from_millis(100))).await.unwrap();
        let page = browser.page(&PageRequest::new(TableName::new("public", "t"))).await.unwrap();
        let row = page.rows[0].id.clone().unwrap();
        let holder = db.browser.clone();
        let script = QueryRequest::new("BEGIN; SELECT * FROM t FOR UPDATE; SELECT pg_sleep(600)");
        let holder = tokio::spawn(async move { holder.query(&script).await });
        tokio::time::sleep(Duration::from_millis(150)).await;
        let edit = Edit::update(TableName::new("public", "t"), row, [("v", "1".into())]);
        assert_eq!(browser.apply(&EditSet::new([edit])).await.unwrap_err().code(), "locked");
        holder.abort();
        let _ = holder.await;
        until_nobody_sleeps(&browser).await;
        browser.close().await;
    });
}

#[test]
fn a_server_that_dies_is_said_to_be_gone_and_used_again_when_it_is_back() {
    for mut server in [Postgres::start(), Postgres::start_18()] {
        let options = ConnectOptions::from_url(&format!(
            "postgresql://postgres@127.0.0.1:{}/postgres",
            server.port()
        ));
        let options = options
            .unwrap()
            .variables(Variables::new(|_| None))
            .connect_timeout(Duration::from_secs(5));
        server.sql(
            "postgres",
            // The servers of tests do not wait for the disk, and this one is about to die.
            "SET synchronous_commit = on; CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')",
        );
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let browser = Browser::connect(options).await.unwrap();
            let page = browser.page(&PageRequest::new(TableName::new("public", "t"))).await.unwrap();
            let row = page.rows[0].id.clone().unwrap();
            let slow = Edit::update(TableName::new("public", "t"), row, [("v", "b".into())]);
            server.sql("postgres", "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(600); RETURN NEW; END'; \
                CREATE TRIGGER slow BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION slow()");
            let reader = browser.clone();
            let writer = browser.clone();
            let reader = tokio::spawn(async move { reader.page(&slow_page()).await });
            let writer = tokio::spawn(async move { writer.apply(&EditSet::new([slow])).await });
            tokio::time::sleep(Duration::from_millis(200)).await;
            server.stop();
            assert_eq!(reader.await.unwrap().unwrap_err().code(), "connection_lost");
            assert_eq!(writer.await.unwrap().unwrap_err().code(), "connection_lost");
            let error = browser.server().await.unwrap_err();
            assert_eq!(error.code(), "unreachable", "{error:?}");
            server.restart();
            let page = browser.page(&PageRequest::new(TableName::new("public", "t"))).await.unwrap();
            assert_eq!(page.rows[0].cells[1].text(), Some("a"));
            // Idle connections that died meanwhile are not noticed by the caller.
            server.restart();
            assert!(browser.catalogue().await.is_ok());
            browser.close().await;
        });
    }
}

#[test]
fn what_keeps_us_out_is_named() {
    on_each(async |db| {
        let user = format!("guard_{}", db.database.name());
        db.server.user_with_password(&user, "p@ss/w#rd");
        let connect = async |options: ConnectOptions| Browser::connect(options).await;
        let url = |login: &str| {
            let url = format!(
                "postgresql://{login}@127.0.0.1:{}/{}",
                db.server.port(),
                db.database.name()
            );
            ConnectOptions::from_url(&url).unwrap().variables(Variables::new(|_| None))
        };
        let browser = connect(url(&format!("{user}:p@ss/w#rd"))).await.unwrap();
        assert_eq!(browser.server().await.unwrap().user, user);
        browser.close().await;
        let wrong = connect(url(&format!("{user}:wr0ng"))).await.unwrap_err();
        assert_eq!(wrong.code(), "login_refused");
        assert!(!format!("{wrong} {wrong:?}").contains("wr0ng"));
        assert_eq!(
            connect(db.options().database("nope")).await.unwrap_err().code(),
            "login_refused"
        );
        let start = Instant::now();
        let nobody = connect(db.options().port(1)).await.unwrap_err();
        assert_eq!(nobody.code(), "unreachable");
        assert!(start.elapsed() < Duration::from_secs(2));
        let unknown = connect(db.options().parameter("sslmode", "maybe")).await.unwrap_err();
        assert_eq!(unknown.code(), "invalid_setting");
        let socket = db.server.socket_folder().display().to_string();
        let port = db.server.port().to_string();
        let name = db.database.name().to_owned();
        let variables = Variables::new(move |variable| match variable {
            "PGHOST" => Some(socket.clone()),
            "PGPORT" => Some(port.clone()),
            "PGUSER" => Some("postgres".to_owned()),
            "PGDATABASE" => Some(name.clone()),
            "PGAPPNAME" => Some("from outside".to_owned()),
            _ => None,
        });
        let browser = connect(ConnectOptions::new().variables(variables)).await.unwrap();
        let sessions = browser.sessions().await.unwrap();
        let own = sessions.iter().find(|session| session.is_own).unwrap();
        assert_eq!(own.application_name, "from outside");
        browser.close().await;
    });
}

#[test]
fn tls_is_spoken_and_certificates_are_checked() {
    let server = Postgres::start_with_tls();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let options = |mode: &str, root: Option<String>| {
            let options = ConnectOptions::new()
                .host("localhost")
                .port(server.port())
                .user("postgres")
                .database("postgres");
            let options = options.parameter("sslmode", mode).variables(Variables::new(|_| None));
            match root {
                Some(root) => options.parameter("sslrootcert", root),
                None => options,
            }
        };
        let root = server.certificate().display().to_string();
        let browser = Browser::connect(options("verify-full", Some(root))).await.unwrap();
        let outcome = browser
            .query(&QueryRequest::read_only(
                "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
            ))
            .await;
        assert_eq!(outcome.unwrap().results[0].rows[0][0].text(), Some("t"));
        assert!(Browser::connect(options("require", None)).await.is_ok());
        assert_eq!(Browser::connect(options("verify-full", None)).await.unwrap_err().code(), "tls");
    });
}

#[test]
fn many_tasks_share_few_connections() {
    on_each(async |db| {
        db.sql(
            "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 5000)",
        );
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let browser = db.browser.clone();
                tokio::spawn(async move {
                    let request = PageRequest::new(TableName::new("public", "t"));
                    crate::support::forward(&browser, &request).await.len()
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), 5000);
        }
        let open = db.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg-browser' AND datname = current_database()");
        assert!(open.parse::<u32>().unwrap() <= 8, "{open}");
    });
}
