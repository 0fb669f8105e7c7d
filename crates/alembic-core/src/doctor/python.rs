//! What is known of the project's Python, in the words of a check.

use std::path::Path;

use super::check::Check;

const INTERPRETER: &str = "python";
const ALEMBIC: &str = "alembic";

impl Check {
    /// The interpreter that runs upgrade and downgrade, and why it was chosen.
    pub fn interpreter(path: &Path, reason: &str) -> Self {
        Self::ok(INTERPRETER, format!("`{}`, {reason}", path.display()))
    }

    /// None of the interpreters will do; each with why it was refused.
    pub fn interpreter_missing(tried: &[(String, String)]) -> Self {
        let tried: Vec<String> =
            tried.iter().map(|(place, reason)| format!("{place}: {reason}")).collect();
        let sentence = if tried.is_empty() {
            "no Python was found".to_owned()
        } else {
            format!("no Python with Alembic was found ({})", tried.join("; "))
        };
        let fix = "activate the project's virtual environment, or give `--python PATH`";
        Self::error(INTERPRETER, sentence, fix.to_owned())
    }

    /// The versions that the interpreter has.
    pub fn alembic_version(alembic: &str, sqlalchemy: Option<&str>) -> Self {
        let with = sqlalchemy.map(|version| format!(" with SQLAlchemy {version}"));
        Self::ok(ALEMBIC, format!("Alembic {alembic}{}", with.unwrap_or_default()))
    }

    /// The interpreter has no Alembic.
    pub fn alembic_missing(interpreter: &Path) -> Self {
        let sentence = format!("`{}` has no Alembic", interpreter.display());
        let fix = format!("`{} -m pip install alembic`", interpreter.display());
        Self::error(ALEMBIC, sentence, fix)
    }
}
