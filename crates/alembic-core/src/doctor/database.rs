//! What a database answered, in the words of a check. Nothing is asked here.

use super::check::{Check, Way, count};
use crate::lost::{Advice, LostRevision};

/// What `alembic_version.version_num` is made with.
const USUAL_WIDTH: usize = 32;

impl Check {
    /// Where the URL of the database comes from; `url` without its password.
    pub fn url_source(url: &str, source: &str, is_proven: bool) -> Self {
        let name = "database url";
        if is_proven {
            return Self::ok(name, format!("`{url}` from {source}"));
        }
        let fix = "give it with `--url`, or name its variable in [tool.alembic-rs] `url_env`";
        Self::warning(name, format!("`{url}` is a guess from {source}"), fix.to_owned())
    }

    /// `options` of the version table that cannot be known without running `env.py`: `reason` says why.
    pub fn version_table_unknown(options: &[&str], reason: &str) -> Self {
        let sentence = format!("its {} cannot be known: {reason}", options.join(" and "));
        let fix = format!("name it in [tool.alembic-rs]: {}", options.join(", "));
        Self::warning("version table", sentence, fix)
    }

    /// There is no URL, or none that can be used: `reason` says why.
    pub fn url_missing(reason: &str) -> Self {
        let fix = "give it with `--url` or ALEMBIC_RS_URL".to_owned();
        Self::warning("database url", reason, fix)
    }

    /// The dialect and the driver of the URL; whether this program speaks to it.
    pub fn driver(dialect: &str, driver: Option<&str>, is_supported: bool) -> Self {
        let name = "driver";
        let shown = match driver {
            Some(driver) => format!("`{dialect}` through `{driver}`"),
            None => format!("`{dialect}` through its usual driver"),
        };
        if is_supported {
            return Self::ok(name, shown);
        }
        let fix = "history and scripts work; `current`, `status` and `stamp` need PostgreSQL, \
                   MySQL, MariaDB or SQLite";
        Self::warning(name, format!("{shown} is not supported"), fix.to_owned())
    }

    /// The URL begins with `postgres`, which SQLAlchemy does not take.
    pub fn driver_refused() -> Self {
        let sentence =
            "SQLAlchemy since 1.4 has no dialect `postgres`: Alembic cannot migrate there";
        Self::error("driver", sentence, "write `postgresql://` in the URL".to_owned())
    }

    /// The Python that migrates cannot import the driver of env.py's URL; `drivername` is what the
    /// URL begins with.
    pub fn driver_missing(
        drivername: &str,
        interpreter: &str,
        module: &str,
        distribution: &str,
    ) -> Self {
        let sentence = format!("`{interpreter}` has no `{module}`, which `{drivername}` asks for");
        let fix = format!("`{interpreter} -m pip install {distribution}`");
        Self::error("driver", sentence, fix)
    }

    /// The database could not be reached: `reason` without any password.
    pub fn unreachable(reason: &str, fix: Option<String>) -> Self {
        Self::error("database", reason, fix)
    }

    /// The version table; `rows` is `None` where it is not there.
    pub fn version_table(table: &str, rows: Option<&[String]>) -> Self {
        let name = "version table";
        match rows {
            None => Self::warning(
                name,
                format!("`{table}` does not exist: nothing was migrated yet"),
                "`alembic-rs upgrade head`; for a database that has its tables already \
                 `alembic-rs stamp REVISION`"
                    .to_owned(),
            ),
            Some([]) => Self::ok(name, format!("`{table}` is empty: the database is at base")),
            Some(rows) => Self::ok(name, format!("`{table}` holds {}", rows.join(", "))),
        }
    }

    /// The width of the column in characters, `None` for text of any length, against
    /// the longest identifier of the project.
    pub fn version_width(table: &str, width: Option<usize>, longest: &str) -> Self {
        let name = "version column";
        let needed = longest.chars().count();
        let Some(width) = width else {
            return Self::ok(name, "holds identifiers of any length");
        };
        let shown = count(width, "character");
        if needed > width {
            let sentence =
                format!("`{table}.version_num` holds {shown}, and `{longest}` has {needed}");
            let fix = format!("shorten the identifier, or widen the column to {needed}");
            return Self::error(name, sentence, fix);
        }
        if width < USUAL_WIDTH {
            let sentence = format!("`{table}.version_num` holds {shown}, not {USUAL_WIDTH}");
            let fix = format!("widen the column to {USUAL_WIDTH}");
            return Self::warning(name, sentence, fix);
        }
        Self::ok(name, format!("holds {shown}; the longest identifier has {needed}"))
    }

    /// Every row of the version table is a revision of the project.
    pub fn revisions_known(rows: usize) -> Self {
        let sentence = match rows {
            0 => "the database is at no revision".to_owned(),
            1 => "the database's revision is in the project".to_owned(),
            rows => format!("all {rows} revisions of the database are in the project"),
        };
        Self::ok("database revision", sentence)
    }

    /// A row that is not in the project, with the ways back.
    pub fn revision_lost(lost: &LostRevision, advice: &[Advice]) -> Self {
        let id = &lost.id;
        let sentence = match lost.best() {
            None => format!("revision `{id}` is not in the project, and git has it nowhere"),
            Some(script) => {
                let commit = &script.commit;
                let held = script.holders.first().map_or_else(
                    || "a reflog only".to_owned(),
                    |holding| format!("{} `{}`", holding.holder.kind.as_str(), holding.holder.name),
                );
                format!(
                    "revision `{id}` is not in the project: `{}` in commit {} ({}, {}), held by {held}",
                    script.path.display(),
                    commit.commit.short_id(),
                    commit.author,
                    commit.commit.date,
                )
            }
        };
        let ways = advice.iter().map(|way| Way {
            kind: way.kind.as_str(),
            words: way.words.clone(),
            command: way.command.clone(),
        });
        Self::error("database revision", sentence, None).with_ways(ways.collect())
    }
}
