//! Any bytes as a migration script.
//!
//! TODO: the reader is being written. The calls that belong here, on `data` as the content of a file:
//!
//! 1. `python_static`: cut the text into statements; their ranges must be in order, must not overlap, must be
//!    on character boundaries and must cover every byte that is neither blank nor comment.
//! 2. `python_static`: read the module (docstring, assignments, imports) without a project around it; each range
//!    in an answer must lie within the text.
//! 3. `alembic_core::script`: read the script with file name `x.py`. It may be refused; if it is not, its four
//!    variables must be the same after CR LF has become LF.
//!
//! Until then only what the standard library does with such a file is run: this proves the machinery and nothing of ours.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let bytes: usize = text.split_inclusive('\n').map(str::len).sum();
    assert_eq!(bytes, text.len());
});
