//! No text that people see holds a password.

use alembic_runtime::database_url::DatabaseUrl;

/// Everything that can be shown of the text, whether it is a URL or not.
fn everything(text: &str) -> String {
    match text.parse::<DatabaseUrl>() {
        Ok(url) => format!("{url} {url:?} {:?}", url.sqlite_location()),
        Err(error) => {
            let report = miette::Report::new(error.clone());
            let mut page = String::new();
            miette::NarratableReportHandler::new()
                .render_report(&mut page, report.as_ref())
                .expect("writing to a string works");
            format!("{error} {error:?} {page}")
        }
    }
}

#[test]
fn a_url_shows_three_asterisks() {
    for (text, shown) in [
        ("postgresql+asyncpg://bob:s3cret@db:5432/app", "postgresql+asyncpg://bob:***@db:5432/app"),
        (
            "postgresql://db/app?user=bob&password=s3cret",
            "postgresql://db/app?password=***&user=bob",
        ),
        ("postgresql://db/app?sslpassword=s3cret&a=b", "postgresql://db/app?a=b&sslpassword=***"),
        (
            "mssql+pyodbc:///?odbc_connect=UID%3Dbob%3BPWD%3Ds3cret",
            "mssql+pyodbc:///?odbc_connect=***",
        ),
        ("postgresql://bob:x@s3cret@db/app", "postgresql://bob:***@***@db/app"),
    ] {
        let url: DatabaseUrl = text.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(url.to_string(), shown);
        assert!(!everything(text).contains("s3cret"), "{text}");
    }
}

#[test]
fn an_error_shows_no_more_than_it_must() {
    for text in [
        "s3cret",
        "bob:s3cret@db/app",
        "postgresql:/bob:s3cret@db/app",
        "postgresql//bob:s3cret@db/app",
        "postgresql-psycopg2://bob:s3cret@db/app",
        "jdbc:postgresql://bob:s3cret@db/app",
        "host=db user=bob password=s3cret",
        "postgresql://bob:x@s3cret:y@db/app",
        "postgresql://bob:x@y:s3cret@db/app",
        "postgresql://bob:x@y:1234567/s3cret@db/app",
        "postgresql://bob:s3cret",
        "postgresql://bob:s3cret/db",
        "postgresql://bob:s3cret@db:port1/app",
        "\"postgresql://bob:s3cret@db/app\"",
        "sqlite://bob:s3cret@db/app",
    ] {
        assert!(!everything(text).contains("s3cret"), "{text}: {}", everything(text));
    }
}

#[test]
fn the_caret_stands_where_the_text_goes_wrong() {
    for (text, marked, shown) in [
        ("postgresql-psycopg2://bob:x@db/app", "-", "postgresql-psycopg2://***"),
        ("postgresql:/db/app", ":***", "postgresql:***"),
        ("://db/app", "://", "://***"),
        ("postgresql://bob:x@db:/app", "", "postgresql://bob:***@db:/…"),
        ("postgresql://bob:x@db:99999/app", "99999", "postgresql://bob:***@db:99999/…"),
        ("postgresql://one:5432,two:5432/app", "***", "postgresql://one:***/…"),
        ("", "", ""),
    ] {
        let error = text.parse::<DatabaseUrl>().expect_err(text);
        assert_eq!((&error.shown()[error.span()], error.shown()), (marked, shown), "{text}");
        assert!(error.help_text().is_some(), "{text}");
    }
}
