//! `${NAME}` and `${NAME:-default}` in values.

use super::MAX_SIZE;

/// Replaces the references of a value. What is no reference stays.
pub(super) fn interpolate(raw: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find("${") {
        let Some((reference, behind)) = reference(&rest[at + 2..]) else {
            out.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        };
        out.push_str(&rest[..at]);
        let (name, default) = reference;
        out.push_str(&lookup(name).unwrap_or_else(|| default.to_owned()));
        rest = behind;
        // References that refer to each other double with every line.
        if out.len() > MAX_SIZE {
            return String::new();
        }
    }
    out.push_str(rest);
    out
}

/// Name and default, and what follows: `([^}:]*)(?::-([^}]*))?}`.
fn reference(text: &str) -> Option<((&str, &str), &str)> {
    let end = text.find('}')?;
    let (inner, behind) = (&text[..end], &text[end + 1..]);
    let Some(colon) = inner.find(':') else {
        return Some(((inner, ""), behind));
    };
    let default = inner[colon..].strip_prefix(":-")?;
    Some(((&inner[..colon], default), behind))
}
