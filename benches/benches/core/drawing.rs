//! From the graph to what people look at: the document, the text graph, SVG, JSON.

use std::hint::black_box;

use alembic_core::{
    graph::{Facts, History, drawing_order, svg, text},
    script::ScriptDirectory,
};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};

use crate::support::{self, LARGE, SHAPES};

/// Each drawing of each shape.
pub(crate) fn drawing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("drawing");
    group.sample_size(10).throughput(Throughput::Elements(LARGE as u64));
    for shape in SHAPES {
        let project = support::project(shape, LARGE);
        let scripts = support::load(project.path());
        let id = |what| BenchmarkId::new(what, shape.name());
        group.bench_function(id("document"), |bencher| {
            bencher.iter(|| black_box(document(&scripts)));
        });
        let history = document(&scripts);
        let options = text::Options { style: text::Style::Unicode, ..text::Options::default() };
        group.bench_function(id("text"), |bencher| {
            bencher.iter(|| black_box(text::to_string(&history, &options)));
        });
        group.bench_function(id("svg"), |bencher| {
            bencher.iter(|| {
                let mut drawn = String::new();
                svg::render(&history, &mut drawn).expect("a string takes everything");
                black_box(drawn)
            });
        });
        group.bench_function(id("json"), |bencher| {
            let json = |mut history: History<'_>| {
                history.lay_out();
                serde_json::to_string_pretty(&history).expect("keys are text")
            };
            bencher.iter_batched(|| history.clone(), json, BatchSize::LargeInput);
        });
    }
    group.finish();
}

/// The whole history, as `history --graph` draws it.
fn document(scripts: &ScriptDirectory) -> History<'_> {
    let map = scripts.map();
    let order = drawing_order(map, &map.walk_all().expect("a sound graph"));
    History::new(map, &order, |index| {
        let script = scripts.script(index);
        Facts {
            path: script.path().to_string_lossy(),
            line: Some(script.line()),
            docstring: script.docstring().as_str(),
            broken: false,
        }
    })
}
