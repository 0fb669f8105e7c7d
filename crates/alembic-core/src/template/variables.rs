//! The names that a template is rendered with.

use std::fmt::Write as _;

use python_static::Value;

use super::literal;
use crate::config::Config;

/// The function of the runtime that is Alembic's `comma`.
const COMMA: &str = "_rs_comma";

/// The names that Alembic passes to `script.py.mako`, as Python source.
#[derive(Debug, Clone, Default)]
pub struct Variables {
    names: Vec<(String, String)>,
    /// The plain ones among them.
    values: Vec<(String, Value)>,
    /// What is printed for a name, for templates that do no more than print it.
    texts: Vec<(String, String)>,
}

impl Variables {
    /// No names at all: everything is undefined.
    pub fn new() -> Self {
        Self::default()
    }

    /// Passes a value.
    pub fn set(&mut self, name: &str, value: &Value) {
        self.names.push((name.to_owned(), literal::value(value)));
        self.values.push((name.to_owned(), value.clone()));
    }

    /// Passes a moment: `fields` are year, month, day, hour, minute, second and microsecond, `zone` what Python
    /// prints behind them, such as `+02:00`, and what the zone is called, such as `CEST`; nothing without a time zone.
    pub fn set_moment(
        &mut self,
        name: &str,
        fields: [i64; 7],
        [offset, zone]: [&str; 2],
        epoch_micros: i64,
    ) {
        self.texts.push((name.to_owned(), moment_text(fields, offset)));
        let fields = fields.map(|field| field.to_string()).join(", ");
        let mut source = format!("_rs_Moment({fields}, ");
        literal::write_text(&mut source, offset);
        let _ = write!(source, ", {epoch_micros}, ");
        literal::write_text(&mut source, zone);
        source.push(')');
        self.names.push((name.to_owned(), source));
    }

    /// Passes `comma`, the filter that joins identifiers.
    pub fn set_comma(&mut self) {
        self.names.push(("comma".to_owned(), COMMA.to_owned()));
    }

    /// Passes the configuration: the methods that read its ini file.
    pub fn set_config(&mut self, name: &str, config: &Config) {
        self.names.push((name.to_owned(), config_source(config)));
    }

    /// The text that a name is printed as, where that is simpler than its value.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// A plain value.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether `comma` is the filter that Alembic passes.
    pub(super) fn has_comma(&self) -> bool {
        self.names.iter().any(|(name, source)| name == "comma" && source == COMMA)
    }

    /// The names with the source of their values.
    pub(super) fn names(&self) -> &[(String, String)] {
        &self.names
    }
}

/// Python's `str` of a `datetime`.
fn moment_text(fields: [i64; 7], offset: &str) -> String {
    let [year, month, day, hour, minute, second, microsecond] = fields;
    let fraction = if microsecond == 0 { String::new() } else { format!(".{microsecond:06}") };
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}{fraction}{offset}")
}

fn config_source(config: &Config) -> String {
    let mut out = "_rs_Config(".to_owned();
    literal::write_text(&mut out, config.section_name());
    out.push_str(", ");
    literal::write_text(&mut out, &config.config_file_name().to_string_lossy());
    out.push_str(", {");
    if let Ok(ini) = config.ini() {
        for section in ini.sections() {
            literal::write_text(&mut out, section);
            out.push_str(": {");
            for option in ini.options(section) {
                literal::write_text(&mut out, option);
                out.push_str(": ");
                match ini.get(section, option) {
                    Ok(Some(value)) => literal::write_text(&mut out, &value),
                    // Alembic meets the mistake when the option is asked for; so do we.
                    _ => out.push_str("_rs_broken"),
                }
                out.push_str(", ");
            }
            out.push_str("}, ");
        }
    }
    out.push_str("})");
    out
}
