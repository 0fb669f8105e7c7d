//! Which statements read-only mode lets in.
//!
//! The wall itself is the server's: a read-only transaction whose snapshot is taken, one statement, always rolled back.
//! This keeps out what that wall does not hold: statements that leave the transaction, and functions whose effects no
//! rollback takes back or that reach beyond the database. Conditions of filters are held to the same. A function of the
//! user's own can still call those; for superusers they reach files and programs, hence [`ServerInfo::is_superuser`](crate::ServerInfo::is_superuser).

use super::scan::{Kind, Statement, Token};
use crate::{Error, Reader, Result};

/// How a statement that reads is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// SELECT, VALUES, TABLE, WITH: by a cursor.
    Rows,
    /// SHOW and EXPLAIN: as they are.
    Plain,
}

/// Beginnings of functions whose effects stay, that run SQL which stands in a text, or that read the server's files.
const REFUSED_PREFIXES: [&str; 31] = [
    "brin_",
    "connectby",
    "crosstab",
    "dblink",
    "lo_",
    "loread",
    "lowrite",
    "pg_ls_",
    "pg_read_",
    "pg_stat_file",
    "pg_advisory_",
    "pg_try_advisory_",
    "pg_backup_",
    "pg_create_",
    "pg_drop_",
    "pg_extension_config_",
    "pg_file_",
    "pg_logical_",
    "pg_replication_",
    "pg_start_backup",
    "pg_stat_reset",
    "pg_stat_statements_reset",
    "pg_stop_backup",
    "pg_sync_replication_slots",
    "pg_wal_replay_",
    "pg_copy_",
    "pg_import_system_",
    "pg_restore_",
    "query_to_xml",
    "xpath_table",
    "gin_clean_pending_list",
];

/// Likewise, whole names.
const REFUSED: [&str; 19] = [
    "nextval",
    "setval",
    "set_config",
    "pg_cancel_backend",
    "pg_log_backend_memory_contexts",
    "pg_log_standby_snapshot",
    "pg_notify",
    "pg_nextoid",
    "pg_promote",
    "pg_reload_conf",
    "pg_rotate_logfile",
    "pg_switch_wal",
    "pg_terminate_backend",
    "pg_clear_relation_stats",
    "cursor_to_xml",
    "ts_rewrite",
    "ts_stat",
    "pg_clear_attribute_stats",
    "pg_stat_force_next_flush",
];

/// Refuses what cannot be shown to read only.
pub(crate) fn check(sql: &str, statement: &Statement) -> Result<Reading> {
    let Some(first) = statement.tokens.iter().find(|token| token.kind != Kind::Open) else {
        return Err(refused("a statement that is empty"));
    };
    let word = first.text(sql).to_ascii_lowercase();
    let reading = match word.as_str() {
        "select" | "values" | "table" | "with" => Reading::Rows,
        "show" => Reading::Plain,
        "explain" => {
            check_explain(sql, &statement.tokens)?;
            Reading::Plain
        }
        _ => return Err(refused(&format!("`{}`", word.to_ascii_uppercase()))),
    };
    check_functions(sql, &statement.tokens)?;
    Ok(reading)
}

/// Whether a statement gives rows as a SELECT does, so that a cursor can stand on it.
pub(crate) fn is_selecting(sql: &str, statement: &Statement) -> bool {
    let first = statement.tokens.iter().find(|token| token.kind != Kind::Open);
    let has = |word: &str| statement.tokens.iter().any(|token| token.is_word(sql, word));
    let is = |word: &str| first.is_some_and(|token| token.is_word(sql, word));
    // `SELECT INTO` makes a table, and a WITH can write.
    (is("select") || is("values") || is("table") || is("with"))
        && !["into", "insert", "update", "delete", "merge"].into_iter().any(has)
}

/// EXPLAIN runs nothing, unless ANALYZE is among its options.
fn check_explain(sql: &str, tokens: &[Token]) -> Result<()> {
    let options = tokens.iter().skip(1).take_while(|token| {
        ![
            "select", "values", "table", "with", "insert", "update", "delete", "merge", "execute",
            "declare", "create", "refresh",
        ]
        .into_iter()
        .any(|word| token.is_word(sql, word))
    });
    let mut options = options;
    // A quoted name is an option's name too.
    let names_analyze = |token: &Token| {
        let text = token.text(sql).trim_matches('"').to_ascii_lowercase();
        matches!(token.kind, Kind::Word | Kind::QuotedName)
            && (text == "analyze" || text == "analyse")
    };
    if options.any(names_analyze) {
        return Err(refused("`EXPLAIN ANALYZE`, which runs its statement,"));
    }
    Ok(())
}

/// Refuses calls of functions whose effects no rollback takes back.
pub(crate) fn check_functions(sql: &str, tokens: &[Token]) -> Result<()> {
    for (token, next) in tokens.iter().zip(tokens.iter().skip(1)) {
        // Behind a name in `U&"…"` an UESCAPE may stand between it and its `(`.
        if next.kind != Kind::Open && !next.is_word(sql, "uescape") {
            continue;
        }
        let name = match token.kind {
            Kind::Word => token.text(sql).to_ascii_lowercase(),
            Kind::QuotedName if token.text(sql).starts_with(['u', 'U']) => {
                return Err(refused("a function's name in `U&\"…\"`"));
            }
            Kind::QuotedName => token.text(sql).trim_matches('"').to_owned(),
            _ => continue,
        };
        let is_refused = REFUSED.contains(&name.as_str())
            || REFUSED_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
        if is_refused {
            return Err(refused(&format!(
                "the function `{name}`, which reaches beyond the transaction,"
            )));
        }
    }
    Ok(())
}

fn refused(what: &str) -> Error {
    Error::NotReadOnly { reader: Reader::Mode, reason: format!("{what} is not let in") }
}

#[cfg(test)]
mod tests {
    use super::{Reading, check, is_selecting};
    use crate::sql::scan::statements;

    fn checked(sql: &str) -> Option<Reading> {
        let statements = statements(sql).unwrap();
        check(sql, &statements[0]).ok()
    }

    #[test]
    fn statements_are_let_in_by_class() {
        for sql in [
            "select 1",
            "(select 1) union select 2",
            "values (1)",
            "table t",
            "with a as (select 1) select 1",
        ] {
            assert_eq!(checked(sql), Some(Reading::Rows), "{sql}");
        }
        for sql in [
            "show all",
            "explain select 1",
            "explain (verbose, format json) delete from t",
            "explain analyze_it",
        ] {
            assert_eq!(checked(sql), Some(Reading::Plain), "{sql}");
        }
        for sql in [
            "commit",
            "delete from t",
            "do $$ $$",
            "set transaction_read_only = off",
            "copy t to program 'x'",
            "copy t to stdout",
            "call p()",
            "explain analyze select 1",
            "explain (ANALYSE) select 1",
            "explain (\"analyze\" true) select 1",
            "begin",
            "execute p",
            "declare c cursor for select 1",
            "lock t",
            "listen x",
            "prepare p as select 1",
            "vacuum",
            "merge into t using s on true when matched then delete",
        ] {
            assert_eq!(checked(sql), None, "{sql}");
        }
    }

    #[test]
    fn functions_that_leave_traces_are_refused() {
        for sql in [
            "select pg_advisory_lock(1)",
            "select pg_catalog.pg_try_advisory_lock_shared (1)",
            "select \"lo_export\"(1, '/x')",
            "select U&\"lo\\005fexport\"(1, '')",
            "select U&\"lo!005fexport\" UESCAPE '!' (1, '')",
            "select query_to_xml_and_xmlschema('select 1', true, true, '')",
            "select query_to_xmlschema('select 1', true, true, '')",
            "select cursor_to_xml('c', 1, true, true, '')",
            "select pg_switch_wal()",
            "select pg_cancel_backend(1)",
            "select pg_notify('a', 'b')",
            "select set_config('a.b', 'c', false)",
            "select nextval('s'), setval('s', 1)",
            "select pg_read_file('x')",
            "select pg_read_binary_file('x')",
            "select pg_ls_dir('.')",
            "select * from crosstab('select lo_create(0)') as t(a int)",
            "select PG_TERMINATE_BACKEND(1)",
            "select dblink_exec('', '')",
            "explain select lo_unlink(1)",
            "select pg_reload_conf/**/()",
        ] {
            assert_eq!(checked(sql), None, "{sql}");
        }
        for sql in ["select pg_sleep(0)", "select lower('lo_x(')", "select pg_advisory_lock from t"]
        {
            assert!(checked(sql).is_some(), "{sql}");
        }
    }

    #[test]
    fn cursors_stand_on_what_only_selects() {
        let is = |sql: &str| is_selecting(sql, &statements(sql).unwrap()[0]);
        assert!(is("select 1") && is("with a as (select 1) select * from a"));
        assert!(
            !is("select 1 into t") && !is("with a as (delete from t returning 1) select * from a")
        );
        assert!(!is("insert into t values (1)"));
    }
}
