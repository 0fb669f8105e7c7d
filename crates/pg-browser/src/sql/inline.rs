//! Statements with their values written into them, for people to read and for COPY, which takes no parameters.

use super::{
    Sql, literal,
    scan::{Kind, Token, tokens},
};
use crate::{Error, Result};

/// The statement with literals in the place of its parameters.
pub(crate) fn inlined(sql: &Sql) -> Result<String> {
    let text = sql.text();
    let tokens = tokens(text).map_err(|open| Error::Protocol { reason: open.what.to_owned() })?;
    let mut inlined = String::with_capacity(text.len());
    let mut end = 0;
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != Kind::Parameter {
            continue;
        }
        let number: usize = token.text(text)[1..].parse().unwrap_or_default();
        let value = sql.values().get(number.wrapping_sub(1)).and_then(Option::as_deref);
        inlined += &text[end..token.range.start];
        inlined += &value.map_or_else(|| "NULL".to_owned(), literal);
        end = text_cast_end(text, &tokens[at + 1..]).unwrap_or(token.range.end);
    }
    inlined += &text[end..];
    Ok(inlined)
}

/// The end of a `::text` that stands in front of another cast: a literal needs none.
fn text_cast_end(text: &str, behind: &[Token]) -> Option<usize> {
    let [first, second, word, third, ..] = behind else { return None };
    let is_cast = first.text(text) == ":" && second.text(text) == ":" && third.text(text) == ":";
    (is_cast && word.is_word(text, "text")).then_some(word.range.end)
}

#[cfg(test)]
mod tests {
    use super::{Sql, inlined};

    #[test]
    fn values_stand_where_their_parameters_stood() {
        let text = r#"UPDATE "$1" t SET a = $1::text::integer WHERE b = $2::text::text AND c LIKE $3::text"#;
        let values = vec![Some("1".to_owned()), Some("o'$1".to_owned()), None];
        let sql = Sql::new(text.to_owned(), values).unwrap();
        assert_eq!(
            inlined(&sql).unwrap(),
            r#"UPDATE "$1" t SET a = '1'::integer WHERE b = 'o''$1'::text AND c LIKE NULL::text"#
        );
    }
}
