//! Any text as an alembic.ini: the reader, every option of every section, the report of what is wrong.
//!
//! The text may be refused, and so may an option with references. If neither is:
//!
//! * a section that is named is there, an option that is named has a value;
//! * a value without `%` is read as it stands in the file;
//! * all options of a section are read exactly when each of them is.
#![no_main]

use alembic_core::config::{ConfigError, ini::IniFile};
use libfuzzer_sys::fuzz_target;
use miette::{GraphicalReportHandler, GraphicalTheme};

fuzz_target!(|text: &str| {
    let file = match IniFile::parse("alembic.ini", text, "/srv/app") {
        Ok(file) => file,
        Err(error) => return report(&error),
    };
    let sections: Vec<&str> = file.sections().collect();
    for section in sections {
        assert!(file.has_section(section));
        read_section(&file, section);
    }
    read_section(&file, "DEFAULT");
    read_section(&file, "no such section");
});

fn read_section(file: &IniFile, section: &str) {
    let mut all_read = true;
    for option in file.options(section) {
        match file.get(section, option) {
            Ok(value) => {
                let raw = file.raw(section, option);
                assert_eq!(value.is_some(), raw.is_some());
                if let Some(raw) = raw.filter(|raw| !raw.contains('%')) {
                    assert_eq!(value.as_deref(), Some(raw));
                }
            }
            Err(error) => {
                all_read = false;
                report(&error);
            }
        }
    }
    assert_eq!(file.items(section).is_ok(), all_read);
}

/// Draws the report as the command line does.
fn report(error: &ConfigError) {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor());
    let mut drawn = String::new();
    handler.with_links(false).render_report(&mut drawn, error).expect("a report can be drawn");
    assert!(!error.to_string().is_empty() && !drawn.is_empty());
}
