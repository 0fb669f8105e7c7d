//! The data browser of the project's database.

use std::time::Duration;

use alembic_runtime::database_url::DatabaseUrl;
use alembic_runtime::dialect::Dialect;
use alembic_runtime::project::ProjectError;
use axum::http::StatusCode;
use pg_browser::{Browser, ConnectOptions};

use super::{APPLICATION, LiveProject};
use crate::error::{ApiError, ApiResult};

/// The browser of one URL.
pub(super) struct Browsing {
    url: DatabaseUrl,
    browser: Browser,
}

impl LiveProject {
    /// The browser of the database that the project names now. Connects when it is used.
    pub(crate) async fn browser(&self, read_only: bool) -> ApiResult<Browser> {
        let snapshot = self.snapshot().await;
        let target = snapshot.project()?.target().map_err(ProjectError::from)?;
        if target.url.dialect() != Some(Dialect::PostgreSql) {
            return Err(no_postgresql(&target.url));
        }
        let mut browsing = self.browsing.lock().await;
        if let Some(kept) = &*browsing
            && kept.url == target.url
        {
            return Ok(kept.browser.clone());
        }
        let browser = Browser::connect_lazily(&options(&target.url).read_only(read_only))?;
        *browsing = Some(Browsing { url: target.url.clone(), browser: browser.clone() });
        Ok(browser)
    }
}

fn options(url: &DatabaseUrl) -> ConnectOptions {
    let mut options =
        ConnectOptions::new().application_name(APPLICATION).connect_timeout(Duration::from_secs(5));
    if let Some(host) = &url.host {
        options = options.host(host);
    }
    if let Some(port) = url.port {
        options = options.port(port);
    }
    if let Some(user) = &url.username {
        options = options.user(user);
    }
    if let Some(password) = &url.password {
        options = options.password(password.expose());
    }
    if let Some(database) = &url.database {
        options = options.database(database);
    }
    for (name, values) in &url.query {
        for value in values {
            options = options.parameter(name, value);
        }
    }
    options
}

fn no_postgresql(url: &DatabaseUrl) -> ApiError {
    let backend = url.backend_name();
    let message = format!("the data browser shows PostgreSQL, and this database is {backend}");
    ApiError::new(StatusCode::CONFLICT, "no-postgresql", message)
        .with_help("the Migrations screen works with it all the same")
}
