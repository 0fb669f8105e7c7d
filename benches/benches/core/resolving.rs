//! From what a person types to revisions, in a graph of many labelled lanes.

use std::hint::black_box;

use alembic_benches::Shape;
use criterion::Criterion;

use crate::support::{self, LANES, LARGE};

/// A lane in the middle.
const LANE: usize = LANES / 2;

/// Each form of an identifier once.
pub(crate) fn resolving(criterion: &mut Criterion) {
    let shape = Shape::Lanes(LANES);
    let map = support::map(shape, LARGE);
    let id = shape.nodes(LARGE).swap_remove(LARGE / 2).id;
    let label = support::label(LANE);
    let mut group = criterion.benchmark_group("resolving");
    for (form, identifier) in [
        ("full-id", id.clone()),
        ("prefix", id[..8].to_owned()),
        ("label-head", format!("{label}@head")),
        ("label-prefix", format!("{label}@{}", &id_on_lane(shape)[..8])),
        ("label-relative", format!("{label}@-3")),
        ("heads", "heads".to_owned()),
    ] {
        map.find(&identifier).expect("a good identifier");
        group.bench_function(form, |bencher| {
            bencher.iter(|| map.find(black_box(&identifier)));
        });
    }
    group.finish();
}

/// An id on [`LANE`].
fn id_on_lane(shape: Shape) -> String {
    shape.nodes(LARGE).swap_remove(LANE + LANES * 10).id
}
