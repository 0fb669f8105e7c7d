//! Errors about an option of an ini file: the facts without passwords, the place, and what helps.

use super::{
    super::{
        error::{ConfigError, ConfigErrorKind},
        interpolation::{Fault, FaultKind},
        secret,
    },
    DEFAULT_SECTION, IniFile,
};
use crate::near_miss::nearest;

/// The names that a file name template may use: with a single percent sign they look like references.
const TEMPLATE_NAMES: [&str; 9] =
    ["rev", "slug", "epoch", "year", "month", "day", "hour", "minute", "second"];

impl IniFile {
    /// Marks the value of the option (its key, if the value is empty) in the file.
    pub(in super::super) fn mark(
        &self,
        error: ConfigError,
        section: &str,
        option: &str,
        note: &str,
    ) -> ConfigError {
        match self.place(section, option) {
            Some(place) => error.at(&self.source, &[(place.value(), note)]),
            None => error,
        }
    }

    /// Marks the key of the option in the file.
    pub(in super::super) fn mark_key(
        &self,
        error: ConfigError,
        section: &str,
        option: &str,
        note: &str,
    ) -> ConfigError {
        match self.place(section, option) {
            Some(place) => error.at(&self.source, &[(place.key.clone(), note)]),
            None => error,
        }
    }

    /// Marks the header of the section in the file.
    pub(in super::super) fn mark_section(
        &self,
        error: ConfigError,
        section: &str,
        note: &str,
    ) -> ConfigError {
        match self.places.get(section) {
            Some(place) => error.at(&self.source, &[(place.header.clone(), note)]),
            None => error,
        }
    }
}

pub(super) fn interpolation_error(
    file: &IniFile,
    section: &str,
    option: &str,
    fault: Fault,
) -> ConfigError {
    let within = fault.within.as_deref().unwrap_or(option).to_owned();
    let help = help(file, section, &within, &fault);
    let note = note(&fault.kind);
    let offset = fault.offset;
    let error = ConfigError::from(kind(file, section, option, fault)).helped(help);
    let Some(place) = file.place(section, &within) else {
        // `here` stands in no file: mark the option that was read.
        return file.mark(error, section, option, note);
    };
    let is_sign = |byte: &usize| file.source.text.as_bytes().get(*byte) == Some(&b'%');
    match place.byte(offset).filter(is_sign) {
        Some(byte) => error.at(&file.source, &[(byte..byte + 1, note)]),
        None => file.mark(error, section, &within, note),
    }
}

fn kind(file: &IniFile, section: &str, option: &str, fault: Fault) -> ConfigErrorKind {
    let raw = file.raw(section, option).unwrap_or_default();
    let value = || secret::hide_value(option, raw);
    let found = || match &fault.within {
        None => secret::hide_suffix(option, raw, fault.offset),
        // A part of a URL with a password may be the password.
        Some(_) if secret::has_secret(option, raw) => secret::HIDDEN.to_owned(),
        Some(name) => {
            let inner = file.raw(section, name).unwrap_or_default();
            secret::hide_suffix(name, inner, fault.offset)
        }
    };
    let (section, option) = (section.to_owned(), option.to_owned());
    match fault.kind {
        FaultKind::LonePercent => ConfigErrorKind::LonePercent { section, found: found(), option },
        FaultKind::BadReference => {
            ConfigErrorKind::BadReference { section, found: found(), option }
        }
        FaultKind::Unknown(reference) => {
            ConfigErrorKind::UnknownReference { section, value: value(), option, reference }
        }
        FaultKind::TooDeep => {
            ConfigErrorKind::ReferencesTooDeep { section, value: value(), option }
        }
        FaultKind::TooMany => ConfigErrorKind::ReferencesTooMany { section, option },
    }
}

fn note(kind: &FaultKind) -> &'static str {
    match kind {
        FaultKind::Unknown(_) => "nothing has this name",
        FaultKind::LonePercent => "this `%` stands alone",
        FaultKind::BadReference => "this reference has no `)s`",
        FaultKind::TooDeep => "this is reached in more than ten steps",
        FaultKind::TooMany => "this is reached too often",
    }
}

fn help(file: &IniFile, section: &str, within: &str, fault: &Fault) -> String {
    match &fault.kind {
        FaultKind::Unknown(name) => unknown_help(file, section, name),
        FaultKind::LonePercent | FaultKind::BadReference if within == "here" => {
            "the folder of the ini file has a `%` in its name, which cannot be used with `%(here)s`: \
             write the path without it, with every `%` doubled"
                .to_owned()
        }
        FaultKind::LonePercent if is_percent_encoded(file, section, within, fault.offset) => {
            "write every `%` of the URL twice: `%40` becomes `%%40`".to_owned()
        }
        FaultKind::LonePercent => "write `%%` for a percent sign".to_owned(),
        FaultKind::BadReference => {
            "a reference is written `%(name)s`; write `%%` for a percent sign".to_owned()
        }
        FaultKind::TooDeep => "an option must not lead back to itself".to_owned(),
        FaultKind::TooMany => "write the value out instead of repeating references".to_owned(),
    }
}

fn unknown_help(file: &IniFile, section: &str, name: &str) -> String {
    if TEMPLATE_NAMES.contains(&name) {
        return format!("in a file name template every `%` is written twice: `%%({name})s`");
    }
    let elsewhere =
        file.sections().find(|other| *other != section && file.raw(other, name).is_some());
    if let Some(other) = elsewhere {
        return format!(
            "`{name}` stands in [{other}]; move it to [{section}] or [{DEFAULT_SECTION}]"
        );
    }
    if let Some(near) = nearest(name, file.options(section)) {
        return format!("did you mean `%({near})s`?");
    }
    format!("set `{name}` in [{section}], or write `%%` for a percent sign")
}

/// `%` and two hexadecimal digits, as in a URL.
fn is_percent_encoded(file: &IniFile, section: &str, option: &str, offset: usize) -> bool {
    let value = file.raw(section, option).unwrap_or_default();
    let digits = value.as_bytes().get(offset + 1..offset + 3);
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}
