use super::*;

const BOX: Size = Size { width: 100, height: 80 };

fn link(from: usize, to: usize) -> Link {
    Link { from: End { node: from, y: 50 }, to: End { node: to, y: 30 } }
}

/// Links that look arbitrary and are the same on each run.
fn arbitrary(nodes: usize, links: usize) -> Vec<Link> {
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    (0..links).map(|_| link(next(nodes), next(nodes))).collect()
}

fn check(nodes: usize, links: &[Link]) -> Layout {
    let sizes: Vec<Size> =
        (0..nodes).map(|n| Size { height: 60 + 20 * count(n % 9), ..BOX }).collect();
    let laid = layout(&sizes, links);
    let boxes: Vec<(Point, Size)> = laid.nodes.iter().copied().zip(sizes).collect();
    for (at, (a, a_size)) in boxes.iter().enumerate() {
        assert!(a.x >= 0 && a.y >= 0);
        assert!(a.x + a_size.width <= laid.size.x && a.y + a_size.height <= laid.size.y);
        for (b, b_size) in &boxes[..at] {
            let apart = a.x + a_size.width <= b.x
                || b.x + b_size.width <= a.x
                || a.y + a_size.height <= b.y
                || b.y + b_size.height <= a.y;
            assert!(apart, "boxes lie on each other");
        }
    }
    for (link, route) in links.iter().zip(&laid.routes) {
        ends_at(&boxes, link.from, route[0]);
        ends_at(&boxes, link.to, route[route.len() - 1]);
        for pair in route.windows(2) {
            assert!(pair[0].x == pair[1].x || pair[0].y == pair[1].y, "a slanting line");
            assert!(!boxes.iter().any(|each| goes_through(*each, pair)), "a line through a box");
        }
    }
    laid
}

fn ends_at(boxes: &[(Point, Size)], end: End, point: Point) {
    let (corner, size) = boxes[end.node];
    assert_eq!(point.y, corner.y + end.y);
    assert!(point.x == corner.x || point.x == corner.x + size.width);
}

fn goes_through((corner, size): (Point, Size), line: &[Point]) -> bool {
    let (left, right) = (line[0].x.min(line[1].x), line[0].x.max(line[1].x));
    let (top, bottom) = (line[0].y.min(line[1].y), line[0].y.max(line[1].y));
    left < corner.x + size.width
        && right > corner.x
        && top < corner.y + size.height
        && bottom > corner.y
}

#[test]
fn nothing_and_one() {
    assert_eq!(check(0, &[]).size, Point::default());
    assert_eq!(check(1, &[]).size, Point { x: 100, y: 60 });
}

#[test]
fn what_is_pointed_to_stands_left() {
    let laid = check(3, &[link(0, 1), link(1, 2)]);
    assert!(laid.nodes[2].x < laid.nodes[1].x && laid.nodes[1].x < laid.nodes[0].x);
}

#[test]
fn rings_and_boxes_that_point_to_themselves() {
    check(1, &[link(0, 0)]);
    check(2, &[link(0, 1), link(1, 0), link(0, 0)]);
    check(4, &[link(0, 1), link(1, 2), link(2, 3), link(3, 0), link(3, 3)]);
}

#[test]
fn trees_have_no_crossings() {
    let links: Vec<Link> = (1..31).map(|node| link(node, (node - 1) / 2)).collect();
    let sizes = vec![BOX; 31];
    let mut layered = Layered::new(&sizes, &links, &rank::ranks(&sizes, &links));
    order::order(&mut layered);
    assert_eq!(order::crossings(&layered), 0);
    check(31, &links);
}

#[test]
fn a_hub_does_not_make_one_endless_column() {
    let links: Vec<Link> = (1..200).map(|node| link(node, 0)).collect();
    let laid = check(200, &links);
    assert!(laid.size.y < 4 * laid.size.x, "{:?}", laid.size);
}

#[test]
fn nothing_lies_on_anything_whatever_points_where() {
    for (nodes, links) in [(5, 9), (20, 30), (60, 90), (120, 400)] {
        check(nodes, &arbitrary(nodes, links));
    }
}

#[test]
fn three_hundred_boxes_are_laid_out_in_time() {
    let links = arbitrary(300, 600);
    let sizes = vec![BOX; 300];
    let start = std::time::Instant::now();
    layout(&sizes, &links);
    assert!(start.elapsed().as_secs_f64() < 2.0, "{:?}", start.elapsed());
}
