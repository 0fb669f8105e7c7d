//! Conditions.

use super::{checked_condition, full_text, order::operator, quoted};
use crate::{
    Comparison, Error, Filter, Result,
    catalog::{Column, Table, TypeKind},
};

/// Values for parameters, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values(Vec<Option<String>>);

impl Values {
    /// A parameter for a value of some type.
    pub(crate) fn bind(&mut self, value: Option<&str>, type_name: &str) -> String {
        self.0.push(value.map(str::to_owned));
        format!("${}::text::{type_name}", self.0.len())
    }

    /// A parameter for a text.
    pub(crate) fn text(&mut self, value: &str) -> String {
        self.0.push(Some(value.to_owned()));
        format!("${}::text", self.0.len())
    }

    pub(crate) fn into_inner(self) -> Vec<Option<String>> {
        self.0
    }
}

/// Conditions that must all hold, and their values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conditions {
    parts: Vec<String>,
    values: Values,
}

impl Conditions {
    /// The conditions of a request, over a table that is called `t`.
    pub(crate) fn of(table: &Table, filters: &[Filter]) -> Result<Self> {
        let mut conditions = Self::default();
        for filter in filters {
            let part = conditions.part(table, filter)?;
            conditions.parts.push(part);
        }
        Ok(conditions)
    }

    /// With one more.
    pub(crate) fn and(&mut self, part: impl FnOnce(&mut Values) -> String) {
        let part = part(&mut self.values);
        self.parts.push(part);
    }

    /// What stands behind FROM; nothing without a condition.
    pub(crate) fn clause(&self) -> String {
        if self.parts.is_empty() {
            return String::new();
        }
        format!(" WHERE {}", self.parts.join(" AND "))
    }

    pub(crate) fn into_values(self) -> Vec<Option<String>> {
        self.values.into_inner()
    }

    pub(crate) fn values_mut(&mut self) -> &mut Values {
        &mut self.values
    }

    fn part(&mut self, table: &Table, filter: &Filter) -> Result<String> {
        let values = &mut self.values;
        Ok(match filter {
            Filter::Compare { column, operator, value } => {
                compare(readable(table, column)?, *operator, value, values)?
            }
            Filter::Contains { column, text, ignore_case } => {
                like(readable(table, column)?, &format!("%{}%", escaped(text)), *ignore_case, values)
            }
            Filter::StartsWith { column, text, ignore_case } => {
                like(readable(table, column)?, &format!("{}%", escaped(text)), *ignore_case, values)
            }
            Filter::In { column, values: list } => one_of(readable(table, column)?, list, values)?,
            Filter::IsNull { column } => null_test(readable(table, column)?),
            Filter::IsNotNull { column } => format!("NOT {}", null_test(readable(table, column)?)),
            Filter::Raw { sql } => checked_condition(sql)?,
        })
    }
}

/// The column of that name.
pub(crate) fn readable<'a>(table: &'a Table, name: &str) -> Result<&'a Column> {
    table.column(name).ok_or_else(|| Error::UnknownColumn {
        table: table.name.clone(),
        column: name.to_owned(),
    })
}

/// The column in SQL.
pub(crate) fn reference(column: &Column) -> String {
    format!("t.{}", quoted(&column.name))
}

/// `IS NULL` is true of a row of NULLs too, which is no NULL.
pub(crate) fn null_test(column: &Column) -> String {
    let reference = reference(column);
    if matches!(column.type_kind, TypeKind::Composite { .. }) {
        format!("(num_nulls({reference}) = 1)")
    } else {
        format!("({reference} IS NULL)")
    }
}

fn compare(column: &Column, comparison: Comparison, value: &str, values: &mut Values) -> Result<String> {
    let symbol = match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    };
    let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    if column.is_orderable || (is_equality && column.has_equality) {
        let value = values.bind(Some(value), &column.cast_type);
        return Ok(format!("{} {} {value}", reference(column), operator(column, symbol)));
    }
    if is_equality {
        // What has no `=` is compared as it is written.
        let value = values.bind(Some(value), &column.cast_type);
        let value = format!("concat({value})");
        return Ok(format!("{} {symbol} {value}", full_text(&reference(column), column)));
    }
    Err(Error::Unsupported {
        column: column.name.clone(),
        type_name: column.type_name.clone(),
        what: "compared by size",
    })
}

fn one_of(column: &Column, list: &[String], values: &mut Values) -> Result<String> {
    if list.is_empty() {
        return Ok("false".to_owned());
    }
    let parts: Result<Vec<String>> =
        list.iter().map(|value| compare(column, Comparison::Equal, value, values)).collect();
    Ok(format!("({})", parts?.join(" OR ")))
}

fn like(column: &Column, pattern: &str, ignore_case: bool, values: &mut Values) -> String {
    let operator = if ignore_case { "ILIKE" } else { "LIKE" };
    format!("{} {operator} {}", full_text(&reference(column), column), values.text(pattern))
}

fn escaped(text: &str) -> String {
    text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")
}
