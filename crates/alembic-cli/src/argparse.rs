//! Habits of Python's argparse that hands and scripts rely on.
//!
//! clap parses; before that, arguments are rewritten so that what argparse
//! accepts is understood the same way:
//!
//! * a long option may be cut to a prefix that only one of Alembic's options
//!   has; ours count only where none of Alembic's fits, so that a new option
//!   never takes an abbreviation away from an old one;
//! * the words of an argument that takes several stand together: what comes behind an option is one too many;
//! * a word that begins with `-` but holds a blank is a value (`-m "- fix"`);
//! * `--` belongs to the arguments behind it: a command that takes none refuses it.

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgAction, Command};

/// The heading of the options that Alembic does not have.
pub(crate) const NEW_OPTIONS: &str = "New in alembic-rs";

/// What argparse refuses and clap would take, in its words.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// A prefix that several of Alembic's options have.
    #[error("ambiguous option: {given} could match {}", candidates.join(", "))]
    Ambiguous { given: String, candidates: Vec<String> },
    /// Words behind the last that an argument takes.
    #[error("unrecognized arguments: {}", .0.join(" "))]
    Unrecognized(Vec<String>),
}

/// Rewrites `arguments` (the program's name first) for `command`.
///
/// # Errors
/// When an abbreviation fits several options, or an option stands between words that belong together.
pub(crate) fn rewrite(
    command: &Command,
    arguments: Vec<OsString>,
) -> Result<Vec<OsString>, Refused> {
    let mut rewritten = Vec::with_capacity(arguments.len());
    let mut arguments = arguments.into_iter();
    rewritten.extend(arguments.next());
    let mut level = command;
    let mut takes_value = false;
    let mut together = Together::default();
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            rewritten.push(argument.clone());
            if !level.has_subcommands() && level.get_positionals().next().is_none() {
                // Behind one `--` clap takes another for a word that nobody asked for.
                rewritten.push(argument);
            }
            rewritten.extend(arguments.inspect(|word| together.word(level, word)));
            break;
        }
        let word = Word::of(level, &argument)?;
        if takes_value && word == Word::Value && argument.as_encoded_bytes().starts_with(b"-") {
            attach(&mut rewritten, &argument);
            takes_value = false;
            continue;
        }
        match word {
            Word::Option { spelling, wants_value } => {
                if is_negative_number(&argument) {
                    together.word(level, &argument);
                } else {
                    together.option();
                }
                rewritten.push(spelling.unwrap_or(argument));
                takes_value = wants_value;
            }
            Word::Value => {
                if !takes_value && let Some(inner) = subcommand(level, &argument) {
                    level = inner;
                } else if !takes_value {
                    together.word(level, &argument);
                }
                rewritten.push(argument);
                takes_value = false;
            }
        }
    }
    if together.behind.is_empty() {
        Ok(rewritten)
    } else {
        Err(Refused::Unrecognized(together.behind))
    }
}

/// The words of an argument that takes several: argparse gives it those up to the next option.
#[derive(Debug, Default)]
struct Together {
    begun: bool,
    ended: bool,
    /// Those that nobody takes.
    behind: Vec<String>,
}

impl Together {
    fn option(&mut self) {
        self.ended = self.begun;
    }

    fn word(&mut self, command: &Command, word: &OsStr) {
        let several = |argument: &Arg| {
            argument.is_required_set() && matches!(argument.get_action(), ArgAction::Append)
        };
        if !command.get_positionals().any(several) {
            return;
        }
        self.begun = true;
        if self.ended {
            self.behind.push(word.to_string_lossy().into_owned());
        }
    }
}

/// What argparse takes for no option although it begins like one.
fn is_negative_number(word: &OsStr) -> bool {
    let digits = word.to_str().and_then(|text| text.strip_prefix('-'));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit()))
}

/// Makes `--option value` or `-o value` one word.
fn attach(rewritten: &mut [OsString], value: &OsStr) {
    let Some(option) = rewritten.last_mut() else { return };
    if option.as_encoded_bytes().starts_with(b"--") {
        option.push("=");
    }
    option.push(value);
}

fn subcommand<'a>(command: &'a Command, name: &OsStr) -> Option<&'a Command> {
    command.find_subcommand(name)
}

#[derive(Debug, PartialEq, Eq)]
enum Word {
    Option { spelling: Option<OsString>, wants_value: bool },
    Value,
}

impl Word {
    fn of(command: &Command, argument: &OsStr) -> Result<Self, Refused> {
        // Only text can name an option; other bytes are file names.
        let Some(text) = argument.to_str() else { return Ok(Self::Value) };
        if let Some(long) = text.strip_prefix("--") {
            return Self::long(command, long);
        }
        match text.strip_prefix('-') {
            None | Some("") => Ok(Self::Value),
            Some(cluster) => Ok(Self::short(command, cluster)),
        }
    }

    fn long(command: &Command, text: &str) -> Result<Self, Refused> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let Some(option) = expand(command, name)? else {
            let value = text.contains(' ') && value.is_none();
            let unknown = Self::Option { spelling: None, wants_value: false };
            return Ok(if value { Self::Value } else { unknown });
        };
        let long = option.name;
        let spelling = match value {
            Some(value) => format!("--{long}={value}"),
            None => format!("--{long}"),
        };
        Ok(Self::Option {
            spelling: Some(spelling.into()),
            wants_value: option.wants_value && value.is_none(),
        })
    }

    /// Short options joined, the last of which may want the next word.
    fn short(command: &Command, cluster: &str) -> Self {
        let mut rest = cluster.chars();
        while let Some(letter) = rest.next() {
            let option = command.get_arguments().find(|arg| arg.get_short() == Some(letter));
            let Some(option) = option else {
                let known_prefix = rest.as_str().len() + letter.len_utf8() < cluster.len();
                let value = cluster.contains(' ') && !known_prefix;
                return if value { Self::Value } else { Self::flag() };
            };
            if wants_value(option) {
                let wants_value = rest.as_str().is_empty();
                return Self::Option { spelling: None, wants_value };
            }
        }
        Self::flag()
    }

    fn flag() -> Self {
        Self::Option { spelling: None, wants_value: false }
    }
}

/// Whether the option takes the next word as its value.
fn wants_value(option: &Arg) -> bool {
    option.get_action().takes_values()
        && option.get_num_args().is_none_or(|range| range.min_values() > 0)
}

#[derive(Clone, Copy)]
struct Long<'a> {
    name: &'a str,
    wants_value: bool,
    is_new: bool,
}

/// The long options of a command, with the two that clap adds by itself.
fn long_options(command: &Command) -> Vec<Long<'_>> {
    let declared = command.get_arguments().filter_map(|argument| {
        let is_new = argument.get_help_heading() == Some(NEW_OPTIONS);
        Some(Long { name: argument.get_long()?, wants_value: wants_value(argument), is_new })
    });
    let version = command.get_version().map(|_| "version");
    let added = ["help"].into_iter().chain(version);
    let added = added.map(|name| Long { name, wants_value: false, is_new: false });
    declared.chain(added).collect()
}

/// The option that `name` spells or abbreviates.
fn expand<'a>(command: &'a Command, name: &str) -> Result<Option<Long<'a>>, Refused> {
    let options = long_options(command);
    if let Some(exact) = options.iter().find(|option| option.name == name) {
        return Ok(Some(*exact));
    }
    if name.is_empty() {
        return Ok(None);
    }
    let fitting = options.into_iter().filter(|option| option.name.starts_with(name));
    let (new, old): (Vec<_>, Vec<_>) = fitting.partition(|option| option.is_new);
    match if old.is_empty() { new } else { old }.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(*only)),
        several => Err(Refused::Ambiguous {
            given: format!("--{name}"),
            candidates: several.iter().map(|option| format!("--{}", option.name)).collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(line: &[&str]) -> String {
        let command = crate::cli::command();
        let arguments = std::iter::once("alembic-rs").chain(line.iter().copied());
        match rewrite(&command, arguments.map(OsString::from).collect()) {
            Ok(words) => {
                let words: Vec<_> = words[1..].iter().map(|w| w.to_string_lossy()).collect();
                words.join("|")
            }
            Err(refused) => format!("! {refused}"),
        }
    }

    #[test]
    fn abbreviations_belong_to_alembic_first() {
        assert_eq!(rewritten(&["history", "--rev", "a:b"]), "history|--rev-range|a:b");
        assert_eq!(rewritten(&["history", "--rev=a:b"]), "history|--rev-range=a:b");
        assert_eq!(rewritten(&["history", "--reve"]), "history|--reverse");
        assert_eq!(rewritten(&["heads", "--verb"]), "heads|--verbose");
        assert_eq!(rewritten(&["heads", "--nope"]), "heads|--nope");
        assert_eq!(rewritten(&["--vers"]), "--version");
        assert_eq!(rewritten(&["heads", "--he"]), "heads|--help");
        assert_eq!(rewritten(&["--conf", "x.ini", "heads"]), "--config|x.ini|heads");
        assert_eq!(
            rewritten(&["revision", "--s"]),
            "! ambiguous option: --s could match --sql, --splice"
        );
    }

    #[test]
    fn words_that_belong_together_stand_together() {
        assert_eq!(rewritten(&["merge", "b1", "-1", "c1", "-m", "x"]), "merge|b1|-1|c1|-m|x");
        assert_eq!(rewritten(&["merge", "-m", "x", "b1", "--", "c1"]), "merge|-m|x|b1|--|c1");
        let refused = "! unrecognized arguments: c1";
        assert_eq!(rewritten(&["merge", "b1", "-m", "x", "c1"]), refused);
        assert_eq!(rewritten(&["merge", "b1", "--splice", "--", "c1"]), refused);
    }

    #[test]
    fn a_value_may_look_like_a_command() {
        assert_eq!(rewritten(&["-n", "heads", "heads", "--verb"]), "-n|heads|heads|--verbose");
        assert_eq!(
            rewritten(&["-nheads", "history", "--rev", "a:"]),
            "-nheads|history|--rev-range|a:"
        );
    }

    #[test]
    fn a_word_with_a_blank_is_a_value() {
        assert_eq!(rewritten(&["revision", "-m", "- fix"]), "revision|-m- fix");
        assert_eq!(rewritten(&["revision", "--mess", "-x y"]), "revision|--message=-x y");
        assert_eq!(rewritten(&["show", "--", "--verb"]), "show|--|--verb");
    }
}
