//! The project as it lies there now, and what its database says.

use bytes::Bytes;

use crate::App;
use crate::api::environment::{Environment, Versions};
use crate::api::revisions::{Problems, RevisionDetail};
use crate::api::runs::{RunCommand, RunRequest};
use crate::error::{ApiError, ApiResult};
use crate::runs::Run;
use std::sync::Arc;

/// Project.
pub struct Project {}
/// Options.
pub struct ProjectOptions {}

/// What a run would do.
pub(crate) struct Planned {
    pub(crate) command: RunCommand,
    pub(crate) target: String,
    pub(crate) database: String,
    pub(crate) from: Vec<String>,
    pub(crate) to: Vec<String>,
    pub(crate) scripts: String,
    pub(crate) preview: Bytes,
}

fn later<T>() -> ApiResult<T> {
    Err(ApiError::not_found("later"))
}
impl Project {
    pub(crate) async fn status(&self) -> ApiResult<Bytes> {
        later()
    }
    pub(crate) async fn graph(&self) -> ApiResult<Bytes> {
        later()
    }
    pub(crate) async fn fingerprints(&self) -> (String, String) {
        Default::default()
    }
    pub(crate) async fn revision(&self, _id: String) -> ApiResult<RevisionDetail> {
        later()
    }
    pub(crate) async fn problems(&self) -> Problems {
        Problems { errors: vec![], warnings: vec![] }
    }
    pub(crate) async fn plan(&self, _c: RunCommand, _t: String) -> ApiResult<Planned> {
        later()
    }
    pub(crate) async fn environment(&self, _r: bool) -> Environment {
        unimplemented!()
    }
    pub(crate) async fn versions(&self) -> Versions {
        unimplemented!()
    }
}
impl App {
    pub(crate) fn start_run(self: &Arc<Self>, _r: &RunRequest, _p: Planned) -> ApiResult<Arc<Run>> {
        later()
    }
}
