//! The history for Graphviz: `dot -Tsvg`, `dot -Tpng`.
//!
//! Arrows point from a revision to those that follow it, as an upgrade runs;
//! the newest revision stands at the top. Dashed arrows are dependencies.
//! Revisions that are not shown appear as a name without a box.

use std::fmt::{self, Write};

use super::history::{Entry, History, Order};
use super::marks::NodeState;
use super::words::{caption, first_line, visible};
use crate::graph_layout::LinkKind;

/// Writes the history as one `digraph`.
///
/// # Errors
/// Only those of `out`.
pub fn render(history: &History<'_>, out: &mut impl Write) -> fmt::Result {
    let direction = match history.order {
        Order::NewestFirst => "BT",
        Order::OldestFirst => "TB",
    };
    writeln!(out, "digraph history {{")?;
    writeln!(out, "    rankdir={direction};")?;
    writeln!(out, "    node [shape=box, style=rounded, fontname=\"monospace\", fontsize=11];")?;
    writeln!(out, "    edge [arrowsize=0.6, color=\"#6e7781\"];")?;
    for entry in &history.revisions {
        node(entry, out)?;
    }
    foreign(history, out)?;
    for edge in &history.edges {
        let style = match edge.kind {
            LinkKind::Down => "",
            LinkKind::Depends => " [style=dashed]",
        };
        if edge.to_row.is_none() {
            writeln!(out, "    {} [shape=plaintext];", Quoted(edge.to))?;
        }
        writeln!(out, "    {} -> {}{style};", Quoted(edge.to), Quoted(edge.from))?;
    }
    writeln!(out, "}}")
}

fn node(entry: &Entry<'_>, out: &mut impl Write) -> fmt::Result {
    write!(out, "    {} [label=\"{}", Quoted(entry.id), Escaped(entry.id))?;
    for line in [first_line(entry.message), &caption(entry)] {
        if !line.is_empty() {
            write!(out, "\\n{}", Escaped(line))?;
        }
    }
    out.write_char('"')?;
    match entry.node_state() {
        NodeState::Plain => {}
        state => write!(out, ", color=\"{}\"", colour(state))?,
    }
    if entry.node_state() == NodeState::Current {
        out.write_str(", penwidth=2")?;
    }
    writeln!(out, "];")
}

fn foreign(history: &History<'_>, out: &mut impl Write) -> fmt::Result {
    let unknown = history.database.iter().flat_map(|database| &database.unknown);
    for id in unknown {
        let (id, colour) = (id.as_ref(), colour(NodeState::Foreign));
        let words = NodeState::Foreign.word();
        writeln!(
            out,
            "    {} [label=\"{}\\n{words}\", style=\"rounded,dashed\", color=\"{colour}\"];",
            Quoted(id),
            Escaped(id),
        )?;
    }
    Ok(())
}

fn colour(state: NodeState) -> &'static str {
    match state {
        NodeState::Current => "#0969da",
        NodeState::Applied => "#1a7f37",
        NodeState::Pending => "#9a6700",
        NodeState::Plain => "#6e7781",
        NodeState::Foreign | NodeState::Broken => "#cf222e",
    }
}

/// An identifier in DOT's quotes.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", Escaped(self.0))
    }
}

/// Text inside DOT's quotes: nothing in it is an escape of DOT's own.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in visible(self.0).chars() {
            if matches!(character, '"' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(character)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::{Project, SAMPLE};

    fn dot(history: &History<'_>) -> String {
        let mut out = String::new();
        render(history, &mut out).unwrap();
        out
    }

    #[test]
    fn the_sample() {
        let project = Project::new(SAMPLE);
        let mut history = project.history();
        history.set_database(&project.map, vec!["71cc03e95a10".into(), "gone".into()], None);
        insta::assert_snapshot!(dot(&history), @r##"
        digraph history {
            rankdir=BT;
            node [shape=box, style=rounded, fontname="monospace", fontsize=11];
            edge [arrowsize=0.6, color="#6e7781"];
            "e4c1b9d7a250" [label="e4c1b9d7a250\nmerge users, billing\nhead · mergepoint · pending", color="#9a6700"];
            "88aa40d1f3b9" [label="88aa40d1f3b9\nlink accounts\npending", color="#9a6700"];
            "71cc03e95a10" [label="71cc03e95a10\nwiden email\ncurrent", color="#0969da", penwidth=2];
            "52de0c9a77b1" [label="52de0c9a77b1\ncreate billing\npending · [billing]", color="#9a6700"];
            "3f60aa1290cd" [label="3f60aa1290cd\nadd locale\n[users]", color="#1a7f37"];
            "1b2c3d4e5f60" [label="1b2c3d4e5f60\ninit\nbase · branchpoint", color="#1a7f37"];
            "gone" [label="gone\nnot in this project", style="rounded,dashed", color="#cf222e"];
            "71cc03e95a10" -> "e4c1b9d7a250";
            "88aa40d1f3b9" -> "e4c1b9d7a250";
            "52de0c9a77b1" -> "88aa40d1f3b9";
            "3f60aa1290cd" -> "88aa40d1f3b9" [style=dashed];
            "3f60aa1290cd" -> "71cc03e95a10";
            "1b2c3d4e5f60" -> "52de0c9a77b1";
            "1b2c3d4e5f60" -> "3f60aa1290cd";
        }
        "##);
    }

    #[test]
    fn quotes_and_parents_outside_the_range() {
        let project = Project::new("a\n b\"\\ < a : say \"hi\" \\N <b>\n c < b\"\\");
        insta::assert_snapshot!(dot(&project.history_in("b\"\\ c").reversed()), @r##"
        digraph history {
            rankdir=TB;
            node [shape=box, style=rounded, fontname="monospace", fontsize=11];
            edge [arrowsize=0.6, color="#6e7781"];
            "c" [label="c\nhead"];
            "b\"\\" [label="b\"\\\nsay \"hi\" \\N <b>"];
            "b\"\\" -> "c";
            "a" [shape=plaintext];
            "a" -> "b\"\\";
        }
        "##);
    }
}
