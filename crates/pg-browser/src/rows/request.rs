//! What can be asked for.

use serde::{Deserialize, Serialize};

use super::{Cursor, RowId};
use crate::TableName;

/// A page of a table.
///
/// ```
/// use pg_browser::{Comparison, Direction, Filter, OrderBy, PageRequest, TableName};
///
/// let request = PageRequest::new(TableName::new("public", "pets"))
///     .filter(Filter::compare("age", Comparison::Greater, "3"))
///     .order_by(OrderBy::new("name", Direction::Descending));
/// assert_eq!(request.limit, 100);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageRequest {
    /// The table.
    pub table: TableName,
    /// The columns to read; empty for all.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The conditions, all of which must hold.
    #[serde(default)]
    pub filters: Vec<Filter>,
    /// The order. It is always completed by the table's key, so that no two rows are equal in it.
    #[serde(default)]
    pub order: Vec<OrderBy>,
    /// Which page.
    #[serde(default)]
    pub position: Position,
    /// Rows a page, 1 to 10,000.
    #[serde(default = "PageRequest::default_limit")]
    pub limit: u32,
    /// Bytes a cell, beyond which it is cut.
    #[serde(default = "PageRequest::default_cell_limit")]
    pub cell_limit: u32,
    /// For views: columns that are unique and never NULL, whose word is taken. Empty for the table's own key.
    #[serde(default)]
    pub key: Vec<String>,
    /// Milliseconds that the server may take; `None` for the connection's own limit.
    #[serde(default)]
    pub timeout_ms: Option<u32>,
}

impl PageRequest {
    /// Bytes a cell, unless a request says otherwise.
    pub const CELL_LIMIT: u32 = 65_536;
    /// Rows a page, unless a request says otherwise.
    pub const LIMIT: u32 = 100;

    /// The first page of a table: 100 rows by its key.
    pub fn new(table: TableName) -> Self {
        Self {
            table,
            columns: Vec::new(),
            filters: Vec::new(),
            order: Vec::new(),
            position: Position::First,
            limit: Self::LIMIT,
            cell_limit: Self::CELL_LIMIT,
            key: Vec::new(),
            timeout_ms: None,
        }
    }

    /// With one more condition.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// With one more column to sort by.
    #[must_use]
    pub fn order_by(mut self, order: OrderBy) -> Self {
        self.order.push(order);
        self
    }

    /// With another page.
    #[must_use]
    pub fn at(mut self, position: Position) -> Self {
        self.position = position;
        self
    }

    /// With another number of rows a page.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    fn default_limit() -> u32 {
        Self::LIMIT
    }

    fn default_cell_limit() -> u32 {
        Self::CELL_LIMIT
    }
}

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "at", content = "cursor", rename_all = "snake_case")]
pub enum Position {
    /// The first.
    #[default]
    First,
    /// The last: a full page that ends with the last row.
    Last,
    /// The one behind a [`Page::next`](super::Page::next).
    After(Cursor),
    /// The one in front of a [`Page::previous`](super::Page::previous).
    Before(Cursor),
}

/// A column to sort by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderBy {
    /// The column.
    pub column: String,
    /// Which way.
    #[serde(default)]
    pub direction: Direction,
    /// Where NULLs go; `None` for PostgreSQL's habit: last when ascending, first when descending.
    #[serde(default)]
    pub nulls: Option<Nulls>,
}

impl OrderBy {
    /// By a column, NULLs where PostgreSQL puts them.
    pub fn new(column: impl Into<String>, direction: Direction) -> Self {
        Self { column: column.into(), direction, nulls: None }
    }
}

/// Up or down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Small values first.
    #[default]
    Ascending,
    /// Great values first.
    Descending,
}

/// Where NULLs go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    /// In front.
    First,
    /// At the end.
    Last,
}

/// A condition. As in SQL, a comparison with NULL is never true.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Filter {
    /// A column compared with a value of its type.
    Compare {
        /// The column.
        column: String,
        /// How.
        operator: Comparison,
        /// The value, as the type's input function takes it.
        value: String,
    },
    /// The column's text contains a text.
    Contains {
        /// The column.
        column: String,
        /// The text; `%` and `_` are themselves.
        text: String,
        /// Whether `A` is `a`.
        #[serde(default)]
        ignore_case: bool,
    },
    /// The column's text starts with a text.
    StartsWith {
        /// The column.
        column: String,
        /// The text; `%` and `_` are themselves.
        text: String,
        /// Whether `A` is `a`.
        #[serde(default)]
        ignore_case: bool,
    },
    /// The column is one of several values.
    In {
        /// The column.
        column: String,
        /// The values; without one, no row fits.
        values: Vec<String>,
    },
    /// The column is NULL.
    IsNull {
        /// The column.
        column: String,
    },
    /// The column is not NULL.
    IsNotNull {
        /// The column.
        column: String,
    },
    /// A condition in SQL: one expression, with the table's columns by their names.
    Raw {
        /// The expression.
        sql: String,
    },
}

impl Filter {
    /// A comparison.
    pub fn compare(
        column: impl Into<String>,
        operator: Comparison,
        value: impl Into<String>,
    ) -> Self {
        Self::Compare { column: column.into(), operator, value: value.into() }
    }

    /// The column has this value.
    pub fn equal(column: impl Into<String>, value: impl Into<String>) -> Self {
        Self::compare(column, Comparison::Equal, value)
    }

    /// A condition in SQL.
    pub fn raw(sql: impl Into<String>) -> Self {
        Self::Raw { sql: sql.into() }
    }
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// One value in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CellRequest {
    /// The table.
    pub table: TableName,
    /// The row, as a page gave it.
    pub row: RowId,
    /// The column.
    pub column: String,
}
