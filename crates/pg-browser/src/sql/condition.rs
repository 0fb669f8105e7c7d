//! Conditions that people write.

use super::{
    read_only,
    scan::{Kind, tokens},
};
use crate::{Error, Reader, Result};

/// The condition in parentheses out of which it cannot reach; what it means, the server says.
///
/// Rows are only ever browsed, so the functions that read-only mode refuses are refused here too.
pub(crate) fn checked(sql: &str) -> Result<String> {
    let refused = |reason: &str| Error::InvalidCondition { reason: reason.to_owned() };
    let tokens = tokens(sql).map_err(|unfinished| refused(unfinished.what))?;
    if tokens.is_empty() {
        return Err(refused("it is empty"));
    }
    let mut depth = 0_usize;
    for token in &tokens {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => {
                depth = depth.checked_sub(1).ok_or_else(|| refused("a `)` has no `(`"))?;
            }
            Kind::Semicolon => return Err(refused("it contains `;`")),
            Kind::Parameter => return Err(refused("it contains a parameter such as `$1`")),
            _ => {}
        }
    }
    if depth > 0 {
        return Err(refused("a `(` has no `)`"));
    }
    read_only::check_functions(sql, &tokens)
        .map_err(|error| error.refused_by(Reader::Condition))?;
    // The line's end closes a comment.
    Ok(format!("({sql}\n)"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::checked;

    #[test]
    fn a_condition_stays_in_its_parentheses() {
        for sql in ["a > 1", "a = ')' -- x", "\"a;\" is null", "a in (1, 2)", "a = $$;$$"] {
            assert!(checked(sql).is_ok(), "{sql}");
        }
        for sql in ["", "  -- x", "a) or (b", "a; drop table x", "(a", "a = '", "a = $1", "/* a"] {
            assert!(checked(sql).is_err(), "{sql}");
        }
    }

    #[test]
    fn functions_that_leave_traces_are_refused() {
        for sql in [
            "pg_advisory_lock(101) is null",
            "a = 1 and exists (select pg_terminate_backend(1))",
            "query_to_xml('select 1', true, true, '') is null",
            "a in (select 1 from dblink('', '') as t(a int))",
        ] {
            assert_eq!(checked(sql).unwrap_err().code(), "not_read_only", "{sql}");
        }
        assert!(checked("pg_advisory_lock = 'pg_switch_wal()'").is_ok());
    }

    proptest! {
        #[test]
        fn what_is_let_in_is_one_group(sql in "[ab'\"$;()/*\\- \n]*") {
            if let Ok(condition) = checked(&sql) {
                let tokens = super::tokens(&condition).unwrap();
                let mut depth = 0_i32;
                for (at, token) in tokens.iter().enumerate() {
                    depth += match token.kind {
                        super::Kind::Open => 1,
                        super::Kind::Close => -1,
                        _ => 0,
                    };
                    prop_assert_eq!(depth == 0, at + 1 == tokens.len());
                }
            }
        }
    }
}
