//! One migration script of a generated project, in the layout of Alembic's stock template.

use std::fmt::Write as _;

use crate::{Node, body, random::Random};

/// A migration script, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// `<id>_<slug>.py`, Alembic's default template.
    pub file_name: String,
    /// The Python source, about 1.8 KB of it, as scripts of real projects have.
    pub text: String,
}

/// The script of `node`; its body depends on the node's place alone.
pub fn script(node: &Node) -> Script {
    // The constant keeps bodies unrelated to ids, which come from the same stream.
    let mut random = Random::new(node.index as u64 ^ 0x5eed_0000_0000);
    let (message, operations) = body::operations(&mut random);
    let slug = message.replace(' ', "_");
    let mut text = String::with_capacity(2048);
    push_header(&mut text, node, &message);
    push_identifiers(&mut text, node);
    text.push_str(&operations);
    Script { file_name: format!("{}_{slug}.py", node.id), text }
}

fn push_header(text: &mut String, node: &Node, message: &str) {
    let id = &node.id;
    let revises = node.down.join(", ");
    let date = create_date(node.index as u64);
    let _ = write!(
        text,
        "\"\"\"{message}\n\nRevision ID: {id}\nRevises: {revises}\nCreate Date: {date}\n\n\"\"\"\n"
    );
}

/// The four variables. Every third script is annotated, as newer templates write it.
fn push_identifiers(text: &mut String, node: &Node) {
    let annotated = node.index.is_multiple_of(3);
    let (one, many) =
        if annotated { (": str", ": Union[str, Sequence[str], None]") } else { ("", "") };
    if annotated {
        text.push_str("from typing import Sequence, Union\n\n");
    }
    let id = &node.id;
    let down = down_revision(&node.down);
    let _ = write!(
        text,
        "from alembic import op\nimport sqlalchemy as sa\n\n\n\
         # revision identifiers, used by Alembic.\n\
         revision{one} = '{id}'\n\
         down_revision{many} = {down}\n\
         branch_labels{many} = None\n\
         depends_on{many} = None\n\n\n"
    );
}

/// The parents as Python's `repr` writes them.
fn down_revision(down: &[String]) -> String {
    match down {
        [] => "None".to_owned(),
        [one] => format!("'{one}'"),
        many => {
            let quoted: Vec<String> = many.iter().map(|id| format!("'{id}'")).collect();
            format!("({})", quoted.join(", "))
        }
    }
}

/// The date of the revision at `index`: one every 397 minutes from 2014 on, on a calendar of 28-day months, which
/// spares a calendar and is a date of every year.
fn create_date(index: u64) -> String {
    let minutes = index * 397;
    let days = minutes / (24 * 60);
    let (year, month, day) = (2014 + days / 336, 1 + days / 28 % 12, 1 + days % 28);
    let (hour, minute) = (minutes / 60 % 24, minutes % 60);
    let second = index % 60;
    let micro = index * 7919 % 1_000_000;
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{micro:06}")
}

#[cfg(test)]
mod tests {
    use super::{create_date, script};
    use crate::Shape;

    #[test]
    fn the_size_is_that_of_real_scripts() {
        let nodes = Shape::Linear.nodes(2_000);
        let sizes: Vec<usize> = nodes.iter().map(|node| script(node).text.len()).collect();
        let mean = sizes.iter().sum::<usize>() / sizes.len();
        assert!((1_700..1_900).contains(&mean), "mean size {mean}");
        assert!(sizes.iter().all(|size| (700..5_000).contains(size)));
    }

    #[test]
    fn the_four_variables_say_what_the_node_says() {
        let nodes = Shape::Merges.nodes(5);
        let text = script(&nodes[4]).text;
        assert!(text.contains(&format!("\nrevision = '{}'\n", nodes[4].id)));
        assert!(
            text.contains(&format!("\ndown_revision = ('{}', '{}')\n", nodes[1].id, nodes[3].id))
        );
        assert!(text.contains(&format!("\nRevises: {}, {}\n", nodes[1].id, nodes[3].id)));
        assert!(
            script(&nodes[0])
                .text
                .contains("\ndown_revision: Union[str, Sequence[str], None] = None\n")
        );
    }

    #[test]
    fn the_same_node_gives_the_same_bytes() {
        let nodes = Shape::Linear.nodes(50);
        assert_eq!(script(&nodes[49]), script(&Shape::Lanes(1).nodes(50)[49]));
    }

    #[test]
    fn dates_exist_and_grow() {
        assert_eq!(create_date(0), "2014-01-01 00:00:00.000000");
        assert_eq!(create_date(9_999), "2022-03-13 16:03:39.182081");
        assert!(create_date(7) < create_date(8));
    }
}
