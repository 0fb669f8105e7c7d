//! From a folder of scripts to the graph, beside the floor under it.

use std::{hint::black_box, path::Path};

use alembic_benches::{SCRIPT_FOLDER, Shape};
use alembic_core::revision::RevisionMap;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};

use crate::support::{self, LARGE, SHAPES};

const SIZES: [usize; 3] = [10, 1_000, 10_000];

/// The floor: the bytes of all scripts, read one after the other and thrown away.
pub(crate) fn reading(criterion: &mut Criterion) {
    of_each_size(criterion, "reading", |root| {
        black_box(read_all(root));
    });
}

/// Configuration, scripts, graph: all that `heads` does before it prints.
pub(crate) fn loading(criterion: &mut Criterion) {
    of_each_size(criterion, "loading", |root| {
        black_box(support::load(root));
    });
}

/// The graph alone, from revisions that were read.
pub(crate) fn linking(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("linking");
    group.sample_size(20).throughput(Throughput::Elements(LARGE as u64));
    for shape in SHAPES {
        let revisions = support::revisions(shape, LARGE);
        group.bench_function(shape.name(), |bencher| {
            let link = |revisions| RevisionMap::new(revisions, &mut Vec::new());
            bencher.iter_batched(|| revisions.clone(), link, BatchSize::LargeInput);
        });
    }
    group.finish();
}

fn of_each_size(criterion: &mut Criterion, name: &str, work: impl Fn(&Path)) {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(20);
    for count in SIZES {
        let project = support::project(Shape::Linear, count);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| work(project.path()));
        });
    }
    group.finish();
}

/// Reads every script below `root`; returns how many bytes that were.
fn read_all(root: &Path) -> usize {
    let folder = fs_err::read_dir(root.join(SCRIPT_FOLDER)).expect("the project was just written");
    folder
        .map(|entry| {
            fs_err::read(entry.expect("a plain folder").path()).expect("a plain file").len()
        })
        .sum()
}
