//! Where a script may be, and what is said about it.

use alembic_core::git::HolderKind;
use alembic_core::lost::{AdviceKind, Fate, LostScript, advice};

use crate::support::{Clone, script};

/// Every way out as `kind: command`.
fn ways(clone: &Clone, id: &str, rows: &[&str]) -> Vec<String> {
    let lost = clone.lost(&[id]);
    let ways = advice(&lost.revisions[0], &lost, rows, None);
    let shown = ways
        .iter()
        .map(|way| format!("{}: {}", way.kind.as_str(), way.command.as_deref().unwrap_or("-")));
    shown.collect()
}

fn holders(script: &LostScript) -> Vec<String> {
    let name = |h: &alembic_core::lost::Holding| {
        format!(
            "{} {}{}",
            h.holder.kind.as_str(),
            h.holder.name,
            if h.at_tip { " tip" } else { "" }
        )
    };
    script.holders.iter().map(name).collect()
}

fn missing(script: &LostScript) -> Vec<&str> {
    script.chain.missing.iter().map(|link| link.revision.as_str()).collect()
}

/// `main` has a; branch `topic` has b and c upon it.
fn two_branches() -> Clone {
    let clone = Clone::new();
    clone.script("a.py", "aaa", "");
    clone.commit("a");
    clone.git(["switch", "--quiet", "--create", "topic"]);
    clone.script("b.py", "bbb", "aaa");
    clone.commit("b");
    clone.script("c.py", "ccc", "bbb");
    clone.commit("c: the last one");
    clone.git(["switch", "--quiet", "main"]);
    clone
}

#[test]
fn on_another_branch() {
    let clone = two_branches();
    let found = clone.best("ccc");
    assert_eq!(found.path.to_str(), Some("migrations/versions/c.py"));
    assert_eq!(found.message, "make ccc");
    assert_eq!(found.commit.author, "Ada Author");
    assert_eq!(found.commit.subject, "c: the last one");
    assert_eq!(found.commit.commit.date, "2026-03-04");
    assert_eq!(found.commit.commit.id, clone.git(["rev-parse", "topic"]));
    assert_eq!(holders(&found), ["branch topic tip"]);
    assert_eq!(found.fate, Fate::Elsewhere);
    assert_eq!(missing(&found), ["ccc", "bbb"]);
    assert_eq!(found.chain.ancestors, ["aaa"]);
    assert_eq!(
        ways(&clone, "ccc", &["ccc"]),
        [
            "switch: git switch topic",
            "merge: git merge topic",
            "recover: alembic-rs doctor --recover ccc",
            "stamp: alembic-rs stamp --purge aaa",
        ]
    );
}

#[test]
fn a_text_that_only_mentions_it_proves_nothing() {
    let clone = two_branches();
    clone.write("migrations/versions/note.py", "\"\"\"zzz\"\"\"\nrevision = 'yyy'  # not zzz\ndown_revision = 'aaa'\nx = \"revision = 'zzz'\"\n");
    clone.commit("mention");
    assert!(clone.lost(&["zzz"]).revisions[0].scripts.is_empty());
}

#[test]
fn deleted_on_main() {
    let clone = two_branches();
    clone.git(["merge", "--quiet", "topic"]);
    clone.git(["branch", "--quiet", "--delete", "topic"]);
    clone.git(["rm", "--quiet", "migrations/versions/c.py"]);
    let deletion = clone.commit("drop c");
    let found = clone.best("ccc");
    assert!(
        matches!(&found.fate, Fate::Deleted(Some(by)) if by.commit.id == deletion && by.subject == "drop c")
    );
    assert_eq!(holders(&found), ["branch main"]);
    assert_eq!(missing(&found), ["ccc"]);
    let ways = ways(&clone, "ccc", &["ccc"]);
    let commit = &found.commit.commit.id[..12];
    assert_eq!(
        ways[0],
        format!("take-scripts: git restore --source={commit} -- migrations/versions/c.py")
    );
    assert_eq!(ways.last().map(String::as_str), Some("stamp: alembic-rs stamp --purge bbb"));
}

#[test]
fn removed_from_the_work_tree_alone() {
    let clone = two_branches();
    clone.git(["switch", "--quiet", "topic"]);
    fs_err::remove_file(clone.top.join("migrations/versions/c.py")).expect("a file");
    assert_eq!(clone.best("ccc").fate, Fate::RemovedHere);
    assert_eq!(
        ways(&clone, "ccc", &["ccc"])[0],
        "restore: git restore --source=HEAD -- migrations/versions/c.py"
    );
}

#[test]
fn moved_out_of_the_version_folder() {
    let clone = two_branches();
    clone.git(["switch", "--quiet", "topic"]);
    clone.write("attic/keep", "");
    clone.git(["mv", "migrations/versions/c.py", "attic/c.py"]);
    clone.commit("away");
    let lost = clone.lost(&["ccc"]);
    let paths: Vec<_> =
        lost.revisions[0].scripts.iter().map(|s| (s.path.to_str(), s.fate.clone())).collect();
    assert!(matches!(paths[0], (Some("migrations/versions/c.py"), Fate::Deleted(_))), "{paths:?}");
}

#[test]
fn the_same_file_declares_another_identifier() {
    let clone = two_branches();
    clone.git(["merge", "--quiet", "topic"]);
    clone.script("c.py", "ddd", "bbb");
    clone.commit("a new name");
    let found = clone.best("ccc");
    assert_eq!(
        found.fate,
        Fate::Renamed {
            revision: "ddd".to_owned(),
            path: "migrations/versions/c.py".into(),
            same_body: true,
            is_known: true,
        }
    );
    // `topic` still has the old one: but the database only has to learn the name.
    assert_eq!(
        ways(&clone, "ccc", &["ccc", "xyz"])[0],
        "stamp-renamed: alembic-rs stamp --purge ddd xyz"
    );
}

#[test]
fn renamed_file_with_another_identifier() {
    let clone = two_branches();
    clone.git(["merge", "--quiet", "topic"]);
    clone.git(["branch", "--quiet", "--delete", "topic"]);
    clone.git(["rm", "--quiet", "migrations/versions/c.py"]);
    clone
        .write("migrations/versions/ddd.py", &script("ddd", "bbb").replace("make ddd", "make ccc"));
    clone.commit("a new file");
    assert!(matches!(
        clone.best("ccc").fate,
        Fate::Renamed { revision, path, same_body: true, is_known: true }
            if revision == "ddd" && path.ends_with("ddd.py")
    ));
}

#[test]
fn a_deleted_script_and_a_new_one_are_no_rename() {
    let clone = two_branches();
    clone.git(["merge", "--quiet", "topic"]);
    clone.git(["branch", "--quiet", "--delete", "topic"]);
    clone.git(["rm", "--quiet", "migrations/versions/c.py"]);
    clone.write("migrations/versions/ddd.py", &script("ddd", "bbb").replace("pass", "op.do()"));
    clone.commit("another file");
    assert!(matches!(clone.best("ccc").fate, Fate::Deleted(Some(_))));
}

#[test]
fn rebased_away() {
    let clone = two_branches();
    let old = clone.git(["rev-parse", "topic"]);
    clone.git(["switch", "--quiet", "topic"]);
    clone.git(["reset", "--quiet", "--hard", "main"]);
    clone.git(["switch", "--quiet", "main"]);
    let found = clone.best("ccc");
    assert!(found.is_reflog_only());
    assert_eq!(found.commit.commit.id, old);
    assert_eq!(missing(&found), ["ccc", "bbb"]);
    assert_eq!(
        ways(&clone, "ccc", &["ccc"])[0],
        format!(
            "take-scripts: git restore --source={} -- migrations/versions/c.py migrations/versions/b.py",
            &old[..12]
        )
    );
}

#[test]
fn in_a_stash() {
    let clone = two_branches();
    clone.script("s.py", "sss", "aaa");
    clone.git(["stash", "push", "--quiet", "--include-untracked"]);
    clone.script("t.py", "ttt", "aaa");
    clone.git(["add", "--all"]);
    clone.git(["stash", "push", "--quiet"]);
    assert_eq!(holders(&clone.best("sss")), ["stash stash@{1} tip"]);
    assert_eq!(holders(&clone.best("ttt")), ["stash stash@{0} tip"]);
    let lost = clone.lost(&["ttt"]);
    let ways = advice(&lost.revisions[0], &lost, &["ttt"], None);
    assert_eq!(ways[0].kind, AdviceKind::TakeScripts);
    assert!(ways[0].words.contains("`stash@{0}`"), "{}", ways[0].words);
}

#[test]
fn at_a_tag_and_on_a_remote_branch() {
    let clone = two_branches();
    clone.git(["tag", "v1", "topic"]);
    clone.git(["branch", "--quiet", "-D", "topic"]);
    assert_eq!(holders(&clone.best("ccc")), ["tag v1 tip"]);
    assert_eq!(ways(&clone, "ccc", &["ccc"])[0], "switch: git switch --detach v1");
    clone.git(["update-ref", "refs/remotes/origin/topic", "v1"]);
    assert_eq!(holders(&clone.best("ccc")), ["remote branch origin/topic tip", "tag v1 tip"]);
    assert_eq!(ways(&clone, "ccc", &["ccc"])[0], "switch: git switch --track origin/topic");
    assert!(clone.best("ccc").at_tip(HolderKind::RemoteBranch).is_some());
}

#[test]
fn the_last_version_of_a_branch_comes_first() {
    let clone = two_branches();
    clone.git(["switch", "--quiet", "topic"]);
    clone.write("migrations/versions/c.py", &script("ccc", "bbb").replace("pass", "mended()"));
    let mended = clone.commit("mend c");
    clone.git(["switch", "--quiet", "main"]);
    let lost = clone.lost(&["ccc"]);
    let versions = &lost.revisions[0].scripts;
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[0].commit.commit.id, mended);
    assert_eq!(holders(&versions[1]), ["branch topic"]);
}

#[test]
fn a_parent_that_was_never_in_one_commit_with_it() {
    let clone = two_branches();
    clone.git(["switch", "--quiet", "topic"]);
    clone.git(["rm", "--quiet", "migrations/versions/b.py"]);
    clone.script("e.py", "eee", "bbb");
    clone.git(["rm", "--quiet", "migrations/versions/c.py"]);
    clone.commit("e without b");
    clone.git(["switch", "--quiet", "main"]);
    let found = clone.best("eee");
    assert_eq!(missing(&found), ["eee", "bbb"]);
    assert!(found.chain.gaps.is_empty());
    assert_ne!(found.chain.missing[0].commit, found.chain.missing[1].commit);
}

#[test]
fn a_gap_is_named() {
    let clone = two_branches();
    clone.git(["switch", "--quiet", "--create", "other"]);
    clone.script("g.py", "ggg", "never");
    clone.commit("g");
    clone.git(["switch", "--quiet", "main"]);
    let found = clone.best("ggg");
    assert_eq!(
        (missing(&found), found.chain.gaps.as_slice()),
        (vec!["ggg"], &["never".to_owned()][..])
    );
}

#[test]
fn nowhere() {
    let clone = two_branches();
    assert_eq!(
        ways(&clone, "nowhere", &["nowhere", "aaa"]),
        ["ask: -", "stamp: alembic-rs stamp --purge REVISION aaa"]
    );
    clone.git(["remote", "add", "origin", "https://example.org/x.git"]);
    assert_eq!(ways(&clone, "nowhere", &["nowhere"])[0], "fetch: git fetch --all --tags");
}

#[test]
fn several_at_once_and_merged_lines() {
    let clone = two_branches();
    clone.git(["switch", "--quiet", "topic"]);
    clone.script("d.py", "ddd", "aaa");
    clone.write(
        "migrations/versions/m.py",
        "\"\"\"m\"\"\"\nrevision = 'mmm'\ndown_revision = ('ccc', 'ddd')\ndepends_on = 'aaa'\n",
    );
    clone.commit("merge point");
    clone.git(["switch", "--quiet", "main"]);
    let lost = clone.lost(&["mmm", "zzz", "bbb"]);
    let counts: Vec<_> = lost.revisions.iter().map(|r| (r.id.as_str(), r.scripts.len())).collect();
    assert_eq!(counts, [("mmm", 1), ("zzz", 0), ("bbb", 1)]);
    let chain = &lost.revisions[0].scripts[0].chain;
    let ids: Vec<_> = chain.missing.iter().map(|link| link.revision.as_str()).collect();
    assert_eq!(ids[0], "mmm");
    let at = |id| ids.iter().position(|known| *known == id);
    assert!(at("ccc") < at("bbb") && at("ddd").is_some(), "{ids:?}");
    assert_eq!(
        (chain.ancestors.as_slice(), chain.dependencies.as_slice()),
        (&["aaa".to_owned()][..], &["aaa".to_owned()][..])
    );
}

#[test]
fn an_old_script_named_by_its_identifier() {
    let clone = two_branches();
    clone.git(["switch", "--quiet", "topic"]);
    clone.write("migrations/versions/1a2b.py", "down_revision = 'ccc'\n");
    clone.commit("old");
    clone.git(["switch", "--quiet", "main"]);
    assert_eq!(missing(&clone.best("1a2b")), ["1a2b", "ccc", "bbb"]);
}

#[test]
fn in_a_folder_of_another_name() {
    let clone = two_branches();
    clone.git(["switch", "--quiet", "topic"]);
    clone.git(["mv", "migrations", "db"]);
    clone.git(["mv", "db/versions", "db/scripts"]);
    clone.write("db/scripts/f.py", &script("fff", "ccc"));
    clone.commit("moved");
    clone.git(["switch", "--quiet", "main"]);
    assert_eq!(missing(&clone.best("fff")), ["fff", "ccc", "bbb"]);
}
