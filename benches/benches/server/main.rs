//! The page's server under load: how soon it answers, what it holds, what a status costs.
//!
//! It drives the real program (`target/release/alembic-rs`, or what `ALEMBIC_RS_PROGRAM` names) over the network, and
//! prints figures beside their goals; the exit code is 1 when one is missed. Requests go out at fixed times, and latency
//! counts from then: a server that stalls does not hide it.
#![expect(clippy::print_stdout, reason = "a program whose whole output is figures")]
#![expect(clippy::unwrap_used, reason = "whatever goes wrong ends the measurement")]

mod http;
mod program;

use std::time::{Duration, Instant};

use alembic_benches::{Shape, write_project};

use crate::http::Connection;
use crate::program::{Served, TOKEN};

/// Scripts of the project: a large one.
const SCRIPTS: usize = 1_000;
/// Starts that are timed.
const STARTS: usize = 20;
/// The load: requests a second, for so long, over so many connections.
const RATE: u32 = 1_000;
const LOAD: Duration = Duration::from_secs(30);
const CONNECTIONS: u32 = 8;

fn main() {
    // `cargo bench` passes `--bench`, `cargo test` nothing: then it would only take time.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_project(root, Shape::Merges, SCRIPTS).unwrap();
    let up = format!("sqlite:///{}", root.join("bench.db").display());
    fs_err::write(root.join("bench.db"), "").unwrap();
    let down = "postgresql://nobody@127.0.0.1:1/nowhere";
    let mut missed = false;
    let mut goal = |what: &str, value: f64, unit: &str, most: f64| {
        missed |= value > most;
        let verdict = if value > most { "MISSED" } else { "ok" };
        println!("{what:<58} {value:>9.1} {unit:<4} goal {most:>6.1}  {verdict}");
    };

    for (name, url) in [("up", up.as_str()), ("down", down)] {
        let mut times: Vec<Duration> = (0..STARTS).map(|_| Served::start(root, url).1).collect();
        times.sort();
        let median = milliseconds(times[STARTS / 2]);
        let slowest = milliseconds(times[STARTS - 1]);
        goal(&format!("start to first 200, database {name}, median"), median, "ms", 150.0);
        goal(
            &format!("start to first 200, database {name}, slowest of {STARTS}"),
            slowest,
            "ms",
            150.0,
        );
    }

    let (served, _) = Served::start(root, &up);
    let first = Instant::now();
    let status = served.connect().get("/api/status", TOKEN);
    assert_eq!(status.status, 200, "{}", status.body);
    println!(
        "{:<58} {:>9.1} ms",
        format!("first status of {SCRIPTS} scripts"),
        milliseconds(first.elapsed())
    );
    std::thread::sleep(Duration::from_secs(1));
    let idle = served.memory();
    goal("memory, idle, after the first status", idle, "MB", 20.0);

    let load = load(&served);
    goal("status at 1,000 requests/s: failures", f64::from(load.failures), "", 0.0);
    goal("status at 1,000 requests/s: median", milliseconds(load.at(0.5)), "ms", 50.0);
    goal("status at 1,000 requests/s: p99", milliseconds(load.at(0.99)), "ms", 50.0);
    goal("status at 1,000 requests/s: slowest", milliseconds(load.at(1.0)), "ms", 1_000.0);
    let early = load.memory[0];
    let late = load.memory[load.memory.len() - 1];
    println!("{:<58} {early:>9.1} MB", "memory after 5 s of load");
    goal("memory at the end of the load", late, "MB", early + 2.0);
    if missed {
        std::process::exit(1);
    }
}

/// What a load did.
struct Load {
    latencies: Vec<Duration>,
    failures: u32,
    memory: Vec<f64>,
}

impl Load {
    /// The latency at a share of the requests, the fastest first.
    fn at(&self, share: f64) -> Duration {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "there are thousands, not 2^52"
        )]
        let index = ((self.latencies.len() - 1) as f64 * share) as usize;
        self.latencies[index]
    }
}

fn load(served: &Served) -> Load {
    let begun = Instant::now();
    let pause = Duration::from_secs(1) * CONNECTIONS / RATE;
    let mut load = Load { latencies: Vec::new(), failures: 0, memory: Vec::new() };
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..CONNECTIONS)
            .map(|number| {
                let offset = pause * number / CONNECTIONS;
                scope.spawn(move || send(served.connect(), TOKEN, begun + offset, pause))
            })
            .collect();
        while begun.elapsed() < LOAD {
            std::thread::sleep(Duration::from_secs(5));
            load.memory.push(served.memory());
        }
        for sender in senders {
            let (latencies, failures) = sender.join().unwrap();
            load.latencies.extend(latencies);
            load.failures += failures;
        }
    });
    load.latencies.sort();
    println!("{:<58} {:>9}", "requests under load", load.latencies.len());
    load
}

/// Sends a request at each point in time, and waits for its answer before the next.
fn send(
    mut connection: Connection,
    token: &str,
    begun: Instant,
    pause: Duration,
) -> (Vec<Duration>, u32) {
    let (mut latencies, mut failures) = (Vec::new(), 0);
    let mut due = begun;
    while due < begun + LOAD {
        if let Some(early) = due.checked_duration_since(Instant::now()) {
            std::thread::sleep(early);
        }
        let answer = connection.get("/api/status", token);
        latencies.push(due.elapsed());
        failures += u32::from(answer.status != 200);
        due += pause;
    }
    (latencies, failures)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
