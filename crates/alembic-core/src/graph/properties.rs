//! What holds of every drawing of every graph.

use proptest::prelude::*;
use renderdag::Ancestor;
use renderdag::pipeline::{BoxDrawing, GraphTextRenderer};

use super::history::Edge;
use super::testing::Project;
use super::{History, drawing_order, svg, text};
use crate::graph_layout::{LinkKind, Point};

/// For each revision the distances down to its parents and dependencies.
type Shape = Vec<(Vec<usize>, Vec<usize>)>;

fn shapes() -> impl Strategy<Value = Shape> {
    let parents = prop::collection::vec(1..12_usize, 0..4);
    let dependencies =
        prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(1..20_usize, 1..3)];
    prop::collection::vec((parents, dependencies), 1..40)
}

fn letters(shape: &Shape) -> String {
    let names = |own: usize, distances: &[usize]| {
        let targets = distances.iter().filter_map(|distance| own.checked_sub(*distance));
        targets.map(|target| format!("r{target}")).collect::<Vec<_>>().join(",")
    };
    let line = |(own, (parents, dependencies)): (usize, &(Vec<usize>, Vec<usize>))| {
        format!("r{own} < {} ~ {}", names(own, parents), names(own, dependencies))
    };
    shape.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// The part of the history that `keep` lets through.
fn some_of<'a>(project: &'a Project, keep: &[bool]) -> History<'a> {
    let order = drawing_order(&project.map, &project.map.walk_all().unwrap());
    let kept = order.iter().zip(keep.iter().cycle()).filter(|(_, keep)| **keep);
    project.history_of(&kept.map(|(index, _)| *index).collect::<Vec<_>>())
}

fn rows(edge: &Edge<'_>) -> Option<(u32, u32)> {
    edge.to_row.map(|to| (edge.from_row.min(to), edge.from_row.max(to)))
}

/// The lane in which a line passes a row.
fn lane_at(path: &[Point], row: u32) -> Option<u32> {
    path.iter().take_while(|point| point.row <= row).last().map(|point| point.lane)
}

proptest! {
    #[test]
    fn the_order_is_topological(shape in shapes()) {
        let project = Project::new(&letters(&shape));
        let history = project.history();
        prop_assert_eq!(history.revisions.len(), shape.len());
        for edge in &history.edges {
            prop_assert!(edge.to_row.is_some_and(|to| to > edge.from_row));
        }
    }

    #[test]
    fn each_row_of_the_text_has_one_node(
        shape in shapes(), keep in prop::collection::vec(any::<bool>(), 1..9), reverse: bool,
    ) {
        let project = Project::new(&letters(&shape));
        let mut history = some_of(&project, &keep);
        if reverse {
            history = history.reversed();
        }
        let drawn = text::to_string(&history, &text::Options::default());
        prop_assert_eq!(drawn.matches('○').count(), history.revisions.len());
        prop_assert!(drawn.lines().all(|line| line.matches('○').count() < 2));
        history.lay_out();
        let widest = history.edges.iter().flat_map(|edge| &edge.path).map(|point| point.lane);
        let own = history.revisions.iter().filter_map(|entry| entry.lane);
        let lanes = widest.chain(own).max().map_or(0, |lane| lane as usize + 1);
        let words = |line: &str| line.find('r').map(|at| line[..at].chars().count());
        let prefix = drawn.lines().filter(|line| line.contains('○')).filter_map(words).max();
        prop_assert!(prefix.unwrap_or(0) <= 2 * (lanes + 3) + 1);
    }

    #[test]
    fn paths_join_their_revisions_and_pass_all_others(
        shape in shapes(), keep in prop::collection::vec(any::<bool>(), 1..9), reverse: bool,
    ) {
        let project = Project::new(&letters(&shape));
        let mut history = some_of(&project, &keep);
        if reverse {
            history = history.reversed();
        }
        history.lay_out();
        let lane = |row: u32| history.revisions[row as usize].lane.unwrap();
        for edge in &history.edges {
            let Some((upper, lower)) = rows(edge) else { continue };
            let path = &edge.path;
            prop_assert_eq!(path[0], Point { row: upper, lane: lane(upper) });
            prop_assert_eq!(path[path.len() - 1], Point { row: lower, lane: lane(lower) });
            prop_assert!(path.is_sorted_by(|a, b| a.row < b.row));
            for row in upper + 1..lower {
                prop_assert_ne!(lane_at(path, row), Some(lane(row)));
            }
        }
    }

    #[test]
    fn the_svg_shows_each_edge_once(shape in shapes(), keep in prop::collection::vec(any::<bool>(), 1..9)) {
        let project = Project::new(&letters(&shape));
        let history = some_of(&project, &keep);
        let mut drawn = String::new();
        svg::render(&history, &mut drawn).unwrap();
        for edge in &history.edges {
            let names = format!("data-from=\"{}\" data-to=\"{}\"/>", edge.from, edge.to);
            let has_line = edge.to_row.is_some() || edge.kind == LinkKind::Down;
            prop_assert_eq!(drawn.matches(&names).count(), usize::from(has_line));
        }
        prop_assert_eq!(drawn.matches("<circle").count(), history.revisions.len() + legend(&drawn));
    }

    #[test]
    fn lines_are_those_of_renderdag(shape in shapes()) {
        let shape: Shape = shape.into_iter().map(|(parents, _)| (parents, Vec::new())).collect();
        let project = Project::new(&letters(&shape));
        let history = project.history();
        let drawn = text::to_string(&history, &text::Options::default());
        let mut theirs = String::new();
        let mut renderer =
            GraphTextRenderer::<u32>::new::<BoxDrawing>().configure(|options| options.min_row_height = 1);
        for (row, entry) in (0..).zip(&history.revisions) {
            let edges = history.edges.iter().filter(|edge| edge.from_row == row);
            let parents = edges.filter_map(|edge| edge.to_row.map(Ancestor::Parent)).collect();
            renderer.write_next_text(&mut theirs, row, parents, "○", entry.id);
        }
        let first_words = |line: &str| match line.find('r') {
            Some(at) => line[..line[at..].find(' ').map_or(line.len(), |end| at + end)].to_owned(),
            None => line.to_owned(),
        };
        let ours: Vec<String> = drawn.lines().map(first_words).collect();
        prop_assert_eq!(ours, theirs.lines().map(str::to_owned).collect::<Vec<_>>());
    }

    #[test]
    fn lines_fit_every_width(shape in shapes(), width in 0..60_usize) {
        let project = Project::new(&letters(&shape));
        for style in [text::Style::Unicode, text::Style::Ascii] {
            let options = text::Options { style, width: Some(width), verbose: true, fold: None };
            let drawn = text::to_string(&project.history(), &options);
            prop_assert!(drawn.lines().all(|line| line.chars().count() <= width));
        }
    }
}

/// How many circles belong to the legend.
fn legend(svg: &str) -> usize {
    svg.split_once("aria-label=\"Legend\"")
        .map_or(0, |(_, legend)| legend.matches("<circle").count())
}
