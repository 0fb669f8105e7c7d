//! What the API answers when it refuses: a stable code, a sentence, the way out.

use std::borrow::Cow;

use alembic_runtime::database::DatabaseErrorKind;
use alembic_runtime::lock::LockError;
use alembic_runtime::migrate::MigrateError;
use alembic_runtime::project::{ProjectError, TargetError};
use alembic_runtime::python::{CommandError, PythonNotFound};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use miette::Diagnostic;
use pg_browser::{Error, ServerError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::report::{self, ProblemCard};

/// The answer to a request that is refused or fails.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    status: StatusCode,
    body: Box<ErrorBody>,
}

/// What is said of a request that is refused or fails.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ApiError)]
pub(crate) struct ErrorBody {
    /// A stable word for programs, such as `read-only`.
    #[schema(value_type = String)]
    pub code: Cow<'static, str>,
    /// One sentence for people: the command line's own where there is one.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// The whole report as the command line prints it, with the place in the source.
    pub report: Option<String>,
    /// Each problem apart, where there may be several: broken scripts.
    pub problems: Vec<ProblemCard>,
    /// What PostgreSQL said, where it said something.
    pub server: Option<ServerError>,
    /// Seconds after which a new attempt makes sense (`Retry-After`).
    pub retry_after: Option<u64>,
}

/// What a handler answers.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// A refusal in a sentence.
    pub(crate) fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        let body = ErrorBody {
            code: code.into(),
            message: message.into(),
            help: None,
            report: None,
            problems: Vec::new(),
            server: None,
            retry_after: None,
        };
        Self { status, body: Box::new(body) }
    }

    /// What another crate reports, with its help and its place in the source.
    pub(crate) fn of(status: StatusCode, code: &'static str, report: &dyn Diagnostic) -> Self {
        let mut error = Self::new(status, code, report.to_string());
        error.body.help = report.help().map(|help| help.to_string());
        error.body.report = Some(report::text(report));
        error
    }

    /// The same with the way out.
    #[must_use]
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.body.help = Some(help.into());
        self
    }

    /// The same with every problem apart.
    #[must_use]
    pub(crate) fn with_problems(mut self, problems: Vec<ProblemCard>) -> Self {
        self.body.problems = problems;
        self
    }

    /// The same with what PostgreSQL said.
    #[must_use]
    pub(crate) fn with_server(mut self, server: Option<ServerError>) -> Self {
        self.body.server = server;
        self
    }

    /// The same, worth another attempt after so many seconds.
    #[must_use]
    pub(crate) fn after(mut self, seconds: u64) -> Self {
        self.body.retry_after = Some(seconds);
        self
    }

    /// What is said.
    pub(crate) fn body(&self) -> &ErrorBody {
        &self.body
    }

    /// What is said, to be kept.
    pub(crate) fn into_body(self) -> ErrorBody {
        *self.body
    }

    /// There is nothing of that name.
    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", what)
    }

    /// What was sent cannot be used.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message)
    }

    /// A bug, or a thread that ended.
    pub(crate) fn internal() -> Self {
        let message = "something inside the server failed";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
            .with_help("please report this with what you did before")
    }

    /// The database moved between the confirmation and the lock.
    pub(crate) fn stale() -> Self {
        let message = "the database is not where it was when this run was confirmed";
        Self::new(StatusCode::CONFLICT, "confirmation-stale", message)
            .with_help("nothing was run; look at the plan again")
    }

    /// Nothing may be changed.
    pub(crate) fn read_only() -> Self {
        Self::new(StatusCode::FORBIDDEN, "read-only", "this page is read-only").with_help(
            "switch read-only off under Settings; a server that was started with `--read-only` stays so",
        )
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&*self.body)).into_response();
        if let Some(seconds) = self.body.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<ProjectError> for ApiError {
    fn from(error: ProjectError) -> Self {
        let (status, code) = match &error {
            ProjectError::Target(TargetError::NoUrl { .. }) => {
                (StatusCode::CONFLICT, "no-database")
            }
            ProjectError::Target(
                TargetError::Guessed { .. } | TargetError::TableInDoubt { .. },
            ) => (StatusCode::CONFLICT, "database-guessed"),
            ProjectError::Target(_) => (StatusCode::CONFLICT, "database-unusable"),
            ProjectError::Database(error) => of_database(error.kind()),
            ProjectError::Lost(_) => (StatusCode::CONFLICT, "unknown-revision"),
            ProjectError::Question(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid-target"),
            _ => (StatusCode::CONFLICT, "project"),
        };
        Self::of(status, code, &error)
    }
}

fn of_database(kind: DatabaseErrorKind) -> (StatusCode, &'static str) {
    match kind {
        DatabaseErrorKind::Unreachable => (StatusCode::SERVICE_UNAVAILABLE, "database-unreachable"),
        DatabaseErrorKind::Refused => (StatusCode::SERVICE_UNAVAILABLE, "database-refused"),
        DatabaseErrorKind::VersionTable => (StatusCode::CONFLICT, "version-table"),
        DatabaseErrorKind::Settings => (StatusCode::CONFLICT, "database-settings"),
        DatabaseErrorKind::Other => (StatusCode::CONFLICT, "database"),
    }
}

impl From<MigrateError> for ApiError {
    fn from(error: MigrateError) -> Self {
        let code = match error {
            MigrateError::Project(error) => return error.into(),
            MigrateError::Stale { .. } => return Self::stale(),
            MigrateError::Python(error) => return error.into(),
            MigrateError::Command(error) => return error.into(),
            MigrateError::Backup(_) => "backup-failed",
            MigrateError::Lock(LockError::Held { .. }) => "locked",
            MigrateError::Lock(_) => "no-lock",
            MigrateError::OtherDatabase(_) | MigrateError::Elsewhere { .. } => "other-database",
            MigrateError::Cancelled => "cancelled",
            _ => "not-run",
        };
        Self::of(StatusCode::CONFLICT, code, &error)
    }
}

impl From<PythonNotFound> for ApiError {
    fn from(error: PythonNotFound) -> Self {
        Self::of(StatusCode::CONFLICT, "no-python", &error)
    }
}

impl From<CommandError> for ApiError {
    fn from(error: CommandError) -> Self {
        Self::of(StatusCode::UNPROCESSABLE_ENTITY, "invalid-target", &error)
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::Unreachable { .. }
            | Error::LoginRefused { .. }
            | Error::Tls { .. }
            | Error::PoolExhausted { .. }
            | Error::ConnectionLost { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Error::UnknownTable { .. } | Error::RowGone { .. } => StatusCode::NOT_FOUND,
            Error::ReadOnlyConnection | Error::NotReadOnly { .. } | Error::PermissionDenied(_) => {
                StatusCode::FORBIDDEN
            }
            Error::Timeout { .. } => StatusCode::REQUEST_TIMEOUT,
            Error::Cancelled | Error::Locked(_) | Error::ConstraintViolated(_) => {
                StatusCode::CONFLICT
            }
            Error::InvalidSetting { .. } | Error::Protocol { .. } => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let server = error.server().cloned();
        Self::new(status, code(error.code()), error.to_string())
            .with_help(error.help())
            .with_server(server)
    }
}

/// Codes of this API have hyphens.
fn code(code: &'static str) -> String {
    code.replace('_', "-")
}
