//! No graph and no text makes anything panic or run without end.

use alembic_core::revision::{
    Bound, Lineage, RevisionError,
    identifier::{HistoryRange, Identifier, Relative},
};
use alembic_testing::Revision;
use proptest::{collection::vec, prelude::*, sample::select};

use crate::{
    generate::{Question, any_graph, interview, sound},
    link::{link, map_of},
};

/// Text made of what has a meaning in identifiers.
fn meaningful() -> impl Strategy<Value = String> {
    let pieces = select(vec![
        "head",
        "heads",
        "base",
        "@",
        "+",
        "-",
        ":",
        "1",
        "9999999999999999999999",
        "-1",
        "_",
        " ",
        "\n",
        "r0",
        "aaa0",
        "label",
        "é",
        "\u{661}",
        "\0",
        "\u{feff}",
        "current",
    ]);
    vec(pieces, 0..8).prop_map(|pieces| pieces.concat())
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![2 => meaningful(), 1 => any::<String>()]
}

/// Revisions of letters and nothing but links: most make no graph.
fn tangles() -> impl Strategy<Value = Vec<Revision>> {
    let name = || select(vec!["a", "b", "c", "d", "e", "l", "m", "", "+-"]);
    let names = move |most: usize| vec(name(), 0..most);
    let revision = (name(), names(3), names(3), names(2)).prop_map(|(id, down, deps, labels)| {
        Revision::new(id).down(down).depends_on(deps).labels(labels)
    });
    vec(revision, 0..9)
}

proptest! {
    #[test]
    fn every_text_is_read(text in texts()) {
        let Identifier { branch, .. } = Identifier::parse(&text);
        prop_assert!(branch.is_none_or(|branch| text.starts_with(branch)));
        if let Some(relative) = Relative::parse(&text) {
            prop_assert!(text.contains(relative.text));
            prop_assert!(relative.magnitude().bytes().all(|digit| digit.is_ascii_digit()));
        }
        if let Ok(range) = HistoryRange::parse(&text) {
            prop_assert!(text.contains(':'));
            prop_assert!(range.start.is_none_or(|start| text.contains(start)));
        }
    }

    #[test]
    fn every_text_is_answered(revisions in sound(), text in texts(), other in texts()) {
        let map = map_of(&revisions);
        let everything: Vec<_> = map.live_indices().collect();
        let _ = map.find(&text);
        let _ = map.get_revisions(&text);
        let _ = map.get_revision(&text);
        let _ = map.filter_for_lineage(&everything, &text, Lineage::Down);
        let _ = map.history(Bound::Text(&text), Bound::Text(&other));
        let rows = [text, other];
        let _ = map.history(Bound::Rows(&rows), Bound::Text("heads"));
    }

    #[test]
    fn every_tangle_is_refused_or_walked(revisions in tangles()) {
        refuse_or_walk(&revisions)?;
    }

    #[test]
    fn every_graph_is_refused_or_walked(revisions in any_graph()) {
        refuse_or_walk(&revisions)?;
    }

    #[test]
    fn every_question_is_answered((revisions, questions) in interview(any_graph())) {
        let (Ok(map), _) = link(&revisions) else { return Ok(()) };
        for question in &questions {
            match question {
                Question::Find(text) => drop(map.find(&text.spell(&revisions))),
                Question::FindOne(text) => drop(map.get_revision(&text.spell(&revisions))),
                Question::Branch(text) => {
                    let _ = map.filter_for_lineage(map.heads(), &text.spell(&revisions), Lineage::Down);
                }
                Question::History(start, end) => {
                    let spell = |text: &Option<crate::generate::Text>, or: &str| {
                        text.as_ref().map_or(or.to_owned(), |text| text.spell(&revisions))
                    };
                    let (start, end) = (spell(start, "base"), spell(end, "heads"));
                    let _ = map.history(Bound::Text(&start), Bound::Text(&end));
                }
            }
        }
    }
}

/// What a refusal names is there, and what is no refusal can be walked or is refused as a ring.
fn refuse_or_walk(revisions: &[Revision]) -> Result<(), TestCaseError> {
    let declared = |id: &String| revisions.iter().any(|revision| revision.id == *id);
    match link(revisions).0 {
        Err(error) => {
            prop_assert!(!error.to_string().is_empty());
            if let RevisionError::Cycle { revisions: ring, .. } = &error {
                prop_assert!(!ring.is_empty());
                prop_assert!(ring.iter().all(declared), "{}", error);
            }
        }
        Ok(map) => match map.walk_all() {
            Ok(order) => prop_assert!(order.len() <= map.len()),
            Err(RevisionError::Cycle { revisions: ring, .. }) => {
                prop_assert!(!ring.is_empty());
                prop_assert!(ring.iter().all(declared));
            }
            Err(error) => prop_assert!(
                matches!(error, RevisionError::Overlap { .. } | RevisionError::Disconnected),
                "{:?}",
                error
            ),
        },
    }
    Ok(())
}
