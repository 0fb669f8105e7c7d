//! Orders: what rows are sorted by, and what lies behind a row.

use super::{
    filter::{Values, null_test, readable, reference},
    full_text, quoted,
};
use crate::{
    Direction, Error, Nulls, OrderBy, Result, RowKey,
    catalog::{Column, Index, Table},
};

/// An order in which no two rows are equal, or in which rows that are have the same values everywhere.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) keys: Vec<OrderKey>,
    /// An index that begins with the first key.
    pub(crate) lead: Option<Lead>,
    /// Rows can be equal in all keys.
    pub(crate) has_twins: bool,
    /// Says which order it is, to tell cursors apart.
    pub(crate) signature: String,
}

/// Something to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrderKey {
    /// What is sorted.
    pub(crate) expression: String,
    /// Its value as text, for cursors.
    pub(crate) text: String,
    /// Its type, for a cast.
    pub(crate) cast_type: String,
    pub(crate) is_descending: bool,
    pub(crate) has_nulls_first: bool,
    pub(crate) is_nullable: bool,
    /// The schema of its operators, where it is not `pg_catalog`.
    pub(crate) operator_schema: Option<String>,
    /// Whether it is NULL, in SQL.
    null_test: String,
    /// The column's name; `None` for what is none.
    column: Option<String>,
}

/// An index that gives rows in the order of the first key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lead {
    /// It gives the other keys' order too.
    pub(crate) covers: bool,
    /// Where it has NULLs, when it is read in the order's direction.
    pub(crate) has_nulls_first: bool,
}

impl Order {
    /// The order of a request, completed by what tells rows apart.
    pub(crate) fn of(table: &Table, order: &[OrderBy], key: &RowKey) -> Result<Self> {
        let mut keys: Vec<OrderKey> = Vec::new();
        for by in order {
            let column = readable(table, &by.column)?;
            let key = OrderKey::sorted(column, by)?;
            if keys.iter().all(|other| other.column != key.column) {
                keys.push(key);
            }
        }
        let is_descending = keys.last().is_some_and(|key| key.is_descending);
        for key in completion(table, key, is_descending)? {
            if keys.iter().all(|other| other.column.is_none() || other.column != key.column) {
                keys.push(key);
            }
        }
        let lead = lead(table, &keys);
        let signature = signature(table, &keys);
        Ok(Self { keys, lead, has_twins: *key == RowKey::AllColumns, signature })
    }

    /// As it comes.
    pub(crate) fn none() -> Self {
        Self { keys: Vec::new(), lead: None, has_twins: false, signature: String::new() }
    }

    /// From the other end.
    pub(crate) fn reversed(&self) -> Self {
        let reversed = |key: &OrderKey| OrderKey {
            is_descending: !key.is_descending,
            has_nulls_first: !key.has_nulls_first,
            ..key.clone()
        };
        let lead = self.lead.map(|lead| Lead { has_nulls_first: !lead.has_nulls_first, ..lead });
        Self { keys: self.keys.iter().map(reversed).collect(), lead, ..self.clone() }
    }

    /// Whether an index gives the first key's order, but cannot be entered behind a row in the order of all keys.
    pub(crate) fn needs_groups(&self) -> bool {
        let Some(lead) = self.lead else { return false };
        let is_descending = self.keys[0].is_descending;
        let is_uniform = self.keys.iter().all(|key| {
            !key.is_nullable && key.operator_schema.is_none() && key.is_descending == is_descending
        });
        !(lead.covers && is_uniform)
    }

    /// Whether rows are sorted by their place in the table's one file, and by nothing else.
    pub(crate) fn is_by_place(&self) -> bool {
        self.keys.len() == 1 && self.keys[0].expression == "t.ctid"
    }
}

impl OrderKey {
    fn sorted(column: &Column, by: &OrderBy) -> Result<Self> {
        if !column.is_orderable {
            return Err(Error::Unsupported {
                column: column.name.clone(),
                type_name: column.type_name.clone(),
                what: "sorted",
            });
        }
        let is_descending = by.direction == Direction::Descending;
        let nulls_first = by.nulls.map_or(is_descending, |nulls| nulls == Nulls::First);
        Ok(Self { has_nulls_first: nulls_first, ..Self::column(column, is_descending) })
    }

    fn column(column: &Column, is_descending: bool) -> Self {
        let reference = reference(column);
        Self {
            text: full_text(&reference, column),
            expression: reference,
            cast_type: column.cast_type.clone(),
            null_test: null_test(column),
            is_descending,
            has_nulls_first: is_descending,
            is_nullable: !column.is_never_null,
            operator_schema: column.operator_schema.clone(),
            column: Some(column.name.clone()),
        }
    }

    /// A column whose type has no order, by what is written.
    fn text_of(column: &Column, is_descending: bool) -> Self {
        let text = full_text(&reference(column), column);
        Self {
            expression: format!("({text}) COLLATE \"C\""),
            cast_type: "text".to_owned(),
            operator_schema: None,
            ..Self::column(column, is_descending)
        }
    }

    /// A column that every table has.
    fn system(name: &str, cast_type: &str, is_descending: bool) -> Self {
        Self {
            expression: format!("t.{name}"),
            text: format!("t.{name}::text"),
            cast_type: cast_type.to_owned(),
            null_test: "false".to_owned(),
            is_descending,
            has_nulls_first: is_descending,
            is_nullable: false,
            operator_schema: None,
            column: None,
        }
    }

    /// As ORDER BY has it. Where there are no NULLs, nothing is said of them: it would keep an index from being used.
    pub(crate) fn clause(&self) -> String {
        let nulls_first = if self.is_nullable { self.has_nulls_first } else { self.is_descending };
        self.clause_with(nulls_first)
    }

    /// With NULLs where an index has them, for rows among which there are none.
    pub(crate) fn clause_with(&self, has_nulls_first: bool) -> String {
        let direction = if self.is_descending { "DESC" } else { "ASC" };
        let nulls = match (has_nulls_first, self.is_descending) {
            (true, false) => " NULLS FIRST",
            (false, true) => " NULLS LAST",
            _ => "",
        };
        format!("{} {direction}{nulls}", self.expression)
    }

    /// `=`, `>` and the like between the key and a value of its.
    fn compare(&self, symbol: &str, value: &str, values: &mut Values) -> String {
        let operator = qualified(self.operator_schema.as_deref(), symbol);
        format!("{} {operator} {}", self.expression, values.bind(Some(value), &self.cast_type))
    }

    fn behind(&self) -> &'static str {
        if self.is_descending { "<" } else { ">" }
    }

    /// The key has this value.
    pub(crate) fn same(&self, value: Option<&str>, values: &mut Values) -> String {
        match value {
            Some(value) => self.compare("=", value, values),
            None => self.is_null(),
        }
    }

    pub(crate) fn is_null(&self) -> String {
        self.null_test.clone()
    }

    pub(crate) fn is_not_null(&self) -> String {
        format!("NOT {}", self.null_test)
    }

    /// The key lies behind a value and is not NULL.
    pub(crate) fn beyond(&self, value: &str, values: &mut Values) -> String {
        self.compare(self.behind(), value, values)
    }

    /// The key lies in front of a value and is not NULL.
    pub(crate) fn before(&self, value: &str, values: &mut Values) -> String {
        self.compare(if self.is_descending { ">" } else { "<" }, value, values)
    }

    /// The key lies behind a value, NULL being one; `None` when nothing can.
    fn after(&self, value: Option<&str>, values: &mut Values) -> Option<String> {
        match value {
            None if self.has_nulls_first => Some(self.is_not_null()),
            None => None,
            Some(value) => {
                let beyond = self.beyond(value, values);
                let has_nulls_behind = self.is_nullable && !self.has_nulls_first;
                Some(if has_nulls_behind {
                    format!("({beyond} OR {})", self.is_null())
                } else {
                    beyond
                })
            }
        }
    }
}

/// What lies behind a row with these values; `None` when nothing can.
pub(crate) fn after(
    keys: &[OrderKey],
    at: &[Option<String>],
    values: &mut Values,
) -> Option<String> {
    if let Some(condition) = after_row(keys, at, values) {
        return Some(condition);
    }
    let (key, rest) = keys.split_first()?;
    let (value, rest_at) = at.split_first()?;
    let value = value.as_deref();
    let first = key.after(value, values);
    let tied = (!rest.is_empty()).then(|| {
        let same = key.same(value, values);
        after(rest, rest_at, values).map(|rest| format!("{same} AND {rest}"))
    });
    let either = match (first, tied.flatten()) {
        (Some(first), Some(tied)) => format!("({first} OR ({tied}))"),
        (Some(only), None) => only,
        (None, Some(only)) => format!("({only})"),
        (None, None) => return None,
    };
    // An index can be entered at a bound, not at an OR.
    match value {
        Some(value) if !rest.is_empty() && (!key.is_nullable || key.has_nulls_first) => {
            let symbol = if key.is_descending { "<=" } else { ">=" };
            Some(format!("({} AND {either})", key.compare(symbol, value, values)))
        }
        _ => Some(either),
    }
}

/// The short form: all keys go one way and none is NULL.
fn after_row(keys: &[OrderKey], at: &[Option<String>], values: &mut Values) -> Option<String> {
    let first = keys.first()?;
    let fits = |key: &OrderKey| {
        !key.is_nullable
            && key.operator_schema.is_none()
            && key.is_descending == first.is_descending
    };
    if keys.len() < 2 || !keys.iter().all(fits) || at.iter().any(Option::is_none) {
        return None;
    }
    let expressions: Vec<&str> = keys.iter().map(|key| key.expression.as_str()).collect();
    let bound: Vec<String> = keys
        .iter()
        .zip(at)
        .map(|(key, value)| values.bind(value.as_deref(), &key.cast_type))
        .collect();
    Some(format!("({}) {} ({})", expressions.join(", "), first.behind(), bound.join(", ")))
}

/// A row with exactly these values.
pub(crate) fn same(keys: &[OrderKey], at: &[Option<String>], values: &mut Values) -> String {
    let parts: Vec<String> =
        keys.iter().zip(at).map(|(key, value)| key.same(value.as_deref(), values)).collect();
    format!("({})", parts.join(" AND "))
}

/// An operator of a column's type.
pub(crate) fn operator(column: &Column, symbol: &str) -> String {
    qualified(column.operator_schema.as_deref(), symbol)
}

fn qualified(schema: Option<&str>, symbol: &str) -> String {
    schema.map_or_else(
        || symbol.to_owned(),
        |schema| format!("OPERATOR({}.{symbol})", quoted(schema)),
    )
}

fn completion(table: &Table, key: &RowKey, is_descending: bool) -> Result<Vec<OrderKey>> {
    let system = |name, cast_type| OrderKey::system(name, cast_type, is_descending);
    Ok(match key {
        RowKey::Columns { columns } => {
            let keys: Result<Vec<OrderKey>> = columns
                .iter()
                .map(|name| Ok(OrderKey::column(readable(table, name)?, is_descending)))
                .collect();
            // A view's own columns are never known to be NOT NULL; its reader gave their word.
            keys?.into_iter().map(|key| OrderKey { is_nullable: false, ..key }).collect()
        }
        RowKey::Ctid => vec![system("ctid", "tid")],
        RowKey::PartitionCtid => vec![system("tableoid", "oid"), system("ctid", "tid")],
        RowKey::AllColumns => {
            let readable = table.columns.iter().filter(|column| column.can_select);
            readable
                .map(|column| {
                    if column.is_orderable {
                        OrderKey::column(column, is_descending)
                    } else {
                        OrderKey::text_of(column, is_descending)
                    }
                })
                .collect()
        }
    })
}

/// The best index for an order, one that covers it before one that does not.
fn lead(table: &Table, keys: &[OrderKey]) -> Option<Lead> {
    let usable = table.indexes.iter().filter(|index| index.is_valid && !index.is_partial);
    let leads = usable.filter_map(|index| lead_of(index, keys));
    leads.max_by_key(|lead| lead.covers)
}

fn lead_of(index: &Index, keys: &[OrderKey]) -> Option<Lead> {
    let first = keys.first()?;
    let option = *index.options.first()?;
    let is_first = index.is_plain.first() == Some(&true) && index.columns[0] == first.column;
    if !is_first || first.column.is_none() {
        return None;
    }
    let is_turned = (option & 1 == 1) != first.is_descending;
    let fits = |(at, key): (usize, &OrderKey)| {
        let names_it =
            index.columns.get(at).is_some_and(|name| name.is_some() && *name == key.column);
        let option = index.options.get(at).copied().unwrap_or_default();
        let turned = (option & 1 == 1) != key.is_descending;
        let nulls_first = (option & 2 == 2) != is_turned;
        names_it
            && index.is_plain.get(at) == Some(&true)
            && turned == is_turned
            && (at == 0 || !key.is_nullable || nulls_first == key.has_nulls_first)
    };
    let is_unique = index.is_unique && index.is_immediate && index.columns.len() == 1;
    let covers = is_unique || keys.iter().enumerate().all(fits);
    Some(Lead { covers, has_nulls_first: (option & 2 == 2) != is_turned })
}

/// Two orders have the same signature when a cursor of one is good for the other.
fn signature(table: &Table, keys: &[OrderKey]) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    table.name.hash(&mut hasher);
    for key in keys {
        (&key.expression, &key.cast_type, key.is_descending, key.has_nulls_first).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}
