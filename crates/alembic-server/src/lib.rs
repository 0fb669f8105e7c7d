//! The local web server of alembic-rs: migrations with live output, and the data beside them.
//!
//! [`router`] is everything that it answers, [`serve`] runs it on a listener that the caller has bound. It owns every
//! decision about HTTP and none about migrations: those are `alembic_runtime`'s.
//!
//! * `guard` is what a request must pass: host, origin, session, kind of body;
//! * `session` is how a session begins;
//! * `api` is one file for each noun; [`openapi`] is the document of all of them;
//! * `live` is the project as it lies there now, and what its database says;
//! * `runs` are migrations that run, and their output.
//!
//! Nothing here prints. No password is part of any response.
#![warn(missing_docs)]

mod api;
mod assets;
mod confirm;
mod error;
mod extract;
mod guard;
mod history;
mod live;
pub mod openapi;
mod options;
mod private;
mod queries;
mod random;
mod report;
mod routes;
mod runs;
mod serve;
mod session;
mod settings;

use std::sync::Arc;

use axum::Router;
use tokio::sync::watch;

use crate::confirm::Confirmations;
use crate::error::{ApiError, ApiResult};
use crate::history::History;
use crate::queries::{Exports, Queries};
use crate::runs::Runs;

pub use self::guard::AllowedHosts;
pub use self::history::history_file;
pub use self::live::{LiveProject, ProjectSource};
pub use self::options::ServerOptions;
pub use self::serve::serve;
pub use self::session::{SHORTEST_TOKEN, Sessions};
pub use self::settings::{SettingsStore, backup_folder, settings_file};

/// What all requests share.
pub struct App {
    /// How the server was started.
    pub(crate) options: ServerOptions,
    /// Who may ask.
    pub sessions: Sessions,
    /// The project and its database.
    pub(crate) project: LiveProject,
    /// What runs and what ran.
    pub(crate) runs: Runs,
    settings: SettingsStore,
    history: History,
    confirmations: Confirmations,
    queries: Queries,
    exports: Exports,
    /// True as soon as the server stops: streams end then.
    shutdown: watch::Receiver<bool>,
    stop: watch::Sender<bool>,
}

/// What handlers get.
pub type AppState = Arc<App>;

impl App {
    /// A server's state. Nothing is read and nothing connects before it is asked for.
    pub fn new(options: ServerOptions, project: LiveProject) -> AppState {
        let (stop, shutdown) = watch::channel(false);
        Arc::new(Self {
            sessions: Sessions::new(options.token.as_deref()),
            settings: SettingsStore::open(options.settings_file.clone()),
            history: History::new(options.history_file.clone()),
            confirmations: Confirmations::new(),
            runs: Runs::default(),
            queries: Queries::default(),
            exports: Exports::default(),
            options,
            project,
            shutdown,
            stop,
        })
    }

    /// Whether nothing may be changed: the server was started so, or it was set.
    pub(crate) fn is_read_only(&self) -> bool {
        self.options.read_only || self.settings.get().read_only
    }

    /// The data browser of the project's database.
    pub(crate) async fn browser(&self) -> ApiResult<pg_browser::Browser> {
        self.project.browser(self.options.read_only).await
    }

    /// Keeps a statement that is run, where statements are kept.
    pub(crate) async fn remember(&self, sql: &str) {
        if self.settings.get().keep_history
            && let Some(database) = self.project.database_name().await
        {
            self.history.record(database, sql).await;
        }
    }

    pub(crate) fn refuse_read_only(&self) -> ApiResult<()> {
        if self.is_read_only() { Err(ApiError::read_only()) } else { Ok(()) }
    }
}

/// Everything that the server answers, behind its guard.
pub fn router(app: AppState) -> Router {
    routes::all().into_router(app)
}
