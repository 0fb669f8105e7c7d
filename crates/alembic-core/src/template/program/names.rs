//! The names in a template's code.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::lexer::Node;

/// Every name that the code of a template mentions; attributes and what stands in strings are left out.
pub(super) fn used(nodes: &[Node]) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for node in nodes {
        match node {
            Node::Text { .. } | Node::End { .. } => {}
            Node::Expression { code, filters, .. } => {
                collect(code, &mut used);
                for filter in arguments(filters) {
                    if !matches!(
                        filter,
                        "n" | "x" | "h" | "u" | "trim" | "str" | "unicode" | "entity"
                    ) {
                        collect(filter, &mut used);
                    }
                }
            }
            Node::Control { code, .. } | Node::Block { code, .. } => collect(code, &mut used),
        }
    }
    used
}

/// Whether a template does nothing with a name but print it, as in `${create_date}`.
pub(super) fn is_only_printed(nodes: &[Node], name: &str) -> bool {
    nodes.iter().all(|node| {
        let is_print = matches!(
            node,
            Node::Expression { code, filters, .. } if code.trim() == name && filters.trim().is_empty()
        );
        is_print || !used(std::slice::from_ref(node)).contains(name)
    })
}

/// The parts of a list of filters: split at commas outside of brackets and strings.
pub(in crate::template) fn arguments(list: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_i64);
    let mut quote = None;
    for (at, c) in list.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(list[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Takes `for targets in items:` apart.
pub(super) fn split_for(code: &str) -> Option<(&str, &str)> {
    let rest = code.strip_prefix("for")?;
    let (targets, items) = rest.split_once(" in ")?;
    let items = match items.rsplit_once('#') {
        Some((before, _)) if before.trim_end().ends_with(':') => before,
        _ => items,
    };
    Some((targets.trim(), items.trim_end().strip_suffix(':')?))
}

/// The code with `is UNDEFINED` as `== UNDEFINED`: the runtime's stands for itself by its value alone.
pub(super) fn with_undefined_compared(code: &str) -> Cow<'_, str> {
    if !code.contains("UNDEFINED") {
        return Cow::Borrowed(code);
    }
    let mut out = String::with_capacity(code.len());
    let mut at = 0;
    while at < code.len() {
        let rest = &code[at..];
        let first = rest.chars().next().unwrap_or(' ');
        let length = match first {
            '\'' | '"' => string_length(rest),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            _ if first.is_alphanumeric() || first == '_' => word_length(rest),
            _ => first.len_utf8(),
        };
        let (operator, length) = identity_of_undefined(rest).unwrap_or((&rest[..length], length));
        out.push_str(operator);
        at += length;
    }
    Cow::Owned(out)
}

/// What compares by value as the `is` or `is not` before `UNDEFINED` that the text begins with, and how long that is.
fn identity_of_undefined(text: &str) -> Option<(&'static str, usize)> {
    let word = |text: &str, word: &str| {
        let rest = text.strip_prefix(word)?;
        Some(rest.trim_start().len()).filter(|_| word_length(rest) == 0)
    };
    let is = word(text, "is")?;
    let behind = &text[text.len() - is..];
    let (operator, left) = match word(behind, "not") {
        Some(left) => ("!= ", left),
        None => ("== ", is),
    };
    word(&text[text.len() - left..], "UNDEFINED").map(|_| (operator, text.len() - left))
}

fn collect(code: &str, used: &mut BTreeSet<String>) {
    let bytes = code.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &code[at..];
        let first = rest.chars().next().unwrap_or(' ');
        if first == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if matches!(first, '\'' | '"') {
            let end = string_length(rest);
            // An f-string holds code: what looks like a name in it may be one.
            if is_format_string(&code[..at]) {
                words(&rest[1..end.max(1)], used);
            }
            at += end;
        } else if first.is_alphabetic() || first == '_' {
            let length = word_length(rest);
            let word = &rest[..length];
            let is_attribute = code[..at].trim_end().ends_with('.');
            let is_prefix = rest[length..].starts_with(['\'', '"']) && length <= 2;
            if !is_attribute && !is_prefix {
                used.insert(word.to_owned());
            }
            at += length;
        } else if first.is_ascii_digit() {
            at += word_length(rest).max(1);
        } else {
            at += first.len_utf8();
        }
    }
}

fn words(text: &str, used: &mut BTreeSet<String>) {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let starts = |word: &&str| word.starts_with(|c: char| c.is_alphabetic() || c == '_');
    used.extend(text.split(|c| !word(c)).filter(starts).map(str::to_owned));
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len())
}

fn is_format_string(before: &str) -> bool {
    let length = before.chars().rev().take_while(char::is_ascii_alphabetic).count();
    before.ends_with(|c: char| c.is_ascii_alphabetic())
        && before[before.len() - length..].contains(['f', 'F'])
}

/// The length of the string literal that `text` begins with.
fn string_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes[0];
    let triple = bytes.starts_with(&[quote; 3]);
    let close = if triple { 3 } else { 1 };
    let mut at = close;
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at..].starts_with(&[quote; 3][..close]) {
            return at + close;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// Names that are never looked for in the context: Python's, Mako's, our own.
pub(super) fn is_known(name: &str) -> bool {
    name.starts_with("_rs_")
        || matches!(name, "context" | "loop" | "UNDEFINED" | "STOP_RENDERING" | "__doc__")
        || KEYWORDS.contains(&name)
        || python_static::is_builtin(name)
        || name.ends_with("Error")
        || name.ends_with("Exception")
}

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];
