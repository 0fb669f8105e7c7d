//! A history of 5,000 commits: the search stays quick and finds all kinds.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Clone, script};

const COMMITS: usize = 5_000;

/// Measured at 1.4 to 3 s in a debug build on a busy machine; this only catches what grows with
/// the square of the history.
const BOUND: Duration = Duration::from_mins(1);

/// Every commit changes two files of 200 others; every fifth adds a script; the last
/// ten scripts are taken away again; `topic` has 300 commits and 20 scripts of its own.
fn stream() -> String {
    let mut stream = String::new();
    let mut mark = 0;
    let mut commit = |stream: &mut String,
                      branch: &str,
                      from: Option<usize>,
                      changes: &[(String, Option<String>)]| {
        mark += 1;
        let time = 1_700_000_000 + mark * 60;
        writeln!(stream, "commit refs/heads/{branch}\nmark :{mark}").expect("text");
        writeln!(stream, "committer Ada <ada@example.org> {time} +0000\ndata 1\nx").expect("text");
        if let Some(from) = from {
            writeln!(stream, "from :{from}").expect("text");
        }
        for (path, text) in changes {
            match text {
                Some(text) => {
                    writeln!(stream, "M 100644 inline {path}\ndata {}\n{text}", text.len())
                        .expect("text");
                }
                None => writeln!(stream, "D {path}").expect("text"),
            }
        }
        mark
    };
    let source = |at: usize, turn: usize| {
        let text = format!("x = {turn}\n{}", "def f():\n    return 'padding'\n".repeat(100));
        (format!("app/m{}/f{}.py", at % 20, at % 200), Some(text))
    };
    let mut parent = String::new();
    let mut add = |line: &str, at: usize| {
        let id = format!("{line}{at:08x}");
        let file = (format!("migrations/versions/{id}.py"), Some(script(&id, &parent)));
        parent = id;
        file
    };
    let ini = "[alembic]\nscript_location = migrations\n".to_owned();
    let mut from = None;
    for turn in 0..COMMITS - 300 {
        let mut changes = vec![source(turn * 7, turn), source(turn * 11 + 1, turn)];
        if turn == 0 {
            changes.push(("alembic.ini".to_owned(), Some(ini.clone())));
        }
        if turn % 5 == 0 {
            changes.push(add("aaaa", turn));
        }
        from = Some(commit(&mut stream, "main", from, &changes));
    }
    let last = COMMITS - 305;
    let gone: Vec<_> = (0..10)
        .map(|back| (format!("migrations/versions/aaaa{:08x}.py", last - back * 5), None))
        .collect();
    let base = commit(&mut stream, "main", from, &gone);
    let mut from = Some(base);
    for turn in 0..300 {
        let mut changes = vec![source(turn * 3, turn + COMMITS)];
        if turn % 15 == 0 {
            changes.push(add("bbbb", turn));
        }
        from = Some(commit(&mut stream, "topic", from, &changes));
    }
    stream
}

#[test]
fn five_thousand_commits() {
    let clone = Clone::without_git("large".as_ref());
    clone.git(["init", "--quiet", "--initial-branch=main"]);
    let mut import = Command::new("git")
        .current_dir(&clone.top)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("git");
    import.stdin.take().expect("a pipe").write_all(stream().as_bytes()).expect("git reads");
    assert!(import.wait().expect("git").success());
    clone.git(["reset", "--quiet", "--hard", "main"]);
    let start = Instant::now();
    let deleted = format!("aaaa{:08x}", COMMITS - 305);
    let other = format!("bbbb{:08x}", 285);
    let lost = clone.lost(&[&deleted, &other]);
    let found = start.elapsed();
    let lengths: Vec<_> =
        lost.revisions.iter().map(|r| r.best().map(|s| s.chain.missing.len())).collect();
    assert_eq!(lengths, [Some(10), Some(30)]);
    let start = Instant::now();
    let nowhere = clone.lost(&["0123456789ab"]);
    let all = start.elapsed();
    assert!(nowhere.revisions[0].scripts.is_empty());
    eprintln!("found in {found:?}, everything looked through in {all:?}");
    assert!(found < BOUND && all < BOUND, "{found:?}, {all:?}");
}
