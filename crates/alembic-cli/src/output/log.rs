//! Alembic's log lines, where the project's own logging would show them.
//!
//! Alembic logs through Python's `logging`, which `env.py` sets up from the ini file (`fileConfig`). What a user
//! sees on standard error so depends on `[logger_alembic]`, `[logger_root]` and the formatter of the handler; the
//! same settings are asked here.

use std::io::{self, Write};

use alembic_core::config::Config;
use alembic_core::config::ini::IniFile;

/// The name of the logger that reports the steps.
const NAME: &str = "alembic.runtime.migration";

/// Python's format when a formatter names none.
const BARE: &str = "%(message)s";

/// Writes Alembic's log lines to standard error, or nowhere.
pub(crate) struct AlembicLog {
    /// The formatter's `format`; `None` when nobody would see the lines.
    format: Option<String>,
}

impl AlembicLog {
    /// The logging of `config`; `set_up` says whether env.py reads it at all.
    pub(crate) fn of(config: &Config, set_up: bool) -> Self {
        let format = config.ini().ok().filter(|_| set_up).and_then(shown_format);
        Self { format }
    }

    /// Reports what is being done.
    pub(crate) fn info(&self, message: &str) {
        if let Some(format) = &self.format {
            let line = record(format, message);
            let _ignored = writeln!(io::stderr().lock(), "{line}");
        }
    }
}

/// The format in which INFO lines of Alembic arrive on standard error.
fn shown_format(ini: &IniFile) -> Option<String> {
    let loggers = listed(ini, "loggers")?;
    let logger = |qualname: &str| {
        let named = loggers.iter().filter(|key| key.as_str() != "root");
        let mut sections = named.map(|key| format!("logger_{key}"));
        sections.find(|section| ini.raw(section, "qualname").map(str::trim) == Some(qualname))
    };
    // From the logger itself to the root: the first level counts, all handlers do.
    let mut level = None;
    let mut handlers = Vec::new();
    let ancestors = NAME.rmatch_indices('.').map(|(end, _)| &NAME[..end]);
    for section in std::iter::once(NAME).chain(ancestors).filter_map(logger) {
        level = level.or_else(|| ini.raw(&section, "level").and_then(level_of));
        handlers.extend(items(ini.raw(&section, "handlers").unwrap_or_default()));
        if ini.raw(&section, "propagate").map(str::trim) == Some("0") {
            return visible(ini, level?, &handlers);
        }
    }
    level = level.or_else(|| ini.raw("logger_root", "level").and_then(level_of));
    handlers.extend(items(ini.raw("logger_root", "handlers").unwrap_or_default()));
    visible(ini, level?, &handlers)
}

/// The format of the first handler that writes INFO lines to standard error.
fn visible(ini: &IniFile, level: u8, handlers: &[String]) -> Option<String> {
    const INFO: u8 = 20;
    if level > INFO {
        return None;
    }
    let sections = handlers.iter().map(|key| format!("handler_{key}"));
    let mut writing = sections.filter(|section| {
        let class = ini.raw(section, "class").unwrap_or_default().trim().to_owned();
        let arguments = ini.raw(section, "args").unwrap_or_default();
        let level = ini.raw(section, "level").map_or(0, |text| level_of(text).unwrap_or(0));
        let to_stderr = !arguments.contains("sys.stdout");
        class.ends_with("StreamHandler") && to_stderr && level <= INFO
    });
    let handler = writing.next()?;
    let formatter = ini.raw(&handler, "formatter").map(str::trim).filter(|name| !name.is_empty());
    let format = formatter.and_then(|name| ini.raw(&format!("formatter_{name}"), "format"));
    Some(format.unwrap_or(BARE).to_owned())
}

fn listed(ini: &IniFile, section: &str) -> Option<Vec<String>> {
    ini.raw(section, "keys").map(|keys| items(keys).collect())
}

fn items(list: &str) -> impl Iterator<Item = String> {
    let items = list.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// Python's number of a level; `None` for `NOTSET`, which leaves it to the parent.
fn level_of(name: &str) -> Option<u8> {
    match name.trim() {
        "DEBUG" => Some(10),
        "INFO" => Some(20),
        "WARN" | "WARNING" => Some(30),
        "ERROR" => Some(40),
        "CRITICAL" | "FATAL" => Some(50),
        _ => None,
    }
}

/// The line that Python's formatter makes. A field that cannot be known here
/// (a time, a process) is left out.
fn record(format: &str, message: &str) -> String {
    let mut line = String::new();
    let mut rest = format;
    while let Some(start) = rest.find("%(") {
        line.push_str(&rest[..start]);
        rest = &rest[start + 2..];
        let Some((name, behind)) = rest.split_once(')') else { break };
        let end = behind.find(|c: char| c.is_ascii_alphabetic()).map_or(behind.len(), |at| at + 1);
        let (specification, behind) = behind.split_at(end);
        rest = behind;
        let value = match name {
            "levelname" => "INFO",
            "name" => NAME,
            "message" => message,
            _ => "",
        };
        line.push_str(&padded(value, specification));
    }
    line.push_str(rest);
    line.replace("%%", "%")
}

/// Python's `%-5.5s`: width and precision of a text.
fn padded(value: &str, specification: &str) -> String {
    let specification = specification.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (width, precision) = specification.split_once('.').unwrap_or((specification, ""));
    let cut: String = match precision.parse() {
        Ok(count) => value.chars().take(count).collect(),
        Err(_) => value.to_owned(),
    };
    let left = width.starts_with('-');
    // Nobody pads a log line beyond a screen.
    let width = width.trim_start_matches('-').parse().unwrap_or(0).min(200);
    if left { format!("{cut:<width$}") } else { format!("{cut:>width$}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STOCK: &str = "[loggers]\nkeys = root,alembic\n[logger_root]\nlevel = WARNING\nhandlers = console\n\
        [logger_alembic]\nlevel = INFO\nhandlers =\nqualname = alembic\n\
        [handler_console]\nclass = StreamHandler\nargs = (sys.stderr,)\nlevel = NOTSET\nformatter = generic\n\
        [formatter_generic]\nformat = %(levelname)-5.5s [%(name)s] %(message)s\n";

    fn line(ini: &str) -> Option<String> {
        let ini = IniFile::parse("a.ini", ini, "/").expect("the ini file is right");
        shown_format(&ini).map(|format| record(&format, "Running stamp_revision  -> a"))
    }

    #[test]
    fn the_stock_configuration_shows_every_step() {
        let expected = "INFO  [alembic.runtime.migration] Running stamp_revision  -> a";
        assert_eq!(line(STOCK).as_deref(), Some(expected));
    }

    #[test]
    fn a_higher_level_shows_nothing() {
        assert_eq!(line(&STOCK.replace("level = INFO", "level = WARN")), None);
        assert_eq!(line(&STOCK.replace("level = INFO", "level = NOTSET")), None);
        assert_eq!(line(&STOCK.replace("handlers = console", "handlers =")), None);
        assert_eq!(line("[alembic]\n"), None);
    }

    #[test]
    fn fields_that_are_not_known_are_left_out() {
        assert_eq!(
            record("%(asctime)s|%(levelname)8s|%(message).3s|100%%", "abcdef"),
            "|    INFO|abc|100%"
        );
    }
}
