//! Names of dumps: database, time in UTC, revisions.

use std::time::{SystemTime, UNIX_EPOCH};

/// How long the database's and the revisions' parts are at most, in bytes: file names end at 255.
const LONGEST: usize = 90;

/// `shop-20261122T101500Z-1a2b3c.dump`; without a revision `base`.
pub(super) fn of(database: &str, time: SystemTime, heads: &[String]) -> String {
    let heads = if heads.is_empty() { "base".to_owned() } else { heads.join("+") };
    format!("{}-{}-{}.dump", plain(database), timestamp(time), plain(&heads))
}

/// Without anything that a file system or a shell reads more into.
fn plain(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-' | '.');
    let text = text.chars().map(|c| if plain(c) { c } else { '_' }).take(LONGEST);
    let text = text.collect::<String>();
    // Neither an option nor a hidden file.
    match text.strip_prefix(['-', '.']) {
        Some(rest) => format!("_{rest}"),
        None => text,
    }
}

/// `20261122T101500Z`; times before 1970 are 1970.
fn timestamp(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (year, month, day) = date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// The date of a day after 1970-01-01, in a calendar whose years begin in March: leap days come last.
fn date(days: u64) -> (u64, u64, u64) {
    const DAYS_OF_400_YEARS: u64 = 146_097;
    let day = days + 719_468;
    let (era, day) = (day / DAYS_OF_400_YEARS, day % DAYS_OF_400_YEARS);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + later, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "19700101T000000Z"),
            (951_782_399, "20000228T235959Z"),
            (951_782_400, "20000229T000000Z"),
            (1_709_164_800, "20240229T000000Z"),
            (4_107_542_400, "21000301T000000Z"),
            (1_795_342_500, "20261122T101500Z"),
        ] {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(timestamp(time), expected);
        }
    }

    #[test]
    fn names_are_plain() {
        let name = |database: &str, heads: &[&str]| {
            let heads = heads.iter().map(|head| (*head).to_owned()).collect::<Vec<_>>();
            of(database, UNIX_EPOCH, &heads)
        };
        assert_eq!(name("shop", &[]), "shop-19700101T000000Z-base.dump");
        assert_eq!(name("-a/b c", &["1a", "2b"]), "_a_b_c-19700101T000000Z-1a+2b.dump");
        assert!(name(&"x".repeat(500), &["y"; 500]).len() < 255);
    }
}
