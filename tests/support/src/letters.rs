//! Graphs written as letters.
//!
//! ```text
//! graph = chain { ("," | ";" | newline) chain }
//! chain = group { "<-" group }                  read "is followed by"
//! group = node { "+" node }                     several nodes side by side
//! node  = id [ "[" names "]" ] [ "{" names "}" ]     labels, then what it depends on
//! names = name { " " name }
//! ```
//!
//! `a <- b <- c, b <- d` has the base `a`, the branch point `b` and the heads `c` and `d`;
//! `a <- b + c <- d` has the merge point `d`; `x[lib], y{x}` are two bases, one labelled, one depending on the other.
//! A node may be named again to give it further parents, labels or dependencies: they add up in the order of mention.
//! The revisions come in the order in which they are named first, which is the order in which scripts are loaded.

use crate::Revision;

/// The revisions that `text` describes.
///
/// # Panics
///
/// When `text` does not follow the grammar of the module's description.
pub fn revisions(text: &str) -> Vec<Revision> {
    let mut revisions = Vec::new();
    for chain in text.split([',', ';', '\n']).map(str::trim).filter(|chain| !chain.is_empty()) {
        let mut parents: Vec<String> = Vec::new();
        for group in chain.split("<-") {
            parents =
                group.split('+').map(|node| add_node(&mut revisions, node, &parents)).collect();
        }
    }
    revisions
}

/// Adds what `text` says of one node below `parents`; returns its id.
fn add_node(revisions: &mut Vec<Revision>, text: &str, parents: &[String]) -> String {
    let (text, depends_on) = split_names(text, '{', '}');
    let (id, labels) = split_names(text, '[', ']');
    assert!(
        !id.is_empty() && !id.contains(char::is_whitespace),
        "`{id}` is no id in a graph of letters"
    );
    let place = revisions.iter().position(|revision| revision.id == id).unwrap_or_else(|| {
        revisions.push(Revision::new(id));
        revisions.len() - 1
    });
    let revision = &mut revisions[place];
    revision.down.extend_from_slice(parents);
    revision.depends_on.extend(depends_on);
    revision.labels.extend(labels);
    id.to_owned()
}

/// Cuts a list of names in the given brackets off the end of `text`.
fn split_names(text: &str, open: char, close: char) -> (&str, Vec<String>) {
    let text = text.trim();
    let Some((rest, names)) = text.split_once(open) else {
        return (text, Vec::new());
    };
    let names = names.strip_suffix(close).unwrap_or_else(|| {
        panic!("`{text}`: `{close}` is missing or stands before something else")
    });
    (rest.trim(), names.split_whitespace().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::revisions;

    /// One line a revision: `id <- parents [labels] {dependencies}`.
    fn lines(text: &str) -> Vec<String> {
        let line = |revision: &crate::Revision| {
            let (down, labels, deps) = (&revision.down, &revision.labels, &revision.depends_on);
            format!(
                "{} <- {} [{}] {{{}}}",
                revision.id,
                down.join(" "),
                labels.join(" "),
                deps.join(" ")
            )
        };
        revisions(text).iter().map(line).collect()
    }

    #[test]
    fn a_chain_with_a_branch() {
        assert_eq!(
            lines("a <- b <- c, b <- d"),
            ["a <-  [] {}", "b <- a [] {}", "c <- b [] {}", "d <- b [] {}"]
        );
    }

    #[test]
    fn groups_fork_and_merge() {
        assert_eq!(
            lines("a <- b + c <- d"),
            ["a <-  [] {}", "b <- a [] {}", "c <- a [] {}", "d <- b c [] {}"]
        );
    }

    #[test]
    fn naming_again_adds_parents_in_order() {
        assert_eq!(lines("c\nb <- d\nc <- d")[2], "d <- b c [] {}");
    }

    #[test]
    fn labels_and_dependencies() {
        assert_eq!(lines("x[lib two], y[z]{x lib}"), ["x <-  [lib two] {}", "y <-  [z] {x lib}"]);
    }

    #[test]
    fn cycles_and_self_loops_can_be_written() {
        assert_eq!(lines("a <- b <- a"), ["a <- b [] {}", "b <- a [] {}"]);
        assert_eq!(lines("a <- a"), ["a <- a [] {}"]);
    }

    #[test]
    #[should_panic(expected = "`]` is missing")]
    fn an_open_bracket_is_an_error() {
        revisions("a[x <- b");
    }

    #[test]
    #[should_panic(expected = "is no id")]
    fn an_empty_node_is_an_error() {
        revisions("a <- <- b");
    }
}
