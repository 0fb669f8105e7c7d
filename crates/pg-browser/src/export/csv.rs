//! CSV as `COPY … (FORMAT csv)` writes it, for the rows of one page.

use crate::Cell;

/// A line of cells.
pub(super) fn line<'a>(cells: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let cells: Vec<Option<&str>> = cells.into_iter().collect();
    let is_alone = cells.len() == 1;
    let fields: Vec<String> = cells.into_iter().map(|cell| field(cell, is_alone)).collect();
    fields.join(",") + "\n"
}

/// A line of values.
pub(super) fn row(cells: &[Cell]) -> String {
    line(cells.iter().map(Cell::text))
}

fn field(text: Option<&str>, is_alone: bool) -> String {
    let Some(text) = text else { return String::new() };
    // `\.` alone on a line would be the end of the data.
    let needs_quotes =
        text.is_empty() || text.contains([',', '"', '\n', '\r']) || (is_alone && text == "\\.");
    if needs_quotes { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn null_is_nothing_and_the_empty_text_is_quoted() {
        assert_eq!(line([None, Some(""), Some("a"), Some("a,\"b\"\n")]), ",\"\",a,\"a,\"\"b\"\"\n\"\n");
        assert_eq!(line([Some("\\.")]), "\"\\.\"\n");
    }
}
