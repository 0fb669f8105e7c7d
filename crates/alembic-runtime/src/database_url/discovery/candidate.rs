//! A place where the URL may be, and what is there.

use std::fmt;

use crate::{
    database_url::{DatabaseUrl, UrlError},
    env_script::Doubt,
};

/// A place where the URL may be.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Which kind of place.
    pub source: Source,
    /// The place for people, such as `DATABASE_URL in .env:3`.
    pub place: String,
    /// What is there.
    pub outcome: Outcome,
    /// Whether env.py is known to use it.
    pub proof: Proof,
    /// Why it is proven or guessed: a lower-case fragment.
    pub why: String,
}

/// The kinds of places, in the order in which they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// `--url` or `ALEMBIC_RS_URL`.
    Command,
    /// `-x`, by a name that env.py reads.
    XArgument,
    /// `[tool.alembic-rs]` of pyproject.toml.
    ToolTable,
    /// env.py.
    Script,
    /// A variable of the process.
    Environment,
    /// A `.env` file.
    EnvFile,
    /// `sqlalchemy.url` of the configuration.
    Configuration,
    /// A service of the container's network that answers.
    Service,
}

/// What a candidate's place holds.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Outcome {
    /// A URL.
    Url(DatabaseUrl),
    /// Nothing; why.
    Absent(String),
    /// The placeholder of Alembic's templates, which counts as absent.
    Placeholder,
    /// A text that is no URL.
    Malformed(UrlError),
    /// It cannot be known without running env.py.
    Unknown(Doubt),
    /// env.py migrates several databases.
    Several(Doubt),
}

/// Whether a URL may be acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The command says it, or env.py uses it.
    Proven,
    /// It may be another database than the one that env.py migrates: reading may use it and says so, writing refuses.
    Guessed,
}

/// What is there, for people; passwords masked.
impl fmt::Display for Candidate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Url(url) => {
                let proof = match self.proof {
                    Proof::Proven => "proven",
                    Proof::Guessed => "a guess",
                };
                write!(formatter, "{url} ({proof}: {})", self.why)
            }
            Outcome::Absent(why) => write!(formatter, "nothing: {why}"),
            Outcome::Placeholder => {
                formatter.write_str("the template's placeholder, which counts as nothing")
            }
            Outcome::Malformed(error) => error.fmt(formatter),
            Outcome::Unknown(doubt) | Outcome::Several(doubt) => doubt.fmt(formatter),
        }
    }
}

impl Candidate {
    /// The URL, if it is one.
    pub fn url(&self) -> Option<&DatabaseUrl> {
        match &self.outcome {
            Outcome::Url(url) => Some(url),
            _ => None,
        }
    }

    /// Whether nothing behind this candidate may be taken.
    pub fn stops(&self) -> bool {
        match self.outcome {
            Outcome::Several(_) => true,
            Outcome::Malformed(_) => self.source <= Source::Script,
            _ => false,
        }
    }

    pub(super) fn of_text(
        source: Source,
        place: String,
        text: &str,
        (proof, why): (Proof, &str),
    ) -> Self {
        let outcome = match text.parse::<DatabaseUrl>() {
            _ if text.is_empty() => Outcome::Absent("it is empty".to_owned()),
            Ok(url) if url.is_template_placeholder() => Outcome::Placeholder,
            Ok(url) => match url.check_sqlite() {
                Ok(()) => Outcome::Url(url),
                Err(error) => Outcome::Malformed(error),
            },
            Err(error) => Outcome::Malformed(error),
        };
        Self { source, place, outcome, proof, why: why.to_owned() }
    }

    pub(super) fn absent(source: Source, place: String, why: impl Into<String>) -> Self {
        let outcome = Outcome::Absent(why.into());
        Self { source, place, outcome, proof: Proof::Guessed, why: String::new() }
    }
}
