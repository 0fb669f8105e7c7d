//! Any text as an alembic.ini.
//!
//! TODO: the reader is being written. The calls that belong here:
//!
//! 1. `alembic_core::config`: read `text` as an ini file in ConfigParser's dialect. It may be refused with a line.
//! 2. For each section and key of an accepted file: read the value with interpolation (`%(here)s`), which may be refused;
//!    an accepted file whose values hold no `%` must give each value as it was read.
//! 3. `prepend_sys_path` and `version_locations` of the section `alembic`: split at the configured separator.
//!
//! Until then only what the standard library does with such a file is run: this proves the machinery and nothing of ours.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for line in text.lines() {
        if let Some((key, value)) = line.split_once('=') {
            assert_eq!(key.len() + value.len() + 1, line.len());
        }
    }
});
