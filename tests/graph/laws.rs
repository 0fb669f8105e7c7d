//! What holds in every sound graph.

use std::collections::BTreeSet;

use alembic_core::revision::{Bound, Lineage, RevisionError, RevisionIndex, RevisionMap};
use alembic_testing::Revision;
use proptest::{prelude::*, sample::Index};

use crate::{
    generate::sound,
    link::{ids, map_of},
    naive::Naive,
};

const LINEAGES: [Lineage; 2] = [Lineage::Down, Lineage::WithDependencies];

/// A graph that holds at least one revision, and a choice of two of them.
fn sound_and_two() -> impl Strategy<Value = (Vec<Revision>, String, String)> {
    let graphs = sound().prop_filter("a revision", |revisions| !revisions.is_empty());
    (graphs, any::<Index>(), any::<Index>()).prop_map(|(revisions, a, b)| {
        let id = |index: Index| index.get(&revisions).id.clone();
        let (a, b) = (id(a), id(b));
        (revisions, a, b)
    })
}

fn set(map: &RevisionMap, indices: impl IntoIterator<Item = RevisionIndex>) -> BTreeSet<String> {
    ids(map, indices).into_iter().collect()
}

fn all(revisions: &[Revision]) -> BTreeSet<String> {
    revisions.iter().map(|revision| revision.id.clone()).collect()
}

/// Everything that `revision` hangs on, labels resolved.
fn hangs_on(map: &RevisionMap, revision: &Revision) -> Vec<String> {
    let names = revision.down.iter().chain(&revision.depends_on);
    names.map(|name| map.id(map.lookup(name).expect("a sound graph")).to_owned()).collect()
}

proptest! {
    #[test]
    fn every_identifier_and_label_finds_its_revision(revisions in sound()) {
        let map = map_of(&revisions);
        for revision in &revisions {
            for name in revision.labels.iter().chain([&revision.id]) {
                let found = map.get_revisions(name).map(|found| ids(&map, found));
                prop_assert_eq!(found, Ok(vec![revision.id.clone()]));
                let found = map.get_revision(name).map(|found| found.map(|it| map.id(it)));
                prop_assert_eq!(found, Ok(Some(revision.id.as_str())));
            }
        }
    }

    #[test]
    fn a_beginning_finds_what_alone_begins_so(revisions in sound(), length in 1..12_usize) {
        let map = map_of(&revisions);
        let names: Vec<(&str, &str)> = revisions
            .iter()
            .flat_map(|it| it.labels.iter().chain([&it.id]).map(|name| (name.as_str(), it.id.as_str())))
            .collect();
        for (name, _) in &names {
            let prefix: String = name.chars().take(length).collect();
            if names.iter().any(|(name, _)| *name == prefix) {
                continue;
            }
            let long = names.iter().filter(|(name, _)| name.chars().count() >= 4);
            let fitting: Vec<_> = long.filter(|(name, _)| name.starts_with(&prefix)).collect();
            match (fitting.as_slice(), map.get_revisions(&prefix)) {
                ([(_, id)], Ok(found)) => prop_assert_eq!(ids(&map, found), vec![(*id).to_owned()]),
                ([_], Err(error)) => prop_assert!(false, "`{}`: {}", prefix, error),
                (_, found) => prop_assert!(
                    matches!(&found, Err(RevisionError::Resolution { argument, .. }) if *argument == prefix),
                    "`{}`: {:?}", prefix, found
                ),
            }
        }
    }

    #[test]
    fn heads_have_no_children_and_bases_no_parents(revisions in sound()) {
        let map = map_of(&revisions);
        let parents: BTreeSet<String> = revisions.iter().flat_map(|it| it.down.clone()).collect();
        let hung_on: BTreeSet<String> = revisions.iter().flat_map(|it| hangs_on(&map, it)).collect();
        // In load order, which is that of `revisions`.
        let order = |keep: &dyn Fn(&Revision) -> bool| -> Vec<String> {
            revisions.iter().filter(|it| keep(it)).map(|it| it.id.clone()).collect()
        };
        prop_assert_eq!(ids(&map, map.heads().to_vec()), order(&|it| !parents.contains(&it.id)));
        prop_assert_eq!(ids(&map, map.real_heads().to_vec()), order(&|it| !hung_on.contains(&it.id)));
        prop_assert_eq!(ids(&map, map.bases().to_vec()), order(&|it| it.down.is_empty()));
        for index in map.live_indices() {
            prop_assert_eq!(map.is_head(index), map.children(index).next().is_none());
            prop_assert_eq!(map.is_head(index), map.heads().contains(&index));
        }
    }

    #[test]
    fn children_and_parents_are_one_relation(revisions in sound()) {
        let map = map_of(&revisions);
        for index in map.live_indices() {
            for parent in map.parents(index) {
                prop_assert!(map.children(parent).any(|child| child == index));
            }
            for child in map.children(index) {
                prop_assert!(map.parents(child).any(|parent| parent == index));
            }
        }
    }

    #[test]
    fn what_is_reached_is_what_the_naive_table_says(revisions in sound()) {
        let map = map_of(&revisions);
        for lineage in LINEAGES {
            let naive = Naive::new(&revisions, lineage);
            for index in map.live_indices() {
                let id = map.id(index);
                let below = map.ancestors([index], lineage).ones().map(RevisionIndex::new).collect::<Vec<_>>();
                prop_assert_eq!(set(&map, below), naive.ancestors(id), "below {}", id);
                let above = map.descendants([index], lineage).ones().map(RevisionIndex::new).collect::<Vec<_>>();
                prop_assert_eq!(set(&map, above), naive.descendants(id), "above {}", id);
            }
        }
    }

    #[test]
    fn ancestors_and_descendants_are_inverse((revisions, a, b) in sound_and_two()) {
        let map = map_of(&revisions);
        let (a, b) = (map.by_id(&a).unwrap(), map.by_id(&b).unwrap());
        for lineage in LINEAGES {
            let below = map.ancestors([b], lineage).contains(a.index());
            prop_assert_eq!(below, map.descendants([a], lineage).contains(b.index()));
        }
    }

    #[test]
    fn the_whole_history_has_each_revision_once_and_children_first(revisions in sound()) {
        let map = map_of(&revisions);
        let order = ids(&map, map.walk_all().unwrap());
        prop_assert_eq!(order.len(), revisions.len());
        prop_assert_eq!(order.iter().cloned().collect::<BTreeSet<_>>(), all(&revisions));
        let place = |id: &String| order.iter().position(|other| other == id).unwrap();
        for revision in &revisions {
            for older in hangs_on(&map, revision) {
                prop_assert!(place(&revision.id) < place(&older), "{} before {}", older, revision.id);
            }
        }
    }

    #[test]
    fn a_range_is_the_part_of_the_history_between_its_ends((revisions, a, b) in sound_and_two()) {
        let map = map_of(&revisions);
        let (down, deps) =
            (Naive::new(&revisions, Lineage::Down), Naive::new(&revisions, Lineage::WithDependencies));
        let range = map.history(Bound::Text(&a), Bound::Text(&b)).map(|order| ids(&map, order));
        let (needed, over) = (deps.ancestors(&b), down.descendants(&a));
        if !needed.contains(&a) {
            let refused = matches!(range, Err(RevisionError::RangeNotAncestor { .. }));
            prop_assert!(refused, "{:?}", range);
        } else if !over.contains(&b) {
            // The end is reached by a dependency alone: Alembic fails an assertion.
            prop_assert_eq!(range, Err(RevisionError::Disconnected));
        } else {
            let before = deps.ancestors(&a);
            let between = needed.iter().filter(|id| over.contains(*id) && !before.contains(*id));
            let expected: BTreeSet<String> = between.cloned().chain([a]).collect();
            if range == Err(RevisionError::Disconnected) {
                // A part is reached by the dependency of a revision that is not over the start: there, too, Alembic
                // fails its assertion. What lies on the end's own line is always reached.
                prop_assert!(!expected.is_subset(&down.ancestors(&b)), "{:?}", expected);
                return Ok(());
            }
            let range = range.unwrap();
            prop_assert_eq!(range.len(), expected.len());
            prop_assert_eq!(range.iter().cloned().collect::<BTreeSet<_>>(), expected);
            prop_assert_eq!(range.first(), Some(&b));
        }
    }

    #[test]
    fn a_range_from_the_base_is_all_that_its_end_needs((revisions, _, end) in sound_and_two()) {
        let map = map_of(&revisions);
        let range = map.history(Bound::Text("base"), Bound::Text(&end)).unwrap();
        let needed = Naive::new(&revisions, Lineage::WithDependencies).ancestors(&end);
        prop_assert_eq!(range.len(), needed.len());
        prop_assert_eq!(set(&map, range), needed);
    }

    #[test]
    fn the_order_is_the_same_every_time(revisions in sound()) {
        let map = map_of(&revisions);
        let everything = map.ancestors(map.real_heads().to_vec(), Lineage::WithDependencies);
        let sort = |map: &RevisionMap, heads: &[RevisionIndex]| map.topological_order(&everything, heads).unwrap();
        let order = sort(&map, map.real_heads());
        prop_assert_eq!(&order, &map.walk_all().unwrap());
        // Neither another map of the same revisions nor the order of the heads changes it.
        prop_assert_eq!(&order, &sort(&map_of(&revisions), map.real_heads()));
        let heads: Vec<_> = map.real_heads().iter().rev().copied().collect();
        prop_assert_eq!(&order, &sort(&map, &heads));
    }

    #[test]
    fn steps_down_stay_on_the_line((revisions, _, _) in sound_and_two(), steps in 1..6_usize) {
        let map = map_of(&revisions);
        let [head] = map.real_heads() else { return Ok(()) };
        let mut place = Some(*head);
        for _ in 0..steps {
            let Some(index) = place else { break };
            let parents: Vec<_> = map.parents(index).collect();
            if parents.len() > 1 {
                return Ok(());
            }
            place = parents.first().copied();
        }
        let found = map.get_revisions(&format!("-{steps}")).ok();
        prop_assert_eq!(found, place.map(|place| vec![place]));
    }

    #[test]
    fn a_label_holds_on_everything_above_it(revisions in sound()) {
        let map = map_of(&revisions);
        for (label, declared_at) in map.declared_labels() {
            for above in map.descendants([declared_at], Lineage::Down).ones() {
                prop_assert!(map.has_label(RevisionIndex::new(above), label));
            }
        }
    }

    #[test]
    fn a_branch_keeps_what_shares_its_line((revisions, branch, _) in sound_and_two()) {
        let map = map_of(&revisions);
        let everything: Vec<_> = map.live_indices().collect();
        for lineage in LINEAGES {
            let naive = Naive::new(&revisions, lineage);
            let kept = map.filter_for_lineage(&everything, &branch, lineage).unwrap();
            let line = &naive.ancestors(&branch) | &naive.descendants(&branch);
            prop_assert_eq!(set(&map, kept), line);
        }
    }
}
