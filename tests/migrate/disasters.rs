//! What is left when something is killed or cut in the middle of a migration: the version table equals what the scripts
//! did, the lock is free, the next run succeeds, and no process is left behind.

use std::{
    fmt::Write as _,
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use alembic_testing::{Postgres, Revision};

use crate::shop::Shop;

/// How long after the child's end the lock may be held.
const SOON: Duration = Duration::from_secs(5);
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Two migrations; the second makes its table and then is at work for as long as the file `slow` is there. It waits on our
/// side: what a server is asked to do it does to its end, also for a client that is gone.
fn shop(url: &str) -> Shop {
    let table = |name: &str| format!("    op.execute('CREATE TABLE {name} (id int)')\n");
    let mut second = String::from("def upgrade():\n");
    second += &table("second");
    second += "    import os, time\n    for _ in range(3000):\n        if not os.path.exists('slow'):\n            break\n        \
               op.execute('SELECT 1')\n        open('reached', 'w')\n        time.sleep(0.02)\n";
    second += "\n\ndef downgrade():\n    pass\n";
    let mut first = String::from("def upgrade():\n");
    let _infallible = write!(first, "{}\n\ndef downgrade():\n    pass\n", table("first"));
    let revisions = [Revision::new("a").body(first), Revision::new("b").down(["a"]).body(second)];
    let shop = Shop::revisions(&revisions, url.replace("postgresql:", "postgresql+psycopg2:"));
    shop.project().write("slow", "");
    shop
}

/// A run under the lock in the middle of the second migration.
struct Running<'a> {
    shop: &'a Shop,
    program: Child,
    child: u32,
}

impl<'a> Running<'a> {
    fn start(shop: &'a Shop) -> Self {
        let program = shop.command_line("upgrade head --lock").spawn().unwrap();
        wait_until("the second migration", || shop.project().path("reached").exists());
        let child = *children_of(program.id())
            .iter()
            .find(|child| !command_of(**child).contains("alembic-rs-watchdog"))
            .unwrap();
        Self { shop, program, child }
    }

    /// The exit code, and what was said.
    fn end(self) -> (Option<i32>, String) {
        let child = self.child;
        let output = self.program.wait_with_output().unwrap();
        let ended = Instant::now();
        wait_until("the child's end", || !is_running(child));
        // Whoever waits for the lock gets it in time.
        self.shop.refused("upgrade a --lock --lock-timeout 5s", 0, &["nothing to do"]);
        assert!(ended.elapsed() < SOON, "the lock was held for {:?}", ended.elapsed());
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }
}

/// The table of the first migration is there, that of the second is not, and the version table says so; then the next run
/// succeeds.
fn half_way_and_on(postgres: &Postgres, database: &str, shop: &Shop) {
    let tables =
        "SELECT string_agg(tablename, ' ' ORDER BY 1) FROM pg_tables WHERE schemaname = 'public'";
    let rows = "SELECT string_agg(version_num, ' ') FROM alembic_version";
    assert_eq!(postgres.sql(database, tables), "alembic_version first");
    assert_eq!(postgres.sql(database, rows), "a");
    fs_err::remove_file(shop.project().path("slow")).unwrap();
    shop.ok("upgrade head --lock");
    assert_eq!(postgres.sql(database, tables), "alembic_version first second");
    assert_eq!(postgres.sql(database, rows), "b");
}

fn signal(process: u32, name: &str) {
    let status = Command::new("kill").args(["-s", name, &process.to_string()]).status();
    assert!(status.unwrap().success());
}

#[test]
fn the_program_is_killed() {
    let postgres = Postgres::shared();
    let database = postgres.database();
    let shop = shop(&database.url());
    let running = Running::start(&shop);
    signal(running.program.id(), "KILL");
    assert_eq!(running.end().0, None);
    half_way_and_on(postgres, database.name(), &shop);
}

#[test]
fn the_child_is_killed() {
    let postgres = Postgres::shared();
    let database = postgres.database();
    let shop = shop(&database.url());
    let running = Running::start(&shop);
    signal(running.child, "KILL");
    assert_eq!(running.end().0, Some(137));
    half_way_and_on(postgres, database.name(), &shop);
}

#[test]
fn the_program_is_asked_to_end() {
    let postgres = Postgres::shared();
    let database = postgres.database();
    let shop = shop(&database.url());
    let running = Running::start(&shop);
    signal(running.program.id(), "TERM");
    assert_eq!(running.end().0, Some(143));
    half_way_and_on(postgres, database.name(), &shop);
}

#[test]
fn the_childs_connection_is_cut() {
    let postgres = Postgres::shared();
    let database = postgres.database();
    let shop = shop(&database.url());
    let running = Running::start(&shop);
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'alembic-rs'";
    assert_eq!(database.sql(cut), "t");
    let (code, said) = running.end();
    assert_eq!(code, Some(1), "{said}");
    half_way_and_on(postgres, database.name(), &shop);
}

#[test]
fn the_session_with_the_lock_is_cut() {
    let postgres = Postgres::shared();
    let database = postgres.database();
    let shop = shop(&database.url());
    let running = Running::start(&shop);
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' \
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    assert_eq!(database.sql(cut), "1");
    signal(running.child, "KILL");
    let (code, said) = running.end();
    assert_eq!(code, Some(137));
    assert!(said.contains("the lock was lost while the migrations ran"), "{said}");
    half_way_and_on(postgres, database.name(), &shop);
}

#[test]
fn the_server_is_restarted() {
    // What is committed must outlive the crash.
    let mut postgres = Postgres::start_with(&["synchronous_commit=on"]);
    let database = postgres.database();
    let (url, name) = (database.url(), database.name().to_owned());
    drop_later(database);
    let shop = shop(&url);
    let running = Running::start(&shop);
    postgres.restart();
    let (code, said) = running.end();
    assert_eq!(code, Some(1), "{said}");
    half_way_and_on(&postgres, &name, &shop);
}

/// It goes with its server.
fn drop_later(database: alembic_testing::PostgresDatabase<'_>) {
    std::mem::forget(database);
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what} takes longer than {PATIENCE:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

fn is_running(process: u32) -> bool {
    let stat = fs_err::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['Z', 'X']))
}

fn command_of(process: u32) -> String {
    fs_err::read_to_string(format!("/proc/{process}/cmdline")).unwrap_or_default()
}

fn children_of(process: u32) -> Vec<u32> {
    let threads = fs_err::read_dir(format!("/proc/{process}/task")).unwrap();
    let lists = threads.filter_map(|thread| {
        // A thread may have ended since it was listed.
        fs_err::read_to_string(thread.ok()?.path().join("children")).ok()
    });
    let ids = lists.collect::<Vec<_>>().join(" ");
    ids.split_whitespace().map(|id| id.parse().unwrap()).collect()
}
