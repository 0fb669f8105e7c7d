//! The Python that runs the migrations: an environment of our own in the user's cache, or one that the user names.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use alembic_core::write::NewFolders;
use fs_err as fs;

use super::DemoError;
use super::cache::{self, Unfinished};
use super::child::{Child, Words};
use super::files::REQUIREMENTS;
use super::folder::Folder;
use super::steps::Steps;

/// Interpreters by preference: what `python3` is, then the newest.
const INTERPRETERS: [&str; 7] =
    ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];

/// Says its version; fails where it is too old or where Debian has taken it apart.
const SUITABLE: &str = "import sys, venv, ensurepip\n\
    print('%d.%d.%d' % sys.version_info[:3])\n\
    sys.exit('%d.%d is too old' % sys.version_info[:2] if sys.version_info < (3, 10) else 0)";

/// What the demo asks of an environment.
const NEEDED: &str = "import alembic, sqlalchemy, psycopg";

/// A Python that has Alembic.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) python: PathBuf,
    /// The folder, where it is our own.
    root: Option<PathBuf>,
    has_pip: bool,
}

/// What makes an environment.
enum Maker {
    /// `python3 -m venv`, with pip inside.
    Python {
        program: &'static str,
    },
    Uv,
}

impl Environment {
    /// The environment that the user names.
    pub(crate) async fn named(python: &Path, needs_driver: bool) -> Result<Self, DemoError> {
        let script = if needs_driver { NEEDED } else { "import alembic, sqlalchemy" };
        let words = ask(python, script).await.map_err(|said| DemoError::WrongPython { said })?;
        if !words.succeeded {
            return Err(DemoError::WrongPython { said: words.why() });
        }
        // Children run in other folders; a bare name is looked for on PATH by all of them.
        let is_name = python.components().count() == 1 && !python.is_absolute();
        let python = if is_name { python.to_owned() } else { std::path::absolute(python)? };
        Ok(Self { python, root: None, has_pip: false })
    }

    /// The environment in the cache; it is made there when it is missing or out of date.
    pub(crate) async fn cached(folder: &Folder, steps: Steps) -> Result<Self, DemoError> {
        let mut made = NewFolders::default();
        let cache = match cache::folder() {
            Some(cache) if made.create(&cache).is_ok() => cache,
            // A home that cannot be written, or none at all: it is made anew each time.
            _ => folder.path().to_owned(),
        };
        let _lock = cache::lock(&cache, steps).await;
        let environment = Self::in_folder(&cache.join("environment"));
        if environment.is_ready().await {
            made.keep();
            return Ok(environment);
        }
        let environment = if cache::is_writable(&cache) {
            environment
        } else {
            steps.say(&format!(
                "`{}` cannot be written: the environment is thrown away too",
                cache.display()
            ));
            Self::in_folder(&folder.path().join("environment"))
        };
        let environment = environment.build(folder, steps).await?;
        made.keep();
        Ok(environment)
    }

    fn in_folder(root: &Path) -> Self {
        let python = root.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
        let has_pip = root.join("pyvenv.cfg").exists() && !is_of_uv(root);
        Self { python, root: Some(root.to_owned()), has_pip }
    }

    /// Where it stays for the next time; `None` when it goes with the demo or is not the demo's own.
    pub(crate) fn stays(&self) -> Option<&Path> {
        let root = self.root.as_deref()?;
        cache::folder().is_some_and(|cache| root.starts_with(cache)).then_some(root)
    }

    /// The folder that it lies in, where it is the demo's own.
    pub(super) fn place(&self) -> Option<&Path> {
        self.root.as_deref().and_then(Path::parent)
    }

    /// Installs a package alone into a folder outside the environment.
    ///
    /// # Errors
    /// What the installer said.
    pub(super) async fn install_into(
        &self,
        target: &Path,
        package: &str,
        folder: &Folder,
    ) -> Result<(), String> {
        let arguments =
            ["--no-deps".as_ref(), "--target".as_ref(), target.as_os_str(), package.as_ref()];
        let words = self.installer(folder).run(arguments).await?;
        if words.succeeded { Ok(()) } else { Err(words.why()) }
    }

    /// It was finished, of the same packages, and its interpreter is still there.
    async fn is_ready(&self) -> bool {
        self.root.as_ref().is_some_and(|root| cache::is_finished(root, REQUIREMENTS))
            && ask(&self.python, NEEDED).await.is_ok_and(|words| words.succeeded)
    }

    async fn build(self, folder: &Folder, steps: Steps) -> Result<Self, DemoError> {
        let maker = Maker::find().await?;
        let root = self.root.clone().unwrap_or_default();
        let unfinished = Unfinished::begin(&root);
        steps
            .run("Making a virtual environment", async {
                maker.make(&root, folder).await?;
                Ok::<_, DemoError>((
                    (),
                    format!("Made a virtual environment in {}", root.display()),
                ))
            })
            .await?;
        let environment = Self::in_folder(&root);
        let requirements = folder.scratch().join("requirements.txt");
        fs::write(&requirements, REQUIREMENTS)?;
        let installer = environment.installer(folder);
        let arguments = ["--requirement".as_ref(), requirements.as_os_str()];
        steps
            .run("Installing Alembic, SQLAlchemy and psycopg", async {
                let said =
                    |said| DemoError::of_words(said, |said| DemoError::NotInstalled { said });
                let words = installer.run(arguments).await.map_err(said)?;
                if !words.succeeded {
                    return Err(said(words.why()));
                }
                Ok(((), format!("Installed {}", packages())))
            })
            .await?;
        unfinished.finish(REQUIREMENTS)?;
        Ok(environment)
    }

    fn installer(&self, folder: &Folder) -> Installer<'_> {
        Installer { environment: self, scratch: folder.scratch() }
    }
}

/// `pip` of the environment, or `uv pip` for it.
struct Installer<'a> {
    environment: &'a Environment,
    scratch: PathBuf,
}

impl Installer<'_> {
    async fn run<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Result<Words, String> {
        let python = self.environment.python.as_os_str();
        let (program, first): (&OsStr, Vec<&OsStr>) = if self.environment.has_pip {
            (
                python,
                ["-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
                    .map(OsStr::new)
                    .into(),
            )
        } else {
            (
                OsStr::new("uv"),
                vec![OsStr::new("pip"), OsStr::new("install"), OsStr::new("--python"), python],
            )
        };
        let first = first.into_iter().map(OsStr::to_owned);
        let words = first.chain(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        // What the installer unpacks on the way must not stay when it is ended.
        let child =
            Child::new(program, words).env("TMPDIR", &self.scratch).env("TEMP", &self.scratch);
        child.listen().await.map_err(|error| error.to_string())
    }
}

impl Maker {
    async fn find() -> Result<Self, DemoError> {
        let mut refused = Vec::new();
        for program in INTERPRETERS {
            match ask(Path::new(program), SUITABLE).await {
                Ok(words) if words.succeeded => return Ok(Self::Python { program }),
                Ok(words) => refused.push(format!("`{program}`: {}", words.why())),
                // It is not there.
                Err(_) => {}
            }
        }
        match Child::new("uv", ["--version"]).listen().await {
            Ok(words) if words.succeeded => Ok(Self::Uv),
            _ => Err(DemoError::NoPython { refused }),
        }
    }

    async fn make(&self, root: &Path, folder: &Folder) -> Result<(), DemoError> {
        let place = root.as_os_str();
        match self {
            // In two steps: `venv` keeps to itself why pip cannot be unpacked.
            Self::Python { program } => {
                let options = ["-m", "venv", "--without-pip"].map(OsStr::new);
                let venv = Child::new(program, options.into_iter().chain([place]));
                succeed(venv, folder).await?;
                let python = Environment::in_folder(root).python;
                let options = ["-m", "ensurepip", "--upgrade", "--default-pip"];
                succeed(Child::new(python, options), folder).await
            }
            Self::Uv => {
                let options = ["venv", "--python", ">=3.10"].map(OsStr::new);
                succeed(Child::new("uv", options.into_iter().chain([place])), folder).await
            }
        }
    }
}

/// Runs a maker of environments to its end.
async fn succeed(child: Child, folder: &Folder) -> Result<(), DemoError> {
    let said = |said| DemoError::of_words(said, |said| DemoError::NoEnvironment { said });
    let words = child.env("TMPDIR", folder.scratch()).listen().await;
    let words = words.map_err(|error| said(error.to_string()))?;
    if words.succeeded { Ok(()) } else { Err(said(words.why())) }
}

/// Asks a Python something.
async fn ask(python: &Path, script: &str) -> Result<Words, String> {
    Child::new(python, ["-c", script]).listen().await.map_err(|error| error.to_string())
}

fn is_of_uv(root: &Path) -> bool {
    let settings = fs::read_to_string(root.join("pyvenv.cfg")).unwrap_or_default();
    settings.lines().any(|line| line.trim_start().starts_with("uv "))
}

/// The names and versions that people know.
fn packages() -> String {
    let known =
        [("alembic==", "Alembic"), ("SQLAlchemy==", "SQLAlchemy"), ("psycopg==", "psycopg")];
    let versions = known.iter().filter_map(|(prefix, name)| {
        let version = REQUIREMENTS.lines().find_map(|line| line.strip_prefix(prefix))?;
        Some(format!("{name} {version}"))
    });
    versions.collect::<Vec<_>>().join(", ")
}

impl From<alembic_runtime::python::RunError> for DemoError {
    fn from(error: alembic_runtime::python::RunError) -> Self {
        Self::from(io::Error::other(error.to_string()))
    }
}
