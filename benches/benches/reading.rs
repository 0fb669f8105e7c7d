//! The floor under every figure of loading: the bytes of all scripts, read one after the other and thrown away.
//!
//! What a loader needs beyond this time is its own work.

use std::{hint::black_box, path::Path};

use alembic_benches::{SCRIPT_FOLDER, Shape, write_project};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Reads every script below `root`; returns how many bytes that were.
fn read_all(root: &Path) -> usize {
    let folder = fs_err::read_dir(root.join(SCRIPT_FOLDER)).expect("the project was just written");
    folder
        .map(|entry| {
            fs_err::read(entry.expect("a plain folder").path()).expect("a plain file").len()
        })
        .sum()
}

fn reading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reading");
    group.sample_size(20);
    for count in [10, 1_000, 10_000] {
        let project = tempfile::tempdir().expect("a temporary folder");
        write_project(project.path(), Shape::Linear, count).expect("room for the project");
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| black_box(read_all(project.path())));
        });
    }
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
