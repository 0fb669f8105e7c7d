//! The four variables of a migration script, and where they stand.

use std::borrow::Cow;
use std::ops::Range;

use python_static::{Answer, Binding, Module, Value};

use super::error::ScriptProblemKind;

/// The module-level names that make a file a migration script.
pub const VARIABLES: [&str; 4] = ["revision", "down_revision", "branch_labels", "depends_on"];

/// What a script says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declaration {
    /// `revision`.
    pub revision: String,
    /// `down_revision`; empty for a base.
    pub down_revision: Vec<String>,
    /// `branch_labels`.
    pub branch_labels: Vec<String>,
    /// `depends_on`, as written.
    pub depends_on: Vec<String>,
}

/// Byte ranges of the statements that declare the four variables. `None` where
/// there is no such statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Positions {
    /// `revision = …`.
    pub revision: Option<Range<u32>>,
    /// `down_revision = …`.
    pub down_revision: Option<Range<u32>>,
    /// `branch_labels = …`.
    pub branch_labels: Option<Range<u32>>,
    /// `depends_on = …`.
    pub depends_on: Option<Range<u32>>,
}

impl Positions {
    pub(super) fn of(module: &Module<'_>) -> Self {
        let position = |name| module.binding(name).map(|binding| narrow(&binding.statement));
        Self {
            revision: position("revision"),
            down_revision: position("down_revision"),
            branch_labels: position("branch_labels"),
            depends_on: position("depends_on"),
        }
    }
}

fn narrow(range: &Range<usize>) -> Range<u32> {
    let number = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    number(range.start)..number(range.end)
}

/// A failure with the range that it belongs to.
pub(super) struct Located {
    pub(super) kind: ScriptProblemKind,
    /// The value, or the statement, of the variable.
    pub(super) span: Range<usize>,
    /// What makes the value impossible to know; it may stand elsewhere in the file.
    pub(super) cause: Option<Range<usize>>,
}

impl Located {
    fn nowhere(kind: ScriptProblemKind) -> Self {
        Self { kind, span: 0..0, cause: None }
    }
}

/// Reads the four variables; `file_name` gives the identifier of old scripts
/// without `revision`.
pub(super) fn read<'a>(
    module: &Module<'_>,
    file_name: impl Fn() -> Cow<'a, str>,
) -> Result<Declaration, Located> {
    let revision = match module.binding("revision") {
        Some(binding) => one("revision", binding)?,
        None => legacy_id(&file_name()).ok_or_else(|| {
            Located::nowhere(ScriptProblemKind::NoRevision { file_name: file_name().into_owned() })
        })?,
    };
    let down_revision = module.binding("down_revision").ok_or_else(|| {
        let module = file_name().replace(|c: char| !(c.is_alphanumeric() || c == '_'), "_");
        Located::nowhere(ScriptProblemKind::NoDownRevision { module })
    })?;
    let optional = |name| match module.binding(name) {
        Some(binding) => several(name, binding),
        None => Ok(Vec::new()),
    };
    Ok(Declaration {
        revision,
        down_revision: several("down_revision", down_revision)?,
        branch_labels: optional("branch_labels")?,
        depends_on: optional("depends_on")?,
    })
}

/// A file named by hexadecimal digits alone is its own identifier.
fn legacy_id(file_name: &str) -> Option<String> {
    let stem = file_name.strip_suffix(".py")?;
    let hexadecimal = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    (!stem.is_empty() && stem.bytes().all(hexadecimal)).then(|| stem.to_owned())
}

pub(super) fn known<'a>(
    variable: &'static str,
    binding: &'a Binding,
) -> Result<&'a Value, Located> {
    let (reason, cause) = match &binding.answer {
        Answer::Known(value) => return Ok(value),
        Answer::Unknown(unknown) => (&unknown.reason, &unknown.range),
        Answer::Refused(refused) => (&refused.reason, &refused.range),
    };
    let kind = ScriptProblemKind::NotStatic { variable, reason: reason.clone() };
    Err(Located { kind, span: binding.value.clone(), cause: Some(cause.clone()) })
}

fn one(variable: &'static str, binding: &Binding) -> Result<String, Located> {
    match known(variable, binding)? {
        Value::Str(text) => Ok(owned(text)),
        other => Err(wrong_type(variable, other, binding)),
    }
}

/// `to_string` of an `Arc<str>` takes the long way through the formatter.
fn owned(text: &str) -> String {
    text.to_owned()
}

/// A string, `None`, or a collection of strings (Alembic's `to_tuple`).
fn several(variable: &'static str, binding: &Binding) -> Result<Vec<String>, Located> {
    let value = known(variable, binding)?;
    if let Value::Str(text) = value {
        // As Alembic: an empty string names a parent or a label, but no dependency.
        let none = text.is_empty() && variable == "depends_on";
        return Ok(if none { Vec::new() } else { vec![owned(text)] });
    }
    if value.is_none() {
        return Ok(Vec::new());
    }
    let items: Vec<&Value> = match value {
        Value::Dict(entries) => entries.iter().map(|(key, _)| key).collect(),
        other => {
            let elements = other.elements().ok_or_else(|| wrong_type(variable, value, binding))?;
            elements.iter().collect()
        }
    };
    // As Alembic: a collection of one stands for its item.
    if let [only] = items.as_slice()
        && only.is_none()
    {
        return Ok(Vec::new());
    }
    items
        .into_iter()
        .map(|item| match item {
            Value::Str(text) => Ok(owned(text)),
            other => Err(wrong_type(variable, other, binding)),
        })
        .collect()
}

fn wrong_type(variable: &'static str, value: &Value, binding: &Binding) -> Located {
    let found = value.type_name().to_owned();
    let kind = ScriptProblemKind::WrongType { variable, found };
    Located { kind, span: binding.value.clone(), cause: None }
}
