//! The scripts to check, linked, with their heads and a way back to their text.

use std::path::Path;

use fs_err as fs;
use python_static::SourceFile;

use super::against::Against;
use super::finding::{Finding, Place};
use super::graph::Graph;
use super::unreadable::Unreadable;
use super::{CheckOptions, CheckReport, Facts, docstring, heads, identifiers, links};
use crate::script::{Declaration, Positions, Script, ScriptFiles};

/// A revision that nothing follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The identifier.
    pub revision: String,
    /// Where it is declared.
    pub place: Place,
    /// The labels that hold at it, sorted.
    pub labels: Vec<String>,
    /// Its parents, as written.
    pub down_revision: Vec<String>,
    /// Its dependencies, as written.
    pub depends_on: Vec<String>,
    /// The first part of its docstring.
    pub message: String,
    /// Whether another revision depends on it (Alembic: an effective head).
    pub is_depended_on: bool,
    /// With [`Against`]: whether the other commit has the script.
    pub on_reference: Option<bool>,
    /// Whether only the other commit has the script, and the work tree does not.
    pub only_on_reference: bool,
}

/// The variables of a script, as places.
#[derive(Debug, Clone, Copy)]
pub(super) enum Variable {
    Revision,
    DownRevision,
    BranchLabels,
    DependsOn,
}

/// The scripts to check, linked as far as they can be.
#[derive(Debug)]
pub struct Survey<'a> {
    pub(super) files: &'a ScriptFiles,
    pub(super) options: CheckOptions,
    pub(super) against: Option<&'a Against>,
    pub(super) graph: Graph<'a>,
    pub(super) unreadable: Unreadable,
    /// The nodes of the heads, in load order.
    pub(super) head_nodes: Vec<usize>,
    heads: Vec<Head>,
}

impl<'a> Survey<'a> {
    /// Links the scripts. `against` is what [`Against::merge`] gave when it put the
    /// other commit's scripts into `files`.
    pub fn new(
        files: &'a ScriptFiles,
        options: CheckOptions,
        against: Option<&'a Against>,
    ) -> Self {
        let declarations: Vec<&Declaration> = files.scripts.iter().map(|(_, d)| d).collect();
        let graph = Graph::new(&declarations);
        let unreadable = Unreadable::new(files, against);
        let mut head_nodes = graph.heads(options.resolve_dependencies);
        head_nodes.retain(|&node| !unreadable.mention(graph.node(node).id));
        let mut survey =
            Self { files, options, against, graph, unreadable, head_nodes, heads: Vec::new() };
        survey.heads = survey.head_nodes.iter().map(|&node| survey.head(node)).collect();
        survey
    }

    /// The heads in load order.
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// The scripts of which it matters who wrote them: of heads where there are too
    /// many, and of those that declare one identifier.
    pub fn disputed(&self) -> Vec<&'a Path> {
        let groups = heads::groups(self);
        let heads = groups.iter().flat_map(|group| group.nodes.iter().copied());
        let twice = self.graph.nodes().iter().filter(|node| node.scripts.len() > 1);
        let mut scripts: Vec<usize> = heads
            .map(|node| self.graph.node(node).script())
            .chain(twice.flat_map(|node| node.scripts.iter().copied()))
            .collect();
        scripts.sort_unstable();
        scripts.dedup();
        scripts.into_iter().map(|script| self.script(script).path()).collect()
    }

    /// The scripts of the heads, and the disputed ones.
    pub fn noteworthy(&self) -> Vec<&'a Path> {
        let heads = self.head_nodes.iter().map(|&node| self.graph.node(node).script());
        let mut scripts: Vec<&Path> = heads.map(|script| self.script(script).path()).collect();
        scripts.extend(self.disputed());
        scripts.sort_unstable();
        scripts.dedup();
        scripts
    }

    /// Everything that was found. `facts` decides which head came last.
    pub fn report(self, facts: Facts) -> CheckReport {
        let mut findings = self.unreadable.findings();
        links::find(&self, &mut findings);
        identifiers::find(&self, &mut findings);
        heads::find(&self, &facts, &mut findings);
        docstring::find(&self, &mut findings);
        findings.sort_by_key(|finding: &Finding| finding.code);
        CheckReport { scripts: self.files.scripts.len(), heads: self.heads, findings, facts }
    }

    pub(super) fn script(&self, index: usize) -> &'a Script {
        &self.files.scripts[index].0
    }

    pub(super) fn declaration(&self, index: usize) -> &'a Declaration {
        &self.files.scripts[index].1
    }

    /// All scripts with their numbers.
    pub(super) fn scripts(
        &self,
    ) -> impl Iterator<Item = (usize, &'a Script, &'a Declaration)> + use<'a> {
        self.files.scripts.iter().enumerate().map(|(index, (script, d))| (index, script, d))
    }

    /// The script that declares a revision.
    pub(super) fn place(&self, index: usize) -> Place {
        let (script, declaration) = (self.script(index), self.declaration(index));
        Place {
            path: script.path().to_owned(),
            line: usize::try_from(script.line()).ok(),
            revision: Some(declaration.revision.clone()),
        }
    }

    /// The script that counts for a node.
    pub(super) fn node_place(&self, node: usize) -> Place {
        self.place(self.graph.node(node).script())
    }

    /// The line of a script that binds a variable.
    pub(super) fn place_of(&self, index: usize, variable: Variable) -> Place {
        let place = self.place(index);
        let Some(start) = start(self.script(index).positions(), variable) else { return place };
        let line = text(&place.path, self.against).map(|source| source.line_of(start));
        Place { line: line.or(place.line), ..place }
    }

    /// The head at a node of [`head_nodes`](Self::head_nodes).
    pub(super) fn head_of(&self, node: usize) -> &Head {
        let at = self.head_nodes.binary_search(&node);
        &self.heads[at.expect("heads are asked for by their nodes, which are in order")]
    }

    fn head(&self, node: usize) -> Head {
        let index = self.graph.node(node).script();
        let (script, declaration) = (self.script(index), self.declaration(index));
        Head {
            revision: declaration.revision.clone(),
            place: self.place(index),
            labels: self.graph.labels(node).into_iter().map(str::to_owned).collect(),
            down_revision: declaration.down_revision.clone(),
            depends_on: declaration.depends_on.clone(),
            message: script.docstring().summary().to_owned(),
            is_depended_on: self.graph.is_depended_on(node),
            on_reference: self.against.map(|against| against.has(script.path())),
            only_on_reference: self.against.is_some_and(|against| against.added(script.path())),
        }
    }
}

fn start(positions: &Positions, variable: Variable) -> Option<usize> {
    let range = match variable {
        Variable::Revision => &positions.revision,
        Variable::DownRevision => &positions.down_revision,
        Variable::BranchLabels => &positions.branch_labels,
        Variable::DependsOn => &positions.depends_on,
    };
    range.as_ref().and_then(|range| usize::try_from(range.start).ok())
}

/// The bytes of a script: of the other commit where it comes from there.
pub(super) fn bytes(path: &Path, against: Option<&Against>) -> Option<Vec<u8>> {
    match against.and_then(|against| against.source(path)) {
        Some(source) => Some(source.to_owned()),
        None => fs::read(path).ok(),
    }
}

/// The text of a script.
pub(super) fn text(path: &Path, against: Option<&Against>) -> Option<SourceFile> {
    SourceFile::decode(path.to_string_lossy(), bytes(path, against)?).ok()
}
