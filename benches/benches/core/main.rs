//! How fast the library is, inside one process: see the README beside this folder.

mod drawing;
mod loading;
mod resolving;
mod support;
mod traversing;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    benches,
    loading::reading,
    loading::loading,
    loading::linking,
    resolving::resolving,
    traversing::traversing,
    drawing::drawing,
);
criterion_main!(benches);
