//! Operators and methods of columns.

use python_static::program::{Arguments, Value};

use super::{Compiler, Kind, Operator, Sql, literal, quoted};
use crate::types::library_name;

const fn operator(name: &'static str, level: i8) -> Operator {
    Operator { name, level }
}

const AND: Operator = operator("AND", 3);
const OR: Operator = operator("OR", 2);
const NOT: Operator = operator("NOT", 5);
const COLLATE: Operator = operator("COLLATE", 4);
const NEGATIVE: Operator = operator("-x", 8);
const CONCAT: Operator = operator("||", 5);
/// It stands in brackets below every operator.
pub(super) const JSON_TEXT: Operator = operator("->>", i8::MIN);
const ORDER: Operator = operator("DESC", 3);

/// Whether brackets between two of them may be left out.
pub(super) fn is_associative(name: &str) -> bool {
    matches!(name, "AND" | "OR" | "+" | "*" | "||" | "=" | "!=")
}

pub(super) fn is_ordering(name: &str) -> bool {
    name == ORDER.name
}

fn comparison(op: &str) -> Option<Operator> {
    let name = match op {
        "==" => "=",
        "!=" => "!=",
        "<" => "<",
        "<=" => "<=",
        ">" => ">",
        ">=" => ">=",
        _ => return None,
    };
    Some(operator(name, 5))
}

/// The operator that says the opposite.
fn negated(name: &str) -> Option<&'static str> {
    Some(match name {
        "=" => "!=",
        "!=" => "=",
        "<" => ">=",
        ">=" => "<",
        ">" => "<=",
        "<=" => ">",
        "IS" => "IS NOT",
        "IS NOT" => "IS",
        "LIKE" => "NOT LIKE",
        "ILIKE" => "NOT ILIKE",
        "NOT LIKE" => "LIKE",
        "NOT ILIKE" => "ILIKE",
        "BETWEEN" => "NOT BETWEEN",
        "IN" => "NOT IN",
        _ => return None,
    })
}

impl Compiler<'_> {
    pub(super) fn operator(&mut self, op: &str, operands: &[Value]) -> Option<Sql> {
        match (op, operands) {
            ("~", [value]) => self.negate(value),
            ("neg", [value]) => {
                let inner = self.compile(value)?;
                let text = format!("-{}", inner.below(NEGATIVE));
                Some(Sql::operation(text, NEGATIVE, inner.kind))
            }
            ("&" | "|", [left, right]) => {
                self.conjunction(if op == "&" { AND } else { OR }, &[left.clone(), right.clone()])
            }
            (_, [left, right]) => match comparison(op) {
                Some(found) => self.compare(found, left, right),
                None => self.arithmetic(op, left, right),
            },
            _ => None,
        }
    }

    /// `and_()` and `or_()`.
    pub(super) fn conjunction(&mut self, word: Operator, parts: &[Value]) -> Option<Sql> {
        let mut compiled = Vec::new();
        for part in parts {
            if !matches!(part, Value::Term(_)) {
                return None;
            }
            compiled.push(self.compile(part)?);
        }
        if let [one] = compiled.as_slice() {
            return Some(one.clone());
        }
        // `true` and `false` inside are folded away.
        if compiled.is_empty()
            || compiled.iter().any(|part| matches!(&*part.text, "true" | "false"))
        {
            return None;
        }
        let texts: Vec<String> = compiled.iter().map(|part| part.below(word)).collect();
        Some(Sql::operation(texts.join(&format!(" {} ", word.name)), word, Kind::Boolean))
    }

    pub(super) fn both(&mut self, parts: &[Value], all: bool) -> Option<Sql> {
        self.conjunction(if all { AND } else { OR }, parts)
    }

    fn compare(&mut self, op: Operator, left: &Value, right: &Value) -> Option<Sql> {
        // Python turns `1 < column` around.
        if !matches!(left, Value::Term(_)) {
            let turned = match op.name {
                "<" => ">",
                ">" => "<",
                "<=" => ">=",
                ">=" => "<=",
                other => other,
            };
            return self.compare(operator(turned, op.level), right, left);
        }
        let a = self.compile(left)?;
        if let Value::None = right {
            let word = match op.name {
                "=" => "IS",
                "!=" => "IS NOT",
                _ => return None,
            };
            let op = operator(word, 5);
            return Some(Sql::operation(format!("{} {word} NULL", a.below(op)), op, Kind::Boolean));
        }
        let b = if let (Value::Bool(value), "=" | "!=") = (right, op.name) {
            Sql::atom(value.to_string())
        } else {
            self.beside(right, &a.kind)?
        };
        let text = format!("{} {} {}", a.below(op), op.name, b.below(op));
        Some(Sql::operation(text, op, Kind::Boolean))
    }

    fn arithmetic(&mut self, op: &str, left: &Value, right: &Value) -> Option<Sql> {
        use Kind::{Any, Date, Integer, Number, Text};
        let (a, b) = if matches!(left, Value::Term(_)) {
            let a = self.compile(left)?;
            let b = self.beside(right, &a.kind)?;
            (a, b)
        } else {
            let b = self.compile(right)?;
            (self.beside(left, &b.kind)?, b)
        };
        let (op, kind) = match (op, &a.kind, &b.kind) {
            ("+", Text, Text | Any) | ("+", Any, Text) => (CONCAT, Text),
            ("+", Integer | Number, Integer | Number)
            | ("+", Any, Integer | Number | Any)
            | ("+", Integer | Number | Date, Any) => (operator("+", 7), a.kind.clone()),
            ("-", Integer | Number | Any, Integer | Number | Any) | ("-", Date, Any | Date) => {
                (operator("-", 7), a.kind.clone())
            }
            ("*", Integer | Number | Any, Integer | Number | Any) => {
                (operator("*", 8), a.kind.clone())
            }
            ("%", Integer | Number, Integer | Number) => (operator("%%", 8), a.kind.clone()),
            // True division of integers, as in Python.
            ("/", Integer | Number, Integer) => {
                let op = operator("/", 8);
                let text = format!("{} / CAST({} AS NUMERIC)", a.below(op), b.text);
                return Some(Sql::operation(text, op, Number));
            }
            ("//", Integer, Integer) => (operator("/", 8), Integer),
            _ => return None,
        };
        let text = format!("{} {} {}", a.below(op), op.name, b.below(op));
        Some(Sql::operation(text, op, kind))
    }

    /// `~value` and `not_(value)`.
    pub(super) fn negate(&mut self, value: &Value) -> Option<Sql> {
        let inner = self.compile(value)?;
        if let Some(own) = inner.operator {
            if own == NOT {
                let text = inner.text.strip_prefix("NOT ")?;
                return Some(Sql::atom(text).kind(Kind::Boolean));
            }
            if let Some(opposite) = negated(own.name) {
                return self.opposite(value, opposite);
            }
        }
        if matches!(&*inner.text, "true" | "false") {
            return None;
        }
        if inner.operator.is_none() && inner.kind == Kind::Boolean {
            let text = match inner.text.strip_prefix("NOT ") {
                Some(plain) => plain.to_owned(),
                None => format!("NOT {}", inner.text),
            };
            return Some(Sql::atom(text).kind(Kind::Boolean));
        }
        Some(Sql::operation(format!("NOT {}", inner.below(NOT)), NOT, Kind::Boolean))
    }

    /// The same comparison with another operator.
    fn opposite(&mut self, value: &Value, name: &'static str) -> Option<Sql> {
        use python_static::program::TermKind;
        let term = value.as_term()?;
        match &term.kind {
            TermKind::Operator(_, operands) => match (operands.as_slice(), name) {
                ([left, right], "=" | "!=" | "<" | "<=" | ">" | ">=") => {
                    self.compare(operator(name, 5), left, right)
                }
                ([left, Value::None], "IS") => self.compare(operator("=", 5), left, &Value::None),
                ([left, Value::None], "IS NOT") => {
                    self.compare(operator("!=", 5), left, &Value::None)
                }
                _ => None,
            },
            TermKind::Call(function, arguments) => {
                let TermKind::Attribute(of, _) = &function.as_term()?.kind else { return None };
                let method = match name {
                    "IS" => "is_",
                    "IS NOT" => "is_not",
                    "LIKE" => "like",
                    "ILIKE" => "ilike",
                    "NOT LIKE" => "not_like",
                    "NOT ILIKE" => "not_ilike",
                    "NOT IN" => "not_in",
                    "NOT BETWEEN" => "not_between",
                    _ => return None,
                };
                self.method(of, method, arguments)
            }
            _ => None,
        }
    }

    /// A method of a column or expression.
    pub(super) fn method(&mut self, of: &Value, method: &str, given: &Arguments) -> Option<Sql> {
        if !given.keywords.is_empty() {
            return None;
        }
        if method == "next_value" && given.positional.is_empty() {
            return next_value(of);
        }
        let a = self.compile(of)?;
        let suffix = |op: Operator, text: &str| {
            Some(Sql::operation(format!("{} {text}", a.below(op)), op, Kind::Boolean))
        };
        let args = given.positional.as_slice();
        match (method, args) {
            ("desc" | "asc", []) => {
                let text = format!("{} {}", a.below(ORDER), method.to_uppercase());
                Some(Sql::operation(text, ORDER, Kind::Other))
            }
            ("nullslast" | "nulls_last", []) => Some(ordered(&a, "NULLS LAST")),
            ("nullsfirst" | "nulls_first", []) => Some(ordered(&a, "NULLS FIRST")),
            ("is_" | "is_not" | "isnot", [value]) => {
                let word = if method == "is_" { "IS" } else { "IS NOT" };
                let text = match value {
                    Value::None | Value::Bool(_) => literal(value)?.text,
                    Value::Term(_) => {
                        self.compile(value).filter(|sql| sql.operator.is_none())?.text
                    }
                    _ => return None,
                };
                suffix(operator(word, 5), &format!("{word} {text}"))
            }
            ("in_" | "not_in" | "notin_", [list]) => {
                let mut items = Vec::new();
                for item in list.items()? {
                    items.push(self.beside(&item, &a.kind)?.text);
                }
                if items.is_empty() {
                    return None;
                }
                let op = operator(if method == "in_" { "IN" } else { "NOT IN" }, 5);
                let text = format!("{} {} ({})", a.below(op), op.name, items.join(", "));
                let text = if op.name == "IN" { text } else { format!("({text})") };
                Some(Sql::operation(text, op, Kind::Boolean))
            }
            ("like" | "ilike" | "not_like" | "notlike" | "not_ilike" | "notilike", [value]) => {
                let word = match method {
                    "like" => "LIKE",
                    "ilike" => "ILIKE",
                    "not_like" | "notlike" => "NOT LIKE",
                    _ => "NOT ILIKE",
                };
                let op = operator(word, 5);
                let b = self.beside(value, &Kind::Any)?.below(op);
                suffix(op, &format!("{word} {b}"))
            }
            ("startswith" | "endswith" | "contains", [value @ Value::Str(_)]) => {
                let b = literal(value)?.text;
                let pattern = match method {
                    "startswith" => format!("{b} || '%%'"),
                    "endswith" => format!("'%%' || {b}"),
                    _ => format!("'%%' || {b} || '%%'"),
                };
                suffix(operator("LIKE %", 5), &format!("LIKE {pattern}"))
            }
            ("regexp_match", [value @ Value::Str(_)]) => {
                suffix(operator("~", 5), &format!("~ {}", literal(value)?.text))
            }
            ("between" | "not_between", [low, high]) => {
                let word = if method == "between" { "BETWEEN" } else { "NOT BETWEEN" };
                let low = self.beside(low, &a.kind)?.below(AND);
                let high = self.beside(high, &a.kind)?.below(AND);
                suffix(operator(word, 5), &format!("{word} {low} AND {high}"))
            }
            ("cast", [kind]) => self.cast(of, kind),
            ("collate", [Value::Str(name)]) => self.collate(of, name),
            ("concat", [value]) if a.kind == Kind::Text => {
                let b = self.beside(value, &a.kind)?;
                let text = format!("{} || {}", a.below(CONCAT), b.below(CONCAT));
                Some(Sql::operation(text, CONCAT, Kind::Text))
            }
            ("self_group", _) => Some(a),
            _ => None,
        }
    }

    /// `column COLLATE "name"`
    pub(super) fn collate(&mut self, of: &Value, name: &str) -> Option<Sql> {
        let a = self.compile(of)?;
        let name = if self.context.version() < (2, 1) {
            format!("\"{name}\"")
        } else {
            crate::types::quote(name)
        };
        let text = format!("{} COLLATE {name}", a.below(COLLATE));
        Some(Sql::operation(text, COLLATE, a.kind))
    }

    /// `column.op("@>")(value)`
    pub(super) fn custom_operator(
        &mut self,
        of: &Value,
        method: &str,
        given: &Arguments,
        arguments: &Arguments,
    ) -> Option<Sql> {
        let ("op" | "bool_op", [Value::Str(name)], [], [right]) = (
            method,
            given.positional.as_slice(),
            given.keywords.as_slice(),
            arguments.positional.as_slice(),
        ) else {
            return None;
        };
        let a = self.compile(of)?;
        let b = match right {
            Value::Term(_) => self.compile(right)?,
            _ => self.beside(right, &a.kind)?,
        };
        let op = operator("custom", 0);
        let text = format!("{} {} {}", a.below(op), name.replace('%', "%%"), b.below(op));
        Some(Sql::operation(text, op, Kind::Other))
    }
}

fn ordered(a: &Sql, words: &str) -> Sql {
    Sql::operation(format!("{} {words}", a.text), ORDER, Kind::Other)
}

/// `Sequence("name").next_value()`
fn next_value(sequence: &Value) -> Option<Sql> {
    let (function, given) = sequence.as_call()?;
    if library_name(function).as_deref() != Some("Sequence") {
        return None;
    }
    let name = crate::types::quote(given.get(0, "name")?.as_str()?);
    let name = match given.keyword("schema") {
        None | Some(Value::None) if given.keyword("metadata").is_none() => name,
        Some(Value::Str(schema)) => format!("{}.{name}", crate::types::quote(schema)),
        _ => return None,
    };
    Some(Sql::atom(format!("nextval({})", quoted(&name))).kind(Kind::Integer))
}
