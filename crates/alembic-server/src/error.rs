//! What the API answers when it refuses: a stable code, a sentence, the way out.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use miette::Diagnostic;
use serde::Serialize;
use utoipa::ToSchema;

use crate::report::{self, ProblemCard};

/// The answer to a request that is refused or fails.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiError {
    #[serde(skip)]
    status: StatusCode,
    /// A stable word for programs, such as `read-only`.
    #[schema(value_type = String)]
    pub code: &'static str,
    /// One sentence for people: the command line's own where there is one.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// The whole report as the command line prints it, with the place in the source.
    pub report: Option<String>,
    /// Each problem apart, where there may be several: broken scripts.
    pub problems: Vec<ProblemCard>,
    /// Seconds after which a new attempt makes sense (`Retry-After`).
    pub retry_after: Option<u64>,
}

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// A refusal in a sentence.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            help: None,
            report: None,
            problems: Vec::new(),
            retry_after: None,
        }
    }

    /// What another crate reports, with its help and its place in the source.
    pub fn of(status: StatusCode, code: &'static str, report: &dyn Diagnostic) -> Self {
        let help = report.help().map(|help| help.to_string());
        let text = report::text(report);
        Self { help, report: Some(text), ..Self::new(status, code, report.to_string()) }
    }

    /// The same with the way out.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with every problem apart.
    #[must_use]
    pub fn with_problems(mut self, problems: Vec<ProblemCard>) -> Self {
        self.problems = problems;
        self
    }

    /// The same, worth another attempt after so many seconds.
    #[must_use]
    pub fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// There is nothing of that name.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", what)
    }

    /// What was sent cannot be used.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message)
    }

    /// Nothing may be changed.
    pub fn read_only() -> Self {
        Self::new(StatusCode::FORBIDDEN, "read-only", "this page is read-only").with_help(
            "switch read-only off under Settings; a server that was started with `--read-only` stays so",
        )
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, seconds) = (self.status, self.retry_after);
        let mut response = (status, Json(self)).into_response();
        if let Some(seconds) = seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
