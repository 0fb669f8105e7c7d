//! One revision in full, and what is wrong with scripts.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::error::{ApiResult, ErrorBody};
use crate::extract::Path;
use crate::report::ProblemCard;

/// A revision with its script.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RevisionDetail {
    /// The identifier.
    pub id: String,
    /// The docstring up to its first empty line.
    pub message: String,
    /// The whole docstring.
    pub docstring: String,
    /// What the docstring says after `Create Date:`.
    pub create_date: Option<String>,
    /// The script, as seen from where the server was started.
    pub path: String,
    /// The line of the script's `revision = …`, from 1.
    pub line: u32,
    /// The script's text; null when it is gone by now.
    pub source: Option<String>,
    /// The revisions that it follows.
    pub parents: Vec<RevisionLink>,
    /// The revisions that follow it.
    pub children: Vec<RevisionLink>,
    /// The revisions that it depends on.
    pub dependencies: Vec<RevisionLink>,
    /// The revisions that depend on it.
    pub dependents: Vec<RevisionLink>,
    /// The labels that the script declares.
    pub branch_labels: Vec<String>,
    /// All labels that hold here.
    pub labels: Vec<String>,
    /// Everything about it, as `alembic-rs show` prints it.
    pub text: String,
}

/// Another revision, to go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RevisionLink {
    /// The identifier.
    pub id: String,
    /// The docstring up to its first empty line.
    pub message: String,
}

/// Everything that is wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problems {
    /// What keeps the scripts or the configuration from being used, with the report of the command line.
    pub errors: Vec<ProblemCard>,
    /// What is odd and keeps nothing from being used.
    pub warnings: Vec<String>,
}

/// One revision with its script. `id` is the whole identifier.
#[utoipa::path(
    get, path = "/api/revisions/{id}", tag = "migrations", operation_id = "revision",
    params(("id" = String, Path, description = "The identifier")),
    responses(
        (status = 200, body = RevisionDetail),
        (status = 404, description = "No script of the project declares it", body = ErrorBody),
        (status = 409, description = "Broken scripts or configuration", body = ErrorBody),
    ),
)]
pub(crate) async fn show(
    State(app): State<AppState>,
    Path(id): Path<String>,
) -> ApiResult<axum::Json<RevisionDetail>> {
    Ok(axum::Json(app.project.revision(id).await?))
}

/// What is wrong with scripts and configuration.
#[utoipa::path(get, path = "/api/problems", tag = "migrations", operation_id = "problems", responses((status = 200, body = Problems)))]
pub(crate) async fn problems(State(app): State<AppState>) -> axum::Json<Problems> {
    axum::Json(app.project.problems().await)
}
