//! What the terminal at the other end can show.

use std::io::{self, IsTerminal};

use terminal_size::{Width, terminal_size_of};

fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn is_dumb() -> bool {
    set("TERM").is_some_and(|term| term == "dumb")
}

/// The columns of the terminal that standard output goes to, if it does.
pub(crate) fn width() -> Option<usize> {
    let stdout = io::stdout();
    let size = terminal_size_of(&stdout).filter(|_| stdout.is_terminal())?;
    let (Width(columns), _) = size;
    Some(usize::from(columns))
}

/// Whether the locale is one of UTF-8 and the terminal is not a dumb one.
pub(crate) fn shows_unicode() -> bool {
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
    let utf8 = locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    utf8 && !is_dumb()
}

/// Whether colours belong on this stream: a terminal, and no word against it.
pub(crate) fn shows_colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && set("NO_COLOR").is_none() && !is_dumb()
}
