//! SQL expressions as the postgresql dialect writes them with literals in place.
//!
//! Brackets follow SQLAlchemy's precedence of operators: an operand is wrapped when it binds no tighter than what
//! stands above it, unless both are the same associative operator.

mod constructs;
mod operators;

use python_static::program::{Machine, TermKind, Value};

use crate::types::{Context, Typed, library_name};

/// Finds the name and kind of a column that an expression mentions.
pub(crate) type FindColumn<'a> = dyn Fn(&mut Machine, &Value) -> Option<(String, Kind)> + 'a;

/// An SQL text.
#[derive(Debug, Clone)]
pub(crate) struct Sql {
    pub(crate) text: String,
    /// The operator at its top; what has none needs no brackets.
    pub(crate) operator: Option<Operator>,
    /// What its value is, for literals and operators beside it.
    pub(crate) kind: Kind,
}

/// An operator and how tightly it binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operator {
    /// As SQL writes it.
    pub(crate) name: &'static str,
    /// SQLAlchemy's precedence.
    pub(crate) level: i8,
}

/// What an expression's value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It takes literals as they are.
    Any,
    Text,
    Integer,
    Number,
    Boolean,
    Date,
    /// Whatever takes literals of other types as they are.
    Plain,
    Enumeration(Vec<String>),
    /// Literals beside it are written in ways that are not known here.
    Other,
}

impl Kind {
    /// The kind of a column.
    pub(crate) fn of(typed: Option<&Typed>) -> Self {
        let Some(typed) = typed.filter(|typed| !typed.custom) else { return Self::Other };
        if typed.text.contains("[]") {
            return Self::Other;
        }
        if let Some(values) = &typed.values {
            return Self::Enumeration(values.clone());
        }
        match typed.text.split(['(', ' ']).next().unwrap_or_default() {
            "VARCHAR" | "TEXT" | "CHAR" | "CITEXT" => Self::Text,
            "INTEGER" | "SMALLINT" | "BIGINT" => Self::Integer,
            "NUMERIC" | "FLOAT" | "DOUBLE" | "REAL" | "DECIMAL" => Self::Number,
            "BOOLEAN" => Self::Boolean,
            "TIMESTAMP" | "DATE" | "TIME" => Self::Date,
            _ => Self::Plain,
        }
    }
}

impl Sql {
    fn atom(text: impl Into<String>) -> Self {
        Self { text: text.into(), operator: None, kind: Kind::Any }
    }

    fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    fn operation(text: String, operator: Operator, kind: Kind) -> Self {
        Self { text, operator: Some(operator), kind }
    }

    /// The text as an operand below `against`.
    fn below(&self, against: Operator) -> String {
        match self.operator {
            Some(own)
                if own.level <= against.level
                    && !(own == against && operators::is_associative(own.name)) =>
            {
                format!("({})", self.text)
            }
            _ => self.text.clone(),
        }
    }

    /// The text where any operator needs brackets, as in an index.
    pub(crate) fn alone(&self) -> String {
        match self.operator {
            Some(own) if !operators::is_ordering(own.name) => format!("({})", self.text),
            _ => self.text.clone(),
        }
    }
}

/// Compiles expressions of one table.
pub(crate) struct Compiler<'a> {
    pub(crate) machine: &'a mut Machine,
    pub(crate) columns: &'a FindColumn<'a>,
    pub(crate) context: Context<'a>,
    pub(crate) depth: usize,
    /// How many parts may still be written.
    pub(crate) left: u32,
}

/// How many parts one expression may have.
pub(crate) const MAX_PARTS: u32 = 2000;

/// A text in quotes; `%` is doubled as drivers want it.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''").replace('%', "%%"))
}

/// A literal of no particular type.
pub(crate) fn literal(value: &Value) -> Option<Sql> {
    Some(match value {
        Value::None => Sql::atom("NULL"),
        Value::Bool(value) => Sql::atom(value.to_string()).kind(Kind::Boolean),
        Value::Int(value) => Sql::atom(value.to_string()).kind(Kind::Integer),
        Value::Float(value) if value.is_finite() && value.abs() < 1e15 && value.abs() > 1e-4 => {
            let text = value.to_string();
            Sql::atom(if text.contains('.') { text } else { format!("{text}.0") })
                .kind(Kind::Number)
        }
        Value::Str(text) => Sql::atom(quoted(text)).kind(Kind::Text),
        _ => return None,
    })
}

/// A literal beside an expression of a kind.
fn literal_beside(value: &Value, kind: &Kind) -> Option<Sql> {
    match (value, kind) {
        (Value::None, _) => literal(value),
        (_, Kind::Other) => None,
        (Value::Str(_), Kind::Enumeration(_)) => literal(value),
        (_, Kind::Enumeration(_)) if !matches!(value, Value::Instance(_)) => None,
        // A literal of another kind than the column's is written as what it is.
        (Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_), _) => literal(value),
        (Value::Instance(instance), Kind::Enumeration(values)) => {
            let attributes = instance.attributes.borrow();
            let name = attributes.get("name")?.as_str()?;
            let value = attributes.get("value").and_then(Value::as_str);
            // The names are stored, unless something else chose the values.
            let is_name = values.iter().any(|known| known == name)
                && (value == Some(name) || !values.iter().any(|known| Some(&**known) == value));
            is_name.then(|| Sql::atom(quoted(name)))
        }
        (Value::Instance(instance), Kind::Text) if instance.class.has_base("str") => {
            literal(instance.attributes.borrow().get("value")?)
        }
        _ => None,
    }
}

impl Compiler<'_> {
    /// The text of an expression, if it is known in full.
    pub(crate) fn compile(&mut self, value: &Value) -> Option<Sql> {
        self.left = self.left.checked_sub(1)?;
        if self.depth > 40 {
            return None;
        }
        self.depth += 1;
        let found = self.node(value);
        self.depth -= 1;
        found
    }

    fn node(&mut self, value: &Value) -> Option<Sql> {
        if let Some((name, kind)) = (self.columns)(self.machine, value) {
            return Some(Sql::atom(crate::types::quote(&name)).kind(kind));
        }
        let Some(term) = value.as_term() else { return literal(value) };
        match &term.kind {
            TermKind::Operator(op, operands) => self.operator(op, operands),
            TermKind::Call(function, arguments) => {
                if arguments.unknown.is_some() {
                    return None;
                }
                if let Value::Term(head) = function {
                    if let TermKind::Attribute(of, method) = &head.kind {
                        return self.method(of, method, arguments);
                    }
                    // `column.op("@>")(value)`
                    if let TermKind::Call(inner, given) = &head.kind
                        && let Value::Term(inner) = inner
                        && let TermKind::Attribute(of, method) = &inner.kind
                    {
                        return self.custom_operator(of, method, given, arguments);
                    }
                    if let TermKind::Name(full) = &head.kind
                        && let Some(name) = function_name(full)
                    {
                        return self.function(name, arguments);
                    }
                }
                self.construct(library_name(function)?.as_str(), arguments)
            }
            TermKind::Attribute(of, name) if &**name == "astext" => self.json_text(of),
            _ => None,
        }
    }

    /// `column["key"].astext`
    fn json_text(&mut self, of: &Value) -> Option<Sql> {
        let TermKind::Item(column, key) = &of.as_term()?.kind else { return None };
        let column = self.compile(column).filter(|sql| sql.operator.is_none())?.text;
        let key = match key {
            Value::Str(_) | Value::Int(_) => literal(key)?.text,
            _ => return None,
        };
        let text = format!("{column} ->> {key}");
        Some(Sql::operation(text, operators::JSON_TEXT, Kind::Text))
    }

    /// An operand beside another one.
    fn beside(&mut self, value: &Value, kind: &Kind) -> Option<Sql> {
        match value {
            Value::Term(_) => self.compile(value),
            _ => literal_beside(value, kind),
        }
    }
}

/// The name of a function of the database: `func.lower`.
fn function_name(full: &str) -> Option<&str> {
    [
        "sqlalchemy.func.",
        "sqlalchemy.sql.func.",
        "sqlmodel.func.",
        "sqlalchemy.sql.functions.func.",
        "sqlalchemy.sql.expression.func.",
        "sqlalchemy.sql.functions.",
    ]
    .iter()
    .find_map(|prefix| full.strip_prefix(prefix))
}
