//! All kinds of repositories.

use std::ffi::OsStr;
use std::path::Path;

use alembic_core::git::GitError;
use alembic_core::lost::{AdviceKind, Fate, advice};
use fs_err as fs;

use crate::support::{Clone, git_in, lost_in, script};

fn with_topic(clone: Clone) -> Clone {
    clone.script("a.py", "aaa", "");
    clone.commit("a");
    clone.git(["switch", "--quiet", "--create", "topic"]);
    clone.script("b.py", "bbb", "aaa");
    clone.commit("b");
    clone.git(["switch", "--quiet", "main"]);
    clone
}

#[test]
fn no_git_at_all() {
    let clone = Clone::without_git(OsStr::new("project"));
    clone.script("a.py", "aaa", "");
    let lost = clone.lost(&["bbb"]);
    assert!(matches!(lost.horizon.failures.as_slice(), [GitError::NoRepository { .. }]));
    assert!(lost.horizon.repositories.is_empty());
    let kinds: Vec<_> =
        advice(&lost.revisions[0], &lost, &["bbb"], None).iter().map(|way| way.kind).collect();
    assert_eq!(kinds, [AdviceKind::Ask, AdviceKind::Stamp]);
}

#[test]
fn no_commit_yet() {
    let clone = Clone::without_git(OsStr::new("project"));
    clone.git(["init", "--quiet"]);
    clone.script("a.py", "aaa", "");
    let lost = clone.lost(&["bbb"]);
    assert!(lost.horizon.failures.is_empty(), "{:?}", lost.horizon);
    assert!(lost.revisions[0].scripts.is_empty());
}

#[test]
fn shallow_clone() {
    let clone = with_topic(Clone::new());
    clone.git(["merge", "--quiet", "topic"]);
    clone.git(["rm", "--quiet", "migrations/versions/b.py"]);
    clone.commit("drop b");
    let url = format!("file://{}", clone.top.display());
    let shallow = clone.beside("shallow");
    git_in(
        clone.beside("").as_path(),
        &["clone", "--quiet", "--depth=1", "--branch=main", &url, "shallow"],
    );
    let lost = lost_in(&shallow, &["bbb"]);
    assert!(lost.horizon.is_shallow && lost.revisions[0].scripts.is_empty());
    let ways = advice(&lost.revisions[0], &lost, &["bbb"], None);
    assert_eq!(ways[0].command.as_deref(), Some("git fetch --unshallow --all --tags"));
    // With the branch's tip in it the script is found, whatever lies below.
    let deep = clone.beside("deep");
    git_in(
        clone.beside("").as_path(),
        &["clone", "--quiet", "--depth=1", "--no-single-branch", &url, "deep"],
    );
    let lost = lost_in(&deep, &["bbb"]);
    assert_eq!(lost.revisions[0].scripts[0].chain.ancestors, ["aaa"]);
}

#[test]
fn partial_clone() {
    let clone = with_topic(Clone::new());
    clone.git(["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", clone.top.display());
    git_in(
        clone.beside("").as_path(),
        &["clone", "--quiet", "--filter=blob:none", &url, "partial"],
    );
    let lost = lost_in(&clone.beside("partial"), &["bbb"]);
    assert!(lost.revisions[0].scripts.is_empty());
    assert!(
        lost.horizon.missing_objects > 0 && lost.horizon.failures.is_empty(),
        "{:?}",
        lost.horizon
    );
}

#[test]
fn work_tree_of_a_bare_repository() {
    let clone = with_topic(Clone::new());
    let bare = clone.beside("bare.git");
    git_in(&clone.top, &["clone", "--quiet", "--bare", ".", bare.to_str().expect("plain")]);
    git_in(&bare, &["worktree", "add", "--quiet", "../one", "main"]);
    git_in(&bare, &["worktree", "add", "--quiet", "../two", "topic"]);
    let one = clone.beside("one");
    let lost = lost_in(&one, &["bbb"]);
    let found = &lost.revisions[0].scripts[0];
    assert_eq!(found.fate, Fate::Elsewhere);
    assert_eq!(found.repository, one);
    let ways = advice(&lost.revisions[0], &lost, &["bbb"], None);
    let two = clone.beside("two");
    assert_eq!(ways[0].command, Some(format!("cd {}", two.display())));
}

#[test]
fn another_work_tree_with_a_detached_head() {
    let clone = with_topic(Clone::new());
    clone.git(["worktree", "add", "--quiet", "--detach", "../other", "topic"]);
    let other = clone.beside("other");
    fs::write(other.join("migrations/versions/d.py"), script("ddd", "bbb")).expect("a file");
    git_in(&other, &["add", "--all"]);
    git_in(&other, &["commit", "--quiet", "--message", "d"]);
    let found = clone.best("ddd");
    assert_eq!(found.chain.missing.len(), 2);
}

#[test]
fn submodule() {
    let inner = with_topic(Clone::new());
    let outer = Clone::without_git(OsStr::new("outer"));
    outer.git(["init", "--quiet", "--initial-branch=main"]);
    let url = inner.top.to_str().expect("plain");
    outer.git(["submodule", "--quiet", "add", "--branch", "main", url, "db"]);
    outer.write("alembic.ini", "[alembic]\nscript_location = %(here)s/db/migrations\n");
    outer.commit("with a submodule");
    let lost = lost_in(&outer.top, &["bbb"]);
    let found = &lost.revisions[0].scripts[0];
    assert_eq!(found.repository, outer.top.join("db"));
    assert_eq!(found.path, Path::new("migrations/versions/b.py"));
    assert_eq!(found.holders[0].holder.name, "origin/topic");
}

#[test]
fn blanks_in_paths() {
    let clone = with_topic(Clone::in_folder(OsStr::new("my project ü")));
    clone.git(["switch", "--quiet", "topic"]);
    clone.script("c with blanks.py", "ccc", "bbb");
    clone.commit("c");
    clone.git(["branch", "--quiet", "--move", "topic", "it's-a/topic"]);
    clone.git(["switch", "--quiet", "main"]);
    let lost = clone.lost(&["ccc"]);
    let found = &lost.revisions[0].scripts[0];
    assert_eq!(found.path.to_str(), Some("migrations/versions/c with blanks.py"));
    let ways = advice(&lost.revisions[0], &lost, &["ccc"], None);
    assert_eq!(ways[0].command.as_deref(), Some("git switch 'it'\\''s-a/topic'"));
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text() {
    use std::os::unix::ffi::OsStrExt as _;
    let clone = with_topic(Clone::in_folder(OsStr::from_bytes(b"caf\xe9")));
    clone.git(["switch", "--quiet", "topic"]);
    let name = OsStr::from_bytes(b"migrations/versions/c\xff\n.py");
    clone.write(name, &script("ccc", "bbb"));
    clone.commit("c");
    clone.git(["switch", "--quiet", "main"]);
    // `%(here)s` of such a folder is beyond ConfigParser.
    clone.write("alembic.ini", "[alembic]\nscript_location = migrations\n");
    let found = clone.best("ccc");
    assert_eq!(found.path.as_os_str(), name);
    assert_eq!(found.chain.ancestors, ["aaa"]);
}

#[test]
fn the_user_s_configuration_changes_nothing() {
    let clone = with_topic(Clone::new());
    for (key, value) in [
        ("log.showRoot", "false"),
        ("diff.renames", "copies"),
        ("core.quotePath", "true"),
        ("log.date", "relative"),
        ("format.pretty", "oneline"),
        ("log.diffMerges", "off"),
        ("diff.noprefix", "true"),
        ("color.ui", "always"),
    ] {
        clone.git(["config", key, value]);
    }
    assert_eq!(clone.best("bbb").commit.subject, "b");
}
