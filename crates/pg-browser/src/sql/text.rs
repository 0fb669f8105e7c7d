//! How a column becomes text.

use crate::catalog::{Column, TextForm};

/// The whole value as its output function writes it.
pub(crate) fn full_text(reference: &str, column: &Column) -> String {
    match column.text_form {
        TextForm::Short | TextForm::Cast | TextForm::Bytes => format!("{reference}::text"),
        // `IS NULL` would be true of a row of NULLs.
        TextForm::Output => {
            format!("CASE num_nulls({reference}) WHEN 0 THEN concat({reference}) END")
        }
    }
}

/// The value, or as much of it that one can see from its length that there is more than `limit` bytes.
pub(crate) fn limited_text(reference: &str, column: &Column, limit: u32) -> String {
    match column.text_form {
        TextForm::Short => full_text(reference, column),
        TextForm::Cast | TextForm::Output => {
            format!("left({}, {})", full_text(reference, column), u64::from(limit) + 1)
        }
        TextForm::Bytes => {
            format!(r"'\x' || encode(substr({reference}, 1, {}), 'hex')", limit / 2 + 1)
        }
    }
}
