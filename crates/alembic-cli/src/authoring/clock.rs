//! The moment that a new script is dated with.
//!
//! Zones are looked for as Python's `zoneinfo` does: files of the system, by their exact name, in `PYTHONTZPATH` or
//! the usual folders. There is no database in this program: where the system has none, only UTC is known, and the
//! report says so.

use std::path::{Path, PathBuf};

use alembic_core::script::generate::Moment;
use fs_err as fs;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use miette::Diagnostic;

use crate::diagnostics::{Failure, code};

/// Where Python looks for zones.
const FOLDERS: [&str; 4] =
    ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"];

/// Alembic's sentence for a zone that is not there.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("Can't locate timezone: {name}")]
struct UnknownZone {
    name: String,
    #[help]
    help: String,
}

/// Now, in the configured zone, else in local time.
pub(crate) fn now(zone: Option<&str>) -> Result<Moment, Failure> {
    let now = Timestamp::now();
    let Some(name) = zone else {
        // As Python: local time shows no offset.
        let local = now.to_zoned(local_zone());
        return Ok(Moment { offset: String::new(), zone: String::new(), ..moment(&local) });
    };
    let found = find(name).or_else(|| find(&name.to_uppercase()));
    match found {
        Some(zone) => Ok(moment(&now.to_zoned(zone))),
        None => Err(Failure::new(
            code::CONFIGURATION,
            UnknownZone { name: name.to_owned(), help: help() },
        )),
    }
}

/// The zone of the C library's local time: `TZ` (a name, a file or a rule), else the system's.
fn local_zone() -> TimeZone {
    let Some(given) = std::env::var_os("TZ") else { return system_zone() };
    let given = given.to_string_lossy();
    let name = given.strip_prefix(':').unwrap_or(&given);
    let file = || TimeZone::tzif(name, &fs::read(name).ok()?).ok();
    let zone = if Path::new(name).is_absolute() { file() } else { find(name) };
    // As the C library: what says nothing is UTC.
    zone.or_else(|| TimeZone::posix(name).ok()).unwrap_or(TimeZone::UTC)
}

#[cfg(unix)]
fn system_zone() -> TimeZone {
    let zone = || TimeZone::tzif("local", &fs::read("/etc/localtime").ok()?).ok();
    zone().unwrap_or(TimeZone::UTC)
}

#[cfg(not(unix))]
fn system_zone() -> TimeZone {
    TimeZone::system()
}

fn help() -> String {
    if folders().iter().any(|folder| folder.is_dir()) {
        "names are those of the files in /usr/share/zoneinfo, such as `Europe/Vienna` or `UTC`, \
         capitals included"
            .to_owned()
    } else {
        "this system has no time zone files: install them (`tzdata`), or name their folder in \
         PYTHONTZPATH; `UTC` works without"
            .to_owned()
    }
}

fn folders() -> Vec<PathBuf> {
    match std::env::var_os("PYTHONTZPATH") {
        Some(path) => std::env::split_paths(&path).filter(|path| path.is_absolute()).collect(),
        None => FOLDERS.iter().map(PathBuf::from).collect(),
    }
}

fn find(name: &str) -> Option<TimeZone> {
    let path = Path::new(name);
    let plain = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if name.is_empty() || !plain {
        return None;
    }
    let files = folders().into_iter().map(|folder| folder.join(path)).filter(|file| file.is_file());
    for file in files {
        if let Ok(bytes) = fs::read(&file)
            && let Ok(zone) = TimeZone::tzif(name, &bytes)
        {
            return Some(zone);
        }
    }
    (name == "UTC").then_some(TimeZone::UTC)
}

fn moment(zoned: &Zoned) -> Moment {
    let time = zoned.datetime();
    let fields = [
        i64::from(time.year()),
        i64::from(time.month()),
        i64::from(time.day()),
        i64::from(time.hour()),
        i64::from(time.minute()),
        i64::from(time.second()),
        i64::from(time.subsec_nanosecond()) / 1000,
    ];
    let epoch_micros = zoned.timestamp().as_microsecond();
    let info = zoned.time_zone().to_offset_info(zoned.timestamp());
    let zone = info.abbreviation().to_owned();
    Moment { fields, offset: offset(zoned.offset().seconds()), zone, epoch_micros }
}

/// As Python prints an offset: seconds only where there are some.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let size = seconds.unsigned_abs();
    let (hours, minutes, rest) = (size / 3600, size / 60 % 60, size % 60);
    if rest == 0 {
        format!("{sign}{hours:02}:{minutes:02}")
    } else {
        format!("{sign}{hours:02}:{minutes:02}:{rest:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_pythons() {
        assert_eq!(offset(0), "+00:00");
        assert_eq!(offset(-12_600), "-03:30");
        assert_eq!(offset(3_601), "+01:00:01");
    }

    #[test]
    fn names_leave_no_folder() {
        for name in ["", "/etc/passwd", "../x", "Europe/.."] {
            assert!(find(name).is_none(), "{name}");
        }
        assert!(find("UTC").is_some());
    }
}
