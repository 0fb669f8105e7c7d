//! What is said of a template that cannot be worked out: the runtime's own names are nobody's business.

use std::borrow::Cow;

/// How `python_static` begins a sentence about an exception.
const RAISES: &str = "the script raises ";

/// What the runtime leads to where it does not go on, and what that is called.
const LIMITS: [(&str, &str); 9] = [
    ("_rs_nothing_to_print", "an empty expression has nothing to print"),
    ("_rs_the_filter_is_not_followed", "this filter is not followed"),
    ("_rs_not_assigned_yet", "a name is used here before the template assigns it"),
    ("_rs_the_zone_is_not_followed", "the time zone of a date is not followed"),
    ("_rs_the_epoch_is_not_followed", "the timestamp of a changed date is not followed"),
    ("_rs_the_change_is_not_followed", "this `replace()` of a date is not followed"),
    ("_rs_the_form_is_not_followed", "this format of a date is not followed"),
    ("_rs_the_timespec_is_not_followed", "this `timespec` is not followed"),
    ("_rs_the_filter_entity_is_not_followed", "the filter `entity` is not followed"),
];

/// What stands behind the classes of the runtime.
const CLASSES: [(&str, &str); 4] = [
    ("_rs_NoLoop", "`loop` outside of a loop"),
    ("_rs_Moment", "a date"),
    ("_rs_Config", "`config`"),
    ("_rs_Loop", "`loop`"),
];

/// The reason in words that a template's author knows.
pub(super) fn in_plain_words(reason: &str) -> String {
    for (name, sentence) in LIMITS {
        if reason.contains(name) {
            return sentence.to_owned();
        }
    }
    if let Some(sentence) = CLASSES.iter().find_map(|class| of_class(reason, *class)) {
        return sentence;
    }
    let reason = match reason.strip_prefix(RAISES) {
        Some(rest) => Cow::Owned(format!("rendering raises {rest}")),
        None => Cow::Borrowed(reason),
    };
    // Filters and `comma` by their names in the template.
    reason.replace("_rs_filter_", "").replace("_rs_", "")
}

/// A class of the runtime has less than what it stands for: nothing is known of the rest.
fn of_class(reason: &str, (class, what): (&str, &str)) -> Option<String> {
    let missing = reason.split_once(&format!("`{class}` has no attribute `"));
    if let Some((attribute, _)) = missing.and_then(|(_, rest)| rest.split_once('`')) {
        return Some(format!("`.{attribute}` of {what} is not followed"));
    }
    let (_, rest) = reason.split_once(&format!("`{class}."))?;
    let (attribute, _) = rest.split_once('`')?;
    let method = attribute.trim_end_matches("()");
    Some(format!("`.{method}` of {what} is not followed"))
}
