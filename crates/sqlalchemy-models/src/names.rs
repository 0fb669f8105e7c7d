//! Names of constraints and indexes: naming conventions and their length.

use md5::{Digest, Md5};
use python_static::percent::{self, Piece};
use python_static::program::Value;

/// What is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Index,
    Unique,
    Check,
    Foreign,
    Primary,
}

impl Kind {
    /// The key of its convention, and the class that may stand for it.
    fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::Index => ("ix", "Index"),
            Self::Unique => ("uq", "UniqueConstraint"),
            Self::Check => ("ck", "CheckConstraint"),
            Self::Foreign => ("fk", "ForeignKeyConstraint"),
            Self::Primary => ("pk", "PrimaryKeyConstraint"),
        }
    }
}

/// What a convention's tokens stand for.
pub(crate) struct Naming<'a> {
    pub(crate) table: &'a str,
    pub(crate) schema: Option<&'a str>,
    pub(crate) columns: &'a [String],
    pub(crate) keys: &'a [String],
    pub(crate) referred_table: Option<&'a str>,
    pub(crate) referred_columns: &'a [String],
}

/// Shortened as SQLAlchemy shortens names that it made.
pub(crate) fn shortened(name: &str) -> String {
    if name.chars().count() <= 63 {
        return name.to_owned();
    }
    let digest = Md5::digest(name.as_bytes());
    let head: String = name.chars().take(55).collect();
    let [.., first, last] = &digest[..] else { return head };
    format!("{head}_{first:02x}{last:02x}")
}

/// The name of a constraint: `Err` when it is not known.
pub(crate) fn name(
    conventions: &[(Value, Value)],
    kind: Kind,
    given: Option<&Value>,
    naming: &Naming<'_>,
) -> Result<Option<String>, ()> {
    let mut is_conv = false;
    let given = match given {
        None | Some(Value::None) => None,
        Some(Value::Str(text)) => Some(text.to_string()),
        Some(value) => match value.as_call() {
            Some((function, arguments))
                if function.name().is_some_and(|name| name.ends_with(".conv")) =>
            {
                is_conv = true;
                Some(arguments.positional.first().and_then(Value::as_str).ok_or(())?.to_owned())
            }
            _ => return Err(()),
        },
    };
    if is_conv {
        return Ok(given.map(|name| shortened(&name)));
    }
    let (kind_key, class) = kind.keys();
    let convention = conventions.iter().find(|(key, _)| {
        key.as_str() == Some(kind_key) || key.name().is_some_and(|name| name.ends_with(class))
    });
    let format = match convention {
        None if conventions.is_empty() && kind == Kind::Index => "ix_%(column_0_label)s",
        None => return Ok(given),
        Some((_, Value::None)) => return Ok(given),
        Some((_, value)) => value.as_str().ok_or(())?,
    };
    if given.is_some() && !format.contains("constraint_name") {
        return Ok(given);
    }
    Ok(Some(shortened(&expand(conventions, format, given.as_deref(), naming).ok_or(())?)))
}

/// A convention with its tokens replaced; `None` when one of them is not known.
fn expand(
    conventions: &[(Value, Value)],
    format: &str,
    given: Option<&str>,
    naming: &Naming<'_>,
) -> Option<String> {
    let mut out = String::new();
    for piece in percent::pieces(format) {
        match piece.ok()? {
            Piece::Text(text) => out.push_str(text),
            Piece::Conversion(conversion) if conversion.is_plain('%') => out.push('%'),
            Piece::Conversion(conversion) => {
                let token = conversion.key.filter(|_| conversion.is_plain('s'))?;
                // A function of the project's own makes what this token stands for.
                if conventions.iter().any(|(key, _)| key.as_str() == Some(token)) {
                    return None;
                }
                out.push_str(&value(token, given, naming)?);
            }
        }
    }
    Some(out)
}

/// What a token of a convention stands for.
fn value(token: &str, given: Option<&str>, naming: &Naming<'_>) -> Option<String> {
    let label = |column: &String| match naming.schema {
        Some(schema) => format!("{}_{}_{column}", schema.replace('.', "_"), naming.table),
        None => format!("{}_{column}", naming.table),
    };
    match token {
        "table_name" => return Some(naming.table.to_owned()),
        "constraint_name" => return given.map(str::to_owned),
        "referred_table_name" => return naming.referred_table.map(str::to_owned),
        _ => {}
    }
    let (of, rest) = match token.strip_prefix("referred_column_") {
        Some(rest) => (naming.referred_columns, rest),
        None => (naming.columns, token.strip_prefix("column_")?),
    };
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let at: usize = digits.parse().ok()?;
    let (items, kind): (Vec<&String>, &str) = match &rest[digits.len()..] {
        tail if tail.starts_with("_N_") => (of.iter().collect(), &tail[3..]),
        tail if tail.starts_with("N_") => (of.iter().collect(), &tail[2..]),
        tail => (vec![of.get(at)?], tail.strip_prefix('_')?),
    };
    let separator = if rest[digits.len()..].starts_with("_N_") { "_" } else { "" };
    let mut parts = Vec::new();
    for (index, item) in items.iter().enumerate() {
        parts.push(match kind {
            "name" => (*item).clone(),
            "label" => label(item),
            "key" => {
                let at = if items.len() == 1 { at } else { index };
                naming.keys.get(at).unwrap_or(item).clone()
            }
            _ => return None,
        });
    }
    Some(parts.join(separator))
}
