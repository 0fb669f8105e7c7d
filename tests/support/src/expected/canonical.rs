//! The order that `fixtures/README.md` gives to what Alembic keeps in sets.

/// `text` with labels, children and arrow lines sorted.
pub(super) fn form(text: &str, labels: &[String]) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| sort_line(line, labels)).collect();
    sort_arrows(lines).join("\n")
}

fn sort_line(line: &str, labels: &[String]) -> String {
    for prefix in ["Branches into: ", "Branch names: "] {
        if let Some(items) = line.strip_prefix(prefix) {
            return format!("{prefix}{}", sort_items(items));
        }
    }
    match sort_owners(line) {
        Some(sorted) => sorted,
        None => sort_groups(line, labels),
    }
}

/// Sorts the two revisions that claim one label: which of them came first is a set's word too.
fn sort_owners(line: &str) -> Option<String> {
    const IN: &str = "' in revision ";
    const BY: &str = " already used by revision ";
    let (head, second) = line.rsplit_once(BY)?;
    let (head, first) = head.rsplit_once(IN)?;
    let (first, second) = if first <= second { (first, second) } else { (second, first) };
    head.contains("Branch name '").then(|| format!("{head}{IN}{first}{BY}{second}"))
}

/// Sorts what stands in each innermost pair of parentheses, where it is labels and more than one.
fn sort_groups(line: &str, labels: &[String]) -> String {
    let mut sorted = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(close) = rest.find(')') {
        let (before, behind) = rest.split_at(close);
        let open = before.rfind('(').map_or(close, |open| open + 1);
        let (outside, items) = before.split_at(open);
        sorted.push_str(outside);
        let are_labels = items.contains(", ")
            && items.split(", ").all(|item| labels.iter().any(|label| label == item));
        sorted.push_str(&if are_labels { sort_items(items) } else { items.to_owned() });
        sorted.push(')');
        rest = &behind[1..];
    }
    sorted + rest
}

fn sort_items(items: &str) -> String {
    let mut items: Vec<&str> = items.split(", ").collect();
    items.sort_unstable();
    items.join(", ")
}

/// Sorts the pieces between arrow lines, up to the next empty line.
fn sort_arrows(lines: Vec<String>) -> Vec<String> {
    let mut sorted = Vec::with_capacity(lines.len());
    let mut pieces: Vec<String> = Vec::new();
    for line in lines {
        if line.starts_with(' ') && line.trim_start_matches(' ').starts_with("-> ") {
            pieces.push(line);
        } else if let (Some(piece), false) = (pieces.last_mut(), line.is_empty()) {
            piece.push('\n');
            piece.push_str(&line);
        } else {
            pieces.sort_unstable();
            sorted.append(&mut pieces);
            sorted.push(line);
        }
    }
    pieces.sort_unstable();
    sorted.append(&mut pieces);
    sorted
}

#[cfg(test)]
mod tests {
    use super::form;

    fn labels() -> Vec<String> {
        ["l", "m", "n"].map(str::to_owned).to_vec()
    }

    #[test]
    fn labels_in_parentheses_are_sorted_and_nothing_else() {
        assert_eq!(form("a (n, l) (head), x (b, a)", &labels()), "a (l, n) (head), x (b, a)");
        assert_eq!(form("a ((m, l), n)) (m, l", &labels()), "a ((l, m), n)) (m, l");
    }

    #[test]
    fn the_two_owners_of_a_label_are_sorted() {
        let refusal =
            |a, b| format!("FAILED: Branch name 'l' in revision {a} already used by revision {b}");
        assert_eq!(form(&refusal("d", "c"), &[]), refusal("c", "d"));
        assert_eq!(form(&refusal("c", "d"), &[]), refusal("c", "d"));
    }

    #[test]
    fn listed_names_are_sorted() {
        assert_eq!(
            form("Branches into: c, b\nMerges: c, b", &[]),
            "Branches into: b, c\nMerges: c, b"
        );
    }

    #[test]
    fn arrow_lines_are_sorted_with_what_follows_them() {
        let text = "b (branchpoint)\n  -> d\n    text of d\n  -> c (n, m)\n\nx\n  -> z\n  -> y";
        let wanted = "b (branchpoint)\n  -> c (m, n)\n  -> d\n    text of d\n\nx\n  -> y\n  -> z";
        assert_eq!(form(text, &labels()), wanted);
    }
}
