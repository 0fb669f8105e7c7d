//! Which lock it is, and the statements on it.

use crate::{dialect::Dialect, version_table::VersionTable};

/// The number of a lock; see the parent module for where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LockKey(i64);

impl LockKey {
    /// The key that someone chose.
    pub(super) fn given(text: &str) -> Self {
        Self(text.trim().parse().unwrap_or_else(|_| hash(&["key", text])))
    }

    /// The key of a database and its version table.
    pub(super) fn derived(database: &str, table: &VersionTable) -> Self {
        Self(hash(&[database, table.schema.as_deref().unwrap_or_default(), &table.name]))
    }

    /// What people are told.
    pub(super) fn name(self, dialect: Dialect) -> String {
        match dialect {
            Dialect::PostgreSql => self.0.to_string(),
            Dialect::MySql | Dialect::Sqlite => format!("alembic-rs:{:016x}", self.0),
        }
    }

    /// Answers `1` when the lock is ours from now on.
    pub(super) fn try_sql(self, dialect: Dialect) -> String {
        match dialect {
            Dialect::PostgreSql => format!("SELECT pg_try_advisory_lock({})::int::text", self.0),
            _ => format!("SELECT CAST(GET_LOCK('{}', 0) AS CHAR)", self.name(dialect)),
        }
    }

    /// Answers `1` when the lock is this session's.
    pub(super) fn is_held_sql(self, dialect: Dialect) -> String {
        match dialect {
            Dialect::PostgreSql => {
                format!("SELECT '1' FROM pg_locks WHERE {} AND pid = pg_backend_pid()", self.rows())
            }
            _ => format!(
                "SELECT CAST(IS_USED_LOCK('{}') = CONNECTION_ID() AS CHAR)",
                self.name(dialect)
            ),
        }
    }

    /// Answers in a few words who has the lock.
    pub(super) fn holder_sql(self, dialect: Dialect) -> String {
        match dialect {
            Dialect::PostgreSql => format!(
                "SELECT 'process ' || pid || coalesce(' (' || nullif(application_name, '') || ')', '') \
                 || coalesce(' from ' || host(client_addr), '') \
                 || coalesce(', connected since ' || date_trunc('second', backend_start), '') \
                 FROM pg_locks LEFT JOIN pg_stat_activity USING (pid) WHERE {}",
                self.rows()
            ),
            _ => {
                format!("SELECT CONCAT('connection ', IS_USED_LOCK('{}'))", self.name(dialect))
            }
        }
    }

    /// Gives the lock back.
    pub(super) fn release_sql(self, dialect: Dialect) -> String {
        match dialect {
            Dialect::PostgreSql => format!("SELECT pg_advisory_unlock({})::int::text", self.0),
            _ => format!("SELECT CAST(RELEASE_LOCK('{}') AS CHAR)", self.name(dialect)),
        }
    }

    /// The rows of `pg_locks` for this lock. PostgreSQL keeps a 64 bit key in two halves, and each database has its own.
    fn rows(self) -> String {
        let key = self.0.cast_unsigned();
        format!(
            "locktype = 'advisory' AND objsubid = 1 AND granted AND classid = {} AND objid = {} \
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            key >> 32,
            key & 0xffff_ffff
        )
    }
}

/// FNV-1a of `alembic-rs` and the texts, each behind a zero byte.
fn hash(texts: &[&str]) -> i64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut take = |byte: u8| {
        hash ^= u64::from(byte);
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    };
    "alembic-rs".bytes().for_each(&mut take);
    for text in texts {
        take(0);
        text.bytes().for_each(&mut take);
    }
    hash.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::{LockKey, hash};
    use crate::version_table::VersionTable;

    #[test]
    fn numbers_are_themselves() {
        assert_eq!(LockKey::given("42"), LockKey(42));
        assert_eq!(LockKey::given(" -7 "), LockKey(-7));
        assert_eq!(LockKey::given("deploy"), LockKey(hash(&["key", "deploy"])));
    }

    /// Two versions of alembic-rs must keep each other out: these numbers never change.
    #[test]
    fn the_derivation_is_fixed() {
        let table = VersionTable::default();
        assert_eq!(LockKey::derived("shop", &table), LockKey(SHOP));
        assert_ne!(LockKey::derived("shop2", &table), LockKey(SHOP));
        let elsewhere = VersionTable { schema: Some("tenant".to_owned()), ..table };
        assert_ne!(LockKey::derived("shop", &elsewhere), LockKey(SHOP));
    }

    const SHOP: i64 = -232_192_910_188_448_324;
}
