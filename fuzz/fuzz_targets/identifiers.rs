//! Any text as a revision identifier or a range, in a fixed graph.
//!
//! TODO: the parser is being written. The calls that belong here:
//!
//! 1. `alembic_core::revision::identifier`: parse `text` as an identifier and as a range `[start]:[end]`.
//! 2. `alembic_core::revision::resolve`: resolve what was parsed in a map of some revisions (a branch point, a merge point,
//!    labels, a dependency), built once. It may be refused; what it gives must be revisions of the map.
//! 3. `alembic_core::revision::traverse`: walk an accepted range; every revision comes once, children before parents.
//!
//! Until then only what the standard library does with such a text is run: this proves the machinery and nothing of ours.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some((_, steps)) = text.rsplit_once(['+', '-']) {
        let _ = steps.parse::<i64>();
    }
});
