//! Where figures were taken: they mean nothing without it.

use std::{env::consts, thread};

use crate::command;

/// One line: the date, the processor and how many of it, the system.
pub(crate) fn describe() -> String {
    let date = command::capture(command::program("date").args(["-u", "+%F"])).unwrap_or_default();
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let model = value("/proc/cpuinfo", "model name").unwrap_or_else(|| consts::ARCH.to_owned());
    let system = value("/etc/os-release", "PRETTY_NAME").unwrap_or_else(|| consts::OS.to_owned());
    format!("{}, {processors} × {model}, {system}", date.trim())
}

/// What follows `name` in a file of names and values, such as the kernel and distributions write.
fn value(file: &str, name: &str) -> Option<String> {
    let text = fs_err::read_to_string(file).ok()?;
    let found = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(found.trim_start().trim_start_matches([':', '=']).trim().trim_matches('"').to_owned())
}
