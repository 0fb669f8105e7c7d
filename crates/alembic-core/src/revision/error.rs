//! What can go wrong in the graph, with the facts and Alembic's own sentence.

use std::fmt;

/// Which of Alembic's four kinds of cycle was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CycleKind {
    /// `down_revision` links form a ring (`CycleDetected`).
    Cycle,
    /// The ring needs a `depends_on` link (`DependencyCycleDetected`).
    DependencyCycle,
    /// A revision is its own `down_revision` (`LoopDetected`).
    SelfLoop,
    /// A revision depends on itself (`DependencyLoopDetected`).
    DependencySelfLoop,
}

impl CycleKind {
    /// Alembic's word for the kind, the first words of its sentence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cycle => "Cycle",
            Self::DependencyCycle => "Dependency cycle",
            Self::SelfLoop => "Self-loop",
            Self::DependencySelfLoop => "Dependency self-loop",
        }
    }
}

/// Why an identifier did not resolve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolutionFailure {
    /// Nothing has that name, nor starts with it.
    NoSuchRevision,
    /// The part before `@` names nothing.
    NoSuchBranch,
    /// Several identifiers or labels start with the text.
    Ambiguous {
        /// Every identifier and label that starts with the text, in load order.
        candidates: Vec<String>,
    },
    /// The revision exists, but not on the lineage of the branch.
    NotOnBranch {
        /// The revision that was found.
        revision: String,
        /// The branch as written before `@`.
        branch: String,
    },
    /// The text names the base, or a point past it, where a revision is needed.
    NotARevision,
}

/// A failure of the revision graph: the facts, with [`fmt::Display`] giving the
/// sentence that Alembic's command line prints for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RevisionError {
    /// Revisions form a ring.
    #[error("{} is detected in revisions ({})", kind.as_str(), revisions.join(", "))]
    Cycle {
        /// The kind of ring.
        kind: CycleKind,
        /// The revisions that cannot be placed, in Alembic's order.
        revisions: Vec<String>,
    },
    /// An identifier holds one of `@ - + :`.
    #[error(
        "Character(s) '{}' not allowed in revision identifier '{revision}'",
        Joined(characters)
    )]
    IllegalCharacters {
        /// The identifier.
        revision: String,
        /// The offending characters, sorted, each once.
        characters: Vec<char>,
    },
    /// A label equals another label or an identifier.
    #[error("Branch name '{label}' in revision {revision} already used by revision {used_by}")]
    DuplicateLabel {
        /// The label.
        label: String,
        /// The revision that declares it the second time.
        revision: String,
        /// The revision that has it already.
        used_by: String,
    },
    /// A `down_revision` that no script declares.
    #[error("Revision {missing} referenced from revision {referenced_by} is not present")]
    MissingParent {
        /// The identifier that is not there.
        missing: String,
        /// The revision that names it.
        referenced_by: String,
    },
    /// A `depends_on` that is neither an identifier nor a label.
    #[error("Dependency {missing} of revision {referenced_by} is not present")]
    MissingDependency {
        /// The identifier or label that is not there.
        missing: String,
        /// The revision that names it.
        referenced_by: String,
    },
    /// An identifier could not be resolved.
    #[error("Can't locate revision identified by '{argument}'")]
    Resolution {
        /// The part of the identifier that failed.
        argument: String,
        /// Why.
        failure: ResolutionFailure,
    },
    /// `head` where there are several.
    #[error(
        "Multiple head revisions are present for given argument '{argument}'; please specify a \
         specific target revision, '<branchname>@{argument}' to narrow to a specific head, or \
         'heads' for all heads"
    )]
    MultipleHeads {
        /// The heads that the argument stands for.
        heads: Vec<String>,
        /// The identifier as written.
        argument: String,
    },
    /// The start of a range is no ancestor of its end.
    #[error(
        "Requested range {start}:{end} does not refer to ancestor/descendant revisions along the \
         same branch"
    )]
    RangeNotAncestor {
        /// The start as written.
        start: String,
        /// The end as written.
        end: String,
    },
    /// Nothing above the target of a downgrade is applied, nor is the target a row.
    #[error("Destination {target} is not a valid downgrade target from current head(s)")]
    NothingToDrop {
        /// The target as written.
        target: String,
    },
    /// `from:to` for a command that runs on a database.
    #[error("Range revision not allowed")]
    RangeNotAllowed,
    /// `downgrade --sql` without a place to start from.
    #[error("downgrade with --sql requires <fromrev>:<torev>")]
    DowngradeNeedsRange,
    /// More than one colon in the argument of an offline command.
    #[error("Range '{range}' has more than one colon")]
    OfflineRangeColons {
        /// The argument as written.
        range: String,
    },
    /// Targets of an offline stamp that start from different revisions.
    #[error("Stamp operation with --sql only supports a single starting revision at a time")]
    SeveralStarts {
        /// The start that was named first.
        first: String,
        /// The other one.
        second: String,
    },
    /// `head` as the target of a stamp, where there are several.
    #[error("Multiple heads are present; please specify a single target revision")]
    SeveralStampTargets {
        /// The heads that the argument stands for.
        heads: Vec<String>,
    },
    /// A stamp to a revision with rows on both sides of it.
    #[error("Cannot stamp {revision}: some rows of the version table are above it, some below")]
    StampBetweenRows {
        /// The target.
        revision: String,
    },
    /// A step changes or removes a row that the version table does not hold.
    #[error("The version table holds no row '{version}' for the step '{step}' to change")]
    NoSuchRow {
        /// The value that the row would have.
        version: String,
        /// The step, as the log line has it: `upgrade a -> b`.
        step: String,
    },
    /// A step adds a row that the version table holds already.
    #[error("The version table holds row '{version}' already, which the step '{step}' would add")]
    RowExists {
        /// The row.
        version: String,
        /// The step, as the log line has it: `upgrade a -> b`.
        step: String,
    },
    /// A merge has no row to go on from: other rows imply each of them.
    #[error("Other rows of the version table imply every row that the step '{step}' would merge")]
    NothingToMerge {
        /// The step, as the log line has it: `upgrade a, b -> c`.
        step: String,
        /// The rows that the step would merge.
        rows: Vec<String>,
    },
    /// A range without a colon.
    #[error("History range requires [start]:[end], [start]:, or :[end]")]
    RangeSyntax,
    /// A range with more than one colon.
    #[error("History range '{range}' has more than one colon")]
    RangeColons {
        /// The range as written.
        range: String,
    },
    /// A relative identifier that leads nowhere.
    #[error("Relative revision {text} didn't produce {steps} migrations")]
    RelativeLength {
        /// The relative part as written, such as `+2`.
        text: String,
        /// Its number without the sign.
        steps: String,
    },
    /// A relative identifier with a symbol leads past the end of the line.
    #[error("Walked too far")]
    WalkedTooFar,
    /// A walk met a fork.
    #[error("Ambiguous walk")]
    AmbiguousWalk {
        /// The revisions to choose from.
        candidates: Vec<String>,
    },
    /// `+N` from several rows of the version table.
    #[error("Ambiguous upgrade from multiple current revisions")]
    AmbiguousUpgrade,
    /// The branch of a downgrade holds none of the target's children.
    #[error("Not a valid downgrade target from current heads")]
    NotADowngradeTarget,
    /// A label was needed, and the revision named before `@` has none or several.
    #[error("Revision {revision} has {count} branch labels where exactly one is needed")]
    BranchNeedsOneLabel {
        /// The revision used as a branch.
        revision: String,
        /// How many labels it carries.
        count: usize,
    },
    /// Two of the requested revisions lie on one line.
    #[error("Requested revision {revision} overlaps with other requested revisions {}", overlaps.join(", "))]
    Overlap {
        /// The revision whose ancestors hold another requested one.
        revision: String,
        /// The others.
        overlaps: Vec<String>,
    },
    /// The revisions between start and end are not connected by `down_revision` links.
    #[error("Requested range cannot be put in order: no target lies among its revisions")]
    Disconnected,
}

impl RevisionError {
    /// The refusal of an identifier that leads to the base or past it, where a
    /// revision is needed.
    pub fn not_a_revision(argument: &str) -> Self {
        Self::Resolution { argument: argument.to_owned(), failure: ResolutionFailure::NotARevision }
    }

    /// The same failure, where Alembic's sentence names all of the target that was given
    /// and not the part of it that failed.
    pub(super) fn naming(self, target: &str) -> Self {
        match self {
            Self::MultipleHeads { heads, .. } => {
                Self::MultipleHeads { heads, argument: target.to_owned() }
            }
            other => other,
        }
    }
}

/// Characters separated by a comma and a blank.
struct Joined<'a>(&'a [char]);

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, character) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{character}")?;
        }
        Ok(())
    }
}
