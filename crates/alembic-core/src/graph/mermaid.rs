//! The history for Mermaid, as GitHub and GitLab render it in Markdown.
//!
//! A `flowchart`, arrows from a revision to those that follow it, the newest at
//! the top. Nodes are numbered, so that no identifier can be taken for a word
//! of Mermaid's; text is escaped with Mermaid's entity codes. Colours carry
//! their own text colour and so can be read on light and dark pages.

use std::fmt::{self, Write};

use super::history::{Entry, History, Order};
use super::marks::NodeState;
use super::words::{caption, first_line, visible};
use crate::graph_layout::LinkKind;

/// More edges are refused unless a page configures Mermaid otherwise, which
/// GitHub does not (`maxEdges`).
const MAX_EDGES: usize = 500;
/// More characters likewise (`maxTextSize`).
const MAX_TEXT: usize = 50_000;

/// Writes the history as one `flowchart`. A comment at its beginning says so when
/// it is larger than Mermaid renders by default.
///
/// # Errors
/// Only those of `out`.
pub fn render(history: &History<'_>, out: &mut impl Write) -> fmt::Result {
    let direction = match history.order {
        Order::NewestFirst => "BT",
        Order::OldestFirst => "TB",
    };
    let mut body = String::new();
    nodes(history, &mut body)?;
    edges(history, &mut body)?;
    classes(history, &mut body)?;
    writeln!(out, "flowchart {direction}")?;
    limits(history.edges.len(), &body, out)?;
    out.write_str(&body)
}

fn nodes(history: &History<'_>, out: &mut impl Write) -> fmt::Result {
    for (number, entry) in history.revisions.iter().enumerate() {
        node(number, entry, out)?;
    }
    let unknown = history.database.iter().flat_map(|database| &database.unknown);
    for (number, id) in unknown.enumerate() {
        let (id, words) = (Escaped(id), NodeState::Foreign.word());
        writeln!(out, "    u{number}[\"{id}<br/>{words}\"]:::foreign")?;
    }
    Ok(())
}

fn edges(history: &History<'_>, out: &mut impl Write) -> fmt::Result {
    for (number, edge) in history.edges.iter().enumerate() {
        let arrow = match edge.kind {
            LinkKind::Down => "-->",
            LinkKind::Depends => "-.->",
        };
        let from = edge.from_row;
        if let Some(to) = edge.to_row {
            writeln!(out, "    n{to} {arrow} n{from}")?;
        } else {
            let to = Escaped(edge.to);
            writeln!(out, "    x{number}([\"{to}\"]):::hidden {arrow} n{from}")?;
        }
    }
    Ok(())
}

fn node(number: usize, entry: &Entry<'_>, out: &mut impl Write) -> fmt::Result {
    write!(out, "    n{number}[\"{}", Escaped(entry.id))?;
    for line in [first_line(entry.message), &caption(entry)] {
        if !line.is_empty() {
            write!(out, "<br/>{}", Escaped(line))?;
        }
    }
    out.write_str("\"]")?;
    match class(entry.node_state()) {
        Some((class, _)) => writeln!(out, ":::{class}"),
        None => writeln!(out),
    }
}

/// The class of a state and its style.
fn class(state: NodeState) -> Option<(&'static str, &'static str)> {
    match state {
        NodeState::Current => Some(("current", "fill:#0969da,stroke:#0550ae,color:#ffffff")),
        NodeState::Applied => Some(("applied", "fill:#1a7f37,stroke:#116329,color:#ffffff")),
        NodeState::Pending => Some(("pending", "fill:#fff8c5,stroke:#bf8700,color:#3b2300")),
        NodeState::Foreign => {
            Some(("foreign", "fill:#ffebe9,stroke:#cf222e,color:#82071e,stroke-dasharray:4"))
        }
        NodeState::Broken => Some(("broken", "fill:#cf222e,stroke:#82071e,color:#ffffff")),
        NodeState::Plain => None,
    }
}

/// The styles of the states that occur.
fn classes(history: &History<'_>, out: &mut impl Write) -> fmt::Result {
    let unknown = history.database.as_ref().is_some_and(|database| !database.unknown.is_empty());
    let mut states: Vec<_> = history.revisions.iter().map(Entry::node_state).collect();
    states.extend(unknown.then_some(NodeState::Foreign));
    states.sort_unstable();
    states.dedup();
    for (name, style) in states.into_iter().filter_map(class) {
        writeln!(out, "    classDef {name} {style}")?;
    }
    if history.edges.iter().any(|edge| edge.to_row.is_none()) {
        writeln!(out, "    classDef hidden fill:none,stroke:#8c959f,stroke-dasharray:3")?;
    }
    Ok(())
}

fn limits(edges: usize, body: &str, out: &mut impl Write) -> fmt::Result {
    if edges > MAX_EDGES {
        writeln!(out, "%% {edges} edges: Mermaid draws {MAX_EDGES} unless maxEdges is raised")?;
    }
    let text = body.encode_utf16().count();
    if text > MAX_TEXT {
        writeln!(
            out,
            "%% {text} characters: Mermaid draws {MAX_TEXT} unless maxTextSize is raised"
        )?;
    }
    Ok(())
}

/// Text between Mermaid's quotes. Whatever Mermaid, Markdown or HTML could take
/// for syntax becomes a code such as `#35;`.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in visible(self.0).chars() {
            match character {
                ' ' | ',' | '.' | '-' | '/' | ':' | '(' | ')' | '+' | '=' | '@' | '!' | '?' => {
                    f.write_char(character)?;
                }
                c if c.is_ascii_alphanumeric() || !c.is_ascii() => f.write_char(c)?,
                // Two dollars in a row begin a formula even as codes: keep them apart.
                '$' => f.write_str("#36;#8203;")?,
                other => write!(f, "#{};", u32::from(other))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::{Project, SAMPLE};

    fn mermaid(history: &History<'_>) -> String {
        let mut out = String::new();
        render(history, &mut out).unwrap();
        out
    }

    #[test]
    fn the_sample() {
        let project = Project::new(SAMPLE);
        let mut history = project.history();
        history.set_database(&project.map, vec!["71cc03e95a10".into(), "gone".into()], None);
        insta::assert_snapshot!(mermaid(&history), @r#"
        flowchart BT
            n0["e4c1b9d7a250<br/>merge users, billing<br/>head · mergepoint · pending"]:::pending
            n1["88aa40d1f3b9<br/>link accounts<br/>pending"]:::pending
            n2["71cc03e95a10<br/>widen email<br/>current"]:::current
            n3["52de0c9a77b1<br/>create billing<br/>pending · #91;billing#93;"]:::pending
            n4["3f60aa1290cd<br/>add locale<br/>#91;users#93;"]:::applied
            n5["1b2c3d4e5f60<br/>init<br/>base · branchpoint"]:::applied
            u0["gone<br/>not in this project"]:::foreign
            n2 --> n0
            n1 --> n0
            n3 --> n1
            n4 -.-> n1
            n4 --> n2
            n5 --> n3
            n5 --> n4
            classDef current fill:#0969da,stroke:#0550ae,color:#ffffff
            classDef applied fill:#1a7f37,stroke:#116329,color:#ffffff
            classDef pending fill:#fff8c5,stroke:#bf8700,color:#3b2300
            classDef foreign fill:#ffebe9,stroke:#cf222e,color:#82071e,stroke-dasharray:4
        "#);
    }

    #[test]
    fn nothing_in_a_message_is_syntax() {
        let project = Project::new("end\n b < end : `**\"<b>\" & #quot; [x] | {y}\n c < b");
        insta::assert_snapshot!(mermaid(&project.history_in("b c").reversed()), @r#"
        flowchart TB
            n0["c<br/>head"]
            n1["b<br/>#96;#42;#42;#34;#60;b#62;#34; #38; #35;quot#59; #91;x#93; #124; #123;y#125;"]
            n1 --> n0
            x1(["end"]):::hidden --> n1
            classDef hidden fill:none,stroke:#8c959f,stroke-dasharray:3
        "#);
    }

    #[test]
    fn large_histories_say_so() {
        let letters: Vec<_> = (1..700).map(|n| format!("r{n} < r{}", n - 1)).collect();
        let project = Project::new(&format!("r0\n{}", letters.join("\n")));
        let drawn = mermaid(&project.history());
        let comments: Vec<_> = drawn.lines().filter(|line| line.starts_with("%%")).collect();
        insta::assert_snapshot!(comments.join("\n"), @"%% 699 edges: Mermaid draws 500 unless maxEdges is raised");
    }
}
