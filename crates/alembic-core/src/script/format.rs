//! A revision as Alembic prints it: on one line, or as a block.

use super::directory::ScriptDirectory;
use crate::revision::RevisionIndex;

/// What the one-line form shows besides the identifier and `(head)`
/// (Alembic's arguments to `Script.cmd_format`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the parts of Alembic's format are independent")]
pub struct OneLine {
    /// `<parents> (<dependencies>) -> ` before the identifier.
    pub parents: bool,
    /// The labels in parentheses.
    pub labels: bool,
    /// `(branchpoint)` and `(mergepoint)`.
    pub tree: bool,
    /// The first part of the docstring.
    pub doc: bool,
}

impl ScriptDirectory {
    /// Appends the one-line form (Alembic's `Script._head_only`).
    pub fn write_one_line(
        &self,
        out: &mut String,
        index: RevisionIndex,
        parts: OneLine,
        current: bool,
    ) {
        let map = self.map();
        let revision = map.revision(index);
        if parts.parents {
            self.write_parents(out, index);
            if !revision.dependencies().is_empty() {
                out.push_str(" (");
                join(out, revision.dependencies().iter().map(String::as_str));
                out.push(')');
            }
            out.push_str(" -> ");
        }
        out.push_str(revision.id());
        if parts.labels && map.labels(index).next().is_some() {
            out.push_str(" (");
            join(out, map.labels(index));
            out.push(')');
        }
        if map.is_real_head(index) {
            out.push_str(" (head)");
        } else if map.is_head(index) {
            out.push_str(" (effective head)");
        }
        mark(out, current, " (current)");
        if parts.tree {
            mark(out, map.is_branch_point(index), " (branchpoint)");
            mark(out, revision.is_merge_point(), " (mergepoint)");
        }
        if parts.doc {
            out.push_str(", ");
            out.push_str(self.script(index).docstring().summary());
        }
    }

    /// Appends the block that `-v` and `show` print (Alembic's `Script.log_entry`),
    /// without the empty line behind it.
    pub fn write_block(&self, out: &mut String, index: RevisionIndex, current: bool) {
        let map = self.map();
        let revision = map.revision(index);
        out.push_str("Rev: ");
        out.push_str(revision.id());
        mark(out, map.is_head(index), " (head)");
        mark(out, map.is_branch_point(index), " (branchpoint)");
        mark(out, revision.is_merge_point(), " (mergepoint)");
        mark(out, current, " (current)");
        out.push_str(if revision.is_merge_point() { "\nMerges: " } else { "\nParent: " });
        self.write_parents(out, index);
        if !revision.dependencies().is_empty() {
            out.push_str("\nAlso depends on: ");
            join(out, revision.dependencies().iter().map(String::as_str));
        }
        if map.is_branch_point(index) {
            out.push_str("\nBranches into: ");
            join(out, self.children_by_id(index).into_iter().map(|child| map.id(child)));
        }
        if map.labels(index).next().is_some() {
            out.push_str("\nBranch names: ");
            join(out, map.labels(index));
        }
        out.push_str("\nPath: ");
        let script = self.script(index);
        out.push_str(&script.path().to_string_lossy());
        out.push_str("\n\n");
        for (number, line) in script.docstring().lines().enumerate() {
            mark(out, number > 0, "\n");
            out.push_str("    ");
            out.push_str(line);
        }
        out.push('\n');
    }

    /// The children in the order of their identifiers, for listings: Alembic shows
    /// a set here, in an order that changes from run to run.
    pub fn children_by_id(&self, index: RevisionIndex) -> Vec<RevisionIndex> {
        let map = self.map();
        let mut children: Vec<_> = map.children(index).collect();
        children.sort_unstable_by_key(|&child| map.id(child));
        children
    }

    /// The form that Alembic's warnings use (`Script.__str__`), with the marks as
    /// they stood when the warning came up.
    pub(super) fn warning_form(
        script: &super::Script,
        revision: &crate::revision::Revision,
        head: bool,
        branch_point: bool,
    ) -> String {
        let mut out = parents_text(revision);
        out.push_str(" -> ");
        out.push_str(revision.id());
        mark(&mut out, head, " (head)");
        mark(&mut out, branch_point, " (branchpoint)");
        mark(&mut out, revision.is_merge_point(), " (mergepoint)");
        out.push_str(", ");
        out.push_str(script.docstring().summary());
        out
    }

    fn write_parents(&self, out: &mut String, index: RevisionIndex) {
        let down = self.map().revision(index).down_revision();
        if down.is_empty() {
            out.push_str("<base>");
        } else {
            join(out, down.iter().map(String::as_str));
        }
    }
}

fn parents_text(revision: &crate::revision::Revision) -> String {
    match revision.down_revision() {
        [] => "<base>".to_owned(),
        down => down.join(", "),
    }
}

fn mark(out: &mut String, when: bool, text: &str) {
    if when {
        out.push_str(text);
    }
}

fn join<'a>(out: &mut String, items: impl Iterator<Item = &'a str>) {
    for (number, item) in items.enumerate() {
        mark(out, number > 0, ", ");
        out.push_str(item);
    }
}
