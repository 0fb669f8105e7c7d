//! Functions of the database and SQLAlchemy's constructs: `text`, `cast`, `case`, `extract`.

use python_static::program::{Arguments, Value};

use super::{Compiler, Kind, Sql, literal};

impl Compiler<'_> {
    /// `func.name(…)`
    pub(super) fn function(&mut self, name: &str, arguments: &Arguments) -> Option<Sql> {
        if !arguments.keywords.is_empty() {
            return None;
        }
        let lower = name.to_lowercase();
        let mut parts = Vec::new();
        let mut first = None;
        for argument in &arguments.positional {
            let sql = match argument {
                Value::Term(_) => self.compile(argument)?,
                _ => literal(argument)?,
            };
            first.get_or_insert_with(|| sql.kind.clone());
            parts.push(sql.text);
        }
        // Functions that SQL writes without brackets.
        if parts.is_empty() {
            match &*lower {
                "current_timestamp" | "current_date" | "current_time" | "localtime"
                | "localtimestamp" | "current_user" | "session_user" | "user" => {
                    return Some(Sql::atom(lower.to_uppercase()).kind(Kind::Date));
                }
                "count" => return Some(Sql::atom("count(*)").kind(Kind::Integer)),
                _ => {}
            }
        }
        let kind = match &*lower {
            "concat" => Kind::Text,
            "char_length" | "count" => Kind::Integer,
            "coalesce" | "max" | "min" | "sum" => first.unwrap_or(Kind::Any),
            "now" => Kind::Date,
            _ => Kind::Any,
        };
        let generic = matches!(
            &*lower,
            "now"
                | "coalesce"
                | "max"
                | "min"
                | "sum"
                | "count"
                | "concat"
                | "char_length"
                | "random"
        );
        let shown = if generic { lower } else { dotted(name) };
        Some(Sql::atom(format!("{shown}({})", parts.join(", "))).kind(kind))
    }

    pub(super) fn construct(&mut self, name: &str, arguments: &Arguments) -> Option<Sql> {
        let args = arguments.positional.as_slice();
        if !arguments.keywords.is_empty() && name != "case" {
            return None;
        }
        match (name, args) {
            ("text" | "literal_column", [Value::Str(text), ..]) => raw(text),
            ("true" | "false", []) => Some(Sql::atom(name).kind(Kind::Boolean)),
            ("null", []) => Some(Sql::atom("NULL")),
            ("literal", [value]) => literal(value),
            ("and_" | "or_", parts) => self.both(parts, name == "and_"),
            ("not_", [value]) => self.negate(value),
            ("cast", [value, kind]) => self.cast(value, kind),
            ("type_coerce", [value @ Value::Term(_), _]) => self.compile(value),
            ("collate", [value, Value::Str(name)]) => self.collate(value, name),
            ("case", whens) => self.case(whens, arguments.keyword("else_")),
            ("extract", [Value::Str(field), value]) => {
                let inner = self.compile(value)?.text;
                Some(Sql::atom(format!("EXTRACT({field} FROM {inner})")).kind(Kind::Integer))
            }
            (
                "desc" | "asc" | "nullslast" | "nullsfirst" | "nulls_last" | "nulls_first",
                [value],
            ) => self.method(value, name, &Arguments::default()),
            ("between", [value, low, high]) => {
                self.method(value, "between", &Arguments::of(vec![low.clone(), high.clone()]))
            }
            _ => None,
        }
    }

    /// `CAST(value AS type)`
    pub(super) fn cast(&mut self, value: &Value, kind: &Value) -> Option<Sql> {
        let typed = crate::types::compile(self.machine, kind, self.context, 0).ok()?;
        let wanted = Kind::of(Some(&typed));
        let inner = match value {
            Value::Term(_) => self.compile(value)?,
            // A literal is written as one of the type.
            _ => literal_of(value, &wanted)?,
        };
        Some(Sql::atom(format!("CAST({} AS {})", inner.text, typed.text)).kind(wanted))
    }

    fn case(&mut self, whens: &[Value], otherwise: Option<&Value>) -> Option<Sql> {
        let mut text = "CASE".to_owned();
        for when in whens {
            let Value::Tuple(pair) = when else { return None };
            let [condition, result] = &**pair else { return None };
            let condition = self.compile(condition)?.alone();
            let result = self.beside(result, &Kind::Any)?.text;
            text.push_str(&format!(" WHEN {condition} THEN {result}"));
        }
        if let Some(value) = otherwise.filter(|value| !matches!(value, Value::None)) {
            text.push_str(&format!(" ELSE {}", self.beside(value, &Kind::Any)?.text));
        }
        text.push_str(" END");
        Some(Sql::atom(text))
    }
}

/// SQL as it was written. A parameter (`:name`) in it is not known.
fn raw(text: &str) -> Option<Sql> {
    let bytes = text.as_bytes();
    let parameter = (1..bytes.len()).any(|at| {
        bytes[at - 1] == b':'
            && is_word(bytes[at])
            && (at < 2 || !(matches!(bytes[at - 2], b':' | b'\\') || is_word(bytes[at - 2])))
    });
    if parameter {
        return None;
    }
    Some(Sql::atom(text.replace("\\:", ":").replace('%', "%%")))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A function's name, each part in quotes if it holds anything but letters, digits, `_` and `$`.
fn dotted(name: &str) -> String {
    let part = |part: &str| {
        if part.bytes().all(|byte| is_word(byte) || byte == b'$') {
            part.to_owned()
        } else {
            format!("\"{part}\"")
        }
    };
    name.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// A literal as a type of the kind writes it; what needs a conversion is not known.
fn literal_of(value: &Value, kind: &Kind) -> Option<Sql> {
    match (value, kind) {
        (Value::Str(text), Kind::Number)
            if text.parse::<f64>().is_ok_and(f64::is_finite) && text.trim() == &**text =>
        {
            Some(Sql::atom(&**text))
        }
        (Value::None, _)
        | (Value::Str(_), Kind::Text)
        | (Value::Int(_), Kind::Integer | Kind::Number)
        | (Value::Float(_), Kind::Number)
        | (Value::Bool(_), Kind::Boolean)
        | (_, Kind::Enumeration(_)) => super::literal_beside(value, kind),
        _ => None,
    }
}
