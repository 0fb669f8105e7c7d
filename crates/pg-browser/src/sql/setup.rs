//! What every connection is told first.

use std::{fmt::Write as _, time::Duration};

use super::{Sql, quoted};
use crate::Result;

/// Fixes the text form of values, and has each statement planned for its own values: a plan for any value reads a table
/// from its end as if it were its beginning. Compiling a plan takes longer than all that is asked here.
const SETUP: &str = "\
SET extra_float_digits = 1;
SET bytea_output = 'hex';
SET intervalstyle = 'postgres';
SET standard_conforming_strings = on;
SET xmloption = 'content';
SET plan_cache_mode = 'force_custom_plan';
SET jit = off";

/// The statements, of which the last gives the process's number.
pub(crate) fn setup(limit: Option<Duration>, search_path: &[String]) -> Result<Sql> {
    let mut text = SETUP.to_owned();
    if let Some(limit) = limit {
        let _ = write!(text, ";\nSET statement_timeout = {}", limit.as_millis());
    }
    if !search_path.is_empty() {
        let schemas: Vec<String> = search_path.iter().map(|schema| quoted(schema)).collect();
        let _ = write!(text, ";\nSET search_path = {}", schemas.join(", "));
    }
    Sql::new(text + ";\nSELECT pg_backend_pid()", Vec::new())
}
