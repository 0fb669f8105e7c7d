//! The order in which `history` lists, over all of a graph and over a range of it.

use std::hint::black_box;

use alembic_benches::Shape;
use alembic_core::revision::Bound;
use criterion::{Criterion, Throughput};

use crate::support::{self, LANES, LARGE, SHAPES};

/// `history` of each shape, and ranges of the widest one.
pub(crate) fn traversing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("traversing");
    group.sample_size(20).throughput(Throughput::Elements(LARGE as u64));
    for shape in SHAPES {
        let map = support::map(shape, LARGE);
        group.bench_function(shape.name(), |bencher| {
            bencher.iter(|| black_box(map.walk_all()).expect("a sound graph"));
        });
    }
    let map = support::map(Shape::Lanes(LANES), LARGE);
    let (base, head) = ("lane50@base", "lane50@head");
    for (name, start, end) in
        [("one-lane", base, head), ("last-of-one-lane", "lane50@head-5", head)]
    {
        let range = || map.history(Bound::Text(black_box(start)), Bound::Text(end));
        range().expect("a good range");
        group.throughput(Throughput::Elements((LARGE / LANES) as u64));
        group.bench_function(name, |bencher| bencher.iter(range));
    }
    group.finish();
}
