//! How to get back in step, as commands with words, the safest first.

use super::types::{Fate, Holding, Horizon, Lost, LostRevision, LostScript};
use crate::git::{Holder, HolderKind};
use crate::revision::{Lineage, RevisionIndex};
use crate::script::ScriptDirectory;
use crate::shell;

/// What an advice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AdviceKind {
    /// Take the file back that the work tree lost.
    Restore,
    /// Make the file that is there one that is read.
    Load,
    /// The script has another identifier today: tell the database.
    StampRenamed,
    /// Check out what has the script.
    Switch,
    /// Bring the script's branch into this one.
    Merge,
    /// Take the scripts alone out of a commit.
    TakeScripts,
    /// Go back through the scripts without touching the work tree.
    Recover,
    /// Get what this clone has not.
    Fetch,
    /// Ask who has it.
    Ask,
    /// Write another revision into the database and change nothing else.
    Stamp,
}

impl AdviceKind {
    /// A name for machines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Restore => "restore",
            Self::Load => "load",
            Self::StampRenamed => "stamp-renamed",
            Self::Switch => "switch",
            Self::Merge => "merge",
            Self::TakeScripts => "take-scripts",
            Self::Recover => "recover",
            Self::Fetch => "fetch",
            Self::Ask => "ask",
            Self::Stamp => "stamp",
        }
    }
}

/// A way back into step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What it is about.
    pub kind: AdviceKind,
    /// What it does, and when it is right.
    pub words: String,
    /// The command to paste, where there is one.
    pub command: Option<String>,
}

impl Advice {
    fn new(kind: AdviceKind, words: impl Into<String>, command: impl Into<Option<String>>) -> Self {
        Self { kind, words: words.into(), command: command.into() }
    }
}

/// The ways back for one lost revision, the safest first. `rows` is what the version
/// table holds; `directory` the project's scripts, where they are sound.
pub fn advice(
    revision: &LostRevision,
    lost: &Lost,
    rows: &[&str],
    directory: Option<&ScriptDirectory>,
) -> Vec<Advice> {
    let stamp = StampTarget { lost, rows, directory };
    match revision.best() {
        Some(script) => found(revision, script, &stamp),
        None => nowhere(revision, &lost.horizon, &stamp),
    }
}

fn found(revision: &LostRevision, script: &LostScript, stamp: &StampTarget<'_>) -> Vec<Advice> {
    let mut ways = Vec::new();
    let path = shell::path(&script.path);
    match &script.fate {
        Fate::RemovedHere => ways.push(Advice::new(
            AdviceKind::Restore,
            "HEAD has the script and the work tree lacks it: take it back",
            format!("git restore --source=HEAD -- {path}"),
        )),
        Fate::NotLoaded => ways.push(Advice::new(
            AdviceKind::Load,
            format!(
                "the script lies at `{}`, where it is not read: move it into a version location, \
                 or mend what keeps it from being read",
                script.path.display()
            ),
            None,
        )),
        Fate::Renamed { revision: now, same_body: true, is_known: true, .. } => {
            let words = format!(
                "the same script is called `{now}` today, and does the same: tell the database \
                 its new name (no migration runs)"
            );
            let target = stamp.replacing(&revision.id, &[now.as_str()]);
            ways.push(Advice::new(AdviceKind::StampRenamed, words, purge(&target)));
        }
        Fate::Elsewhere | Fate::Deleted(_) | Fate::Renamed { .. } => {}
    }
    ways.extend(switch(script));
    ways.extend(merge(script));
    ways.extend(take(script));
    ways.push(recover(script));
    ways.push(last_resort(revision, script, stamp));
    ways
}

/// Branches at whose tip the script is, then tags.
fn switch(script: &LostScript) -> Option<Advice> {
    let tip = |kind| script.at_tip(kind);
    let advice = |words: String, command| Advice::new(AdviceKind::Switch, words, Some(command));
    if let Some(branch) = tip(HolderKind::Branch) {
        if branch.is_head {
            return None;
        }
        if let Some(work_tree) = &branch.work_tree {
            let words =
                format!("branch `{}` has it, checked out in another work tree", branch.name);
            return Some(advice(words, format!("cd {}", shell::path(work_tree))));
        }
        let words = format!("branch `{}` has it: check it out", branch.name);
        return Some(advice(words, format!("git switch {}", shell::word(&branch.name))));
    }
    if let Some(remote) = tip(HolderKind::RemoteBranch) {
        let words = format!("remote branch `{}` has it: check it out", remote.name);
        let command = format!("git switch --track {}", shell::word(&remote.name));
        return Some(advice(words, command));
    }
    let tag = tip(HolderKind::Tag)?;
    let words = format!("tag `{}` has it: check it out", tag.name);
    Some(advice(words, format!("git switch --detach {}", shell::word(&tag.name))))
}

fn merge(script: &LostScript) -> Option<Advice> {
    // A branch that was merged before brings nothing.
    if !matches!(script.fate, Fate::Elsewhere | Fate::Renamed { .. }) {
        return None;
    }
    let kinds = [HolderKind::Branch, HolderKind::RemoteBranch];
    let branch: &Holder = kinds.into_iter().find_map(|kind| script.at_tip(kind))?;
    if branch.is_head {
        return None;
    }
    let words = format!("bring `{}` into this branch, then check the heads", branch.name);
    let command = format!("git merge {}", shell::word(&branch.name));
    Some(Advice::new(AdviceKind::Merge, words, command))
}

/// Where no branch has the scripts any more: out of the commit.
fn take(script: &LostScript) -> Option<Advice> {
    let at_branch = [HolderKind::Branch, HolderKind::RemoteBranch, HolderKind::Tag]
        .into_iter()
        .any(|kind| script.at_tip(kind).is_some());
    let is_here = matches!(script.fate, Fate::RemovedHere | Fate::NotLoaded);
    // What lies there now would be written over.
    let is_taken = matches!(&script.fate, Fate::Renamed { path, .. } if *path == script.path);
    if at_branch || is_here || is_taken {
        return None;
    }
    let commit = short(&script.commit.commit.id);
    let stash = script.holders.iter().find(|h| h.holder.kind == HolderKind::Stash);
    let from = match stash {
        Some(Holding { holder, .. }) => format!("`{}` (commit {commit})", holder.name),
        None if script.is_reflog_only() => {
            format!("commit {commit}, which only a reflog reaches and git will forget")
        }
        None => format!("commit {commit}"),
    };
    let missing: Vec<_> = script.chain.missing.iter().collect();
    let same_commit = missing.iter().all(|link| link.commit == script.commit.commit.id);
    let paths: Vec<String> = if same_commit {
        missing.iter().map(|link| shell::path(&link.path)).collect()
    } else {
        vec![shell::path(&script.path)]
    };
    let words = match paths.len() {
        1 => format!("take the script out of {from}"),
        count => format!("take the {count} scripts out of {from}"),
    };
    let command = format!("git restore --source={commit} -- {}", paths.join(" "));
    Some(Advice::new(AdviceKind::TakeScripts, words, command))
}

fn recover(script: &LostScript) -> Advice {
    let count = script.chain.missing.len();
    let steps = if count == 1 { "1 step".to_owned() } else { format!("{count} steps") };
    let down_to = match script.chain.ancestors.as_slice() {
        [] => "its base".to_owned(),
        ancestors => {
            let names: Vec<String> = ancestors.iter().map(|id| format!("`{id}`")).collect();
            names.join(", ")
        }
    };
    let words = format!(
        "undo its migrations: {steps} down to {down_to}, with the scripts from git (what they \
         added to the database is dropped; the work tree stays as it is)"
    );
    let command = format!("alembic-rs doctor --recover {}", shell::word(&script.revision));
    Advice::new(AdviceKind::Recover, words, command)
}

fn last_resort(revision: &LostRevision, script: &LostScript, stamp: &StampTarget<'_>) -> Advice {
    let ancestors: Vec<&str> = script.chain.ancestors.iter().map(String::as_str).collect();
    let target = stamp.replacing(&revision.id, &ancestors);
    let words = format!(
        "last resort: only writes `{}` into the version table; whatever `{}` did to the schema \
         stays, so undo that by hand first",
        target.join("`, `"),
        revision.id
    );
    Advice::new(AdviceKind::Stamp, words, purge(&target))
}

fn nowhere(revision: &LostRevision, horizon: &Horizon, stamp: &StampTarget<'_>) -> Vec<Advice> {
    let mut ways = Vec::new();
    if horizon.is_shallow {
        let words = "this clone is shallow: get the rest of the history, then look again";
        let command = "git fetch --unshallow --all --tags".to_owned();
        ways.push(Advice::new(AdviceKind::Fetch, words, command));
    } else if !horizon.remotes.is_empty() {
        let words = "get what others have pushed, then look again";
        ways.push(Advice::new(AdviceKind::Fetch, words, "git fetch --all --tags".to_owned()));
    }
    let words = format!(
        "ask who migrated this database last: they have the script of `{}`, perhaps in no commit \
         yet; put it into a version location",
        revision.id
    );
    ways.push(Advice::new(AdviceKind::Ask, words, None));
    let target = stamp.replacing(&revision.id, &["REVISION"]);
    let words = format!(
        "last resort, when nobody has it: compare the schema with the models, choose the REVISION \
         that it fits, and write that; whatever `{}` did stays in the schema",
        revision.id
    );
    ways.push(Advice::new(AdviceKind::Stamp, words, purge(&target)));
    ways
}

/// What the version table should hold instead.
struct StampTarget<'a> {
    lost: &'a Lost,
    rows: &'a [&'a str],
    directory: Option<&'a ScriptDirectory>,
}

impl StampTarget<'_> {
    /// All rows, with others in the place of one; `base` where nothing is left.
    fn replacing(&self, id: &str, with: &[&str]) -> Vec<String> {
        let mut target: Vec<String> = Vec::new();
        let mut add = |revision: &str| {
            if target.iter().all(|known| known != revision) {
                target.push(revision.to_owned());
            }
        };
        with.iter().copied().for_each(&mut add);
        for row in self.rows.iter().filter(|row| **row != id) {
            match self.lost.revisions.iter().find(|lost| lost.id == **row) {
                None => add(row),
                // It can stand in no `stamp` either.
                Some(LostRevision { scripts, .. }) => match scripts.first() {
                    Some(script) => script.chain.ancestors.iter().for_each(|id| add(id)),
                    None => add("REVISION"),
                },
            }
        }
        let mut target = self.without_ancestors(target);
        if target.is_empty() {
            target.push("base".to_owned());
        }
        target
    }

    /// What another one follows has no row of its own.
    fn without_ancestors(&self, target: Vec<String>) -> Vec<String> {
        let Some(map) = self.directory.map(ScriptDirectory::map) else { return target };
        let indices: Vec<RevisionIndex> = target.iter().filter_map(|id| map.by_id(id)).collect();
        let covered = |id: &String| {
            let Some(own) = map.by_id(id) else { return false };
            indices.iter().any(|&other| {
                other != own
                    && map.ancestors([other], Lineage::WithDependencies).contains(own.index())
            })
        };
        target.iter().filter(|id| !covered(id)).cloned().collect()
    }
}

/// The row is not in the project, so `stamp` alone would refuse.
fn purge(target: &[String]) -> String {
    let words: Vec<String> = target.iter().map(|id| shell::word(id)).collect();
    format!("alembic-rs stamp --purge {}", words.join(" "))
}

fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}
