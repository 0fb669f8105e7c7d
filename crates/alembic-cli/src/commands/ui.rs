//! `ui`: the page, served on this machine until somebody stops it.

mod launch;
mod listen;
mod stop;

use std::ffi::OsString;
use std::io;
use std::net::IpAddr;

use alembic_runtime::project::ProjectOptions;
use alembic_server::{
    AllowedHosts, App, AppState, LiveProject, ProjectSource, SHORTEST_TOKEN, ServerOptions,
    backup_folder, history_file, serve, settings_file,
};
use clap::Args;
use miette::Diagnostic;
use tokio::sync::mpsc;

use crate::Outcome;
use crate::argparse::NEW_OPTIONS;
use crate::context::{Context, ExitCodes};
use crate::diagnostics::{Failure, code};

/// The variable with the token that lets others than this machine's browser in.
const TOKEN: &str = "ALEMBIC_RS_UI_TOKEN";

/// Threads that answer: one person, and now and then a probe.
const THREADS: usize = 2;

/// Show migrations and data in the browser, and run them there
#[derive(Debug, Args)]
pub(crate) struct UiArgs {
    /// The address to listen on; others than loopback need ALEMBIC_RS_UI_TOKEN
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1", help_heading = NEW_OPTIONS)]
    host: String,
    /// The port; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = 3000, help_heading = NEW_OPTIONS)]
    port: u16,
    /// Another name by which the page may be asked for, as behind a proxy
    #[arg(long, value_name = "NAME", help_heading = NEW_OPTIONS)]
    allowed_host: Vec<String>,
    /// Open the page in the browser
    #[arg(long, overrides_with = "no_open", help_heading = NEW_OPTIONS)]
    open: bool,
    /// Print the address alone [the default]
    #[arg(long, overrides_with = "open", help_heading = NEW_OPTIONS)]
    no_open: bool,
    /// Let nothing be changed: no migrations, no edits, reading queries alone
    #[arg(long, help_heading = NEW_OPTIONS)]
    read_only: bool,
    /// The database, instead of the one that env.py names [default: ALEMBIC_RS_URL]
    #[arg(long, value_name = "URL", help_heading = NEW_OPTIONS)]
    url: Option<String>,
    /// The interpreter that runs the migrations: a path, a name, an environment's folder
    #[arg(long, value_name = "PATH", help_heading = NEW_OPTIONS)]
    python: Option<OsString>,
}

pub(crate) fn run(context: &mut Context, args: &UiArgs) -> Outcome {
    context.exit_codes = ExitCodes::Own;
    let token = token()?;
    let addresses = listen::addresses(&args.host, args.port)?;
    let is_open = addresses.iter().any(|address| !address.ip().is_loopback());
    if is_open && token.is_none() {
        return Err(UiError::NoToken { host: args.host.clone() }.into());
    }
    let app = app(context, args, token)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()
        .map_err(UiError::Runtime)?;
    runtime.block_on(async {
        let (listener, address) = listen::bind(&args.host, &addresses).await?;
        let (sender, stop) = mpsc::channel(4);
        stop::on_signals(&sender).map_err(UiError::Runtime)?;
        let url = launch::url(address, &app);
        context.output.write(&format!("{url}\n"))?;
        context.output.flush()?;
        // It goes away with the server.
        let _page = args.open.then(|| launch::open(&url));
        launch::renew_on_enter(address, &app);
        serve(listener, app, stop).await.map_err(UiError::Serve)?;
        Ok(0)
    })
}

fn app(context: &Context, args: &UiArgs, token: Option<String>) -> Result<AppState, Failure> {
    let source = ProjectSource {
        config: context.config_options()?,
        project: ProjectOptions {
            url: args.url.clone(),
            x_arguments: context.global.x.clone(),
            ..ProjectOptions::default()
        },
        python: args.python.clone(),
    };
    let lookup = |name: &str| std::env::var_os(name);
    let named: Option<IpAddr> = args.host.parse().ok();
    let own = named.filter(|address| !address.is_unspecified()).map(|address| match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    });
    let options = ServerOptions {
        hosts: AllowedHosts::new(args.allowed_host.iter().cloned().chain(own)),
        read_only: args.read_only,
        token,
        settings_file: settings_file(&lookup),
        history_file: history_file(&lookup),
        backup_folder: backup_folder(&lookup),
    };
    Ok(App::new(options, LiveProject::new(source)))
}

/// The token of the environment; one that is too short is as good as none, and is refused.
fn token() -> Result<Option<String>, UiError> {
    let Some(token) = std::env::var_os(TOKEN).filter(|token| !token.is_empty()) else {
        return Ok(None);
    };
    let token = token.into_string().map_err(|_| UiError::ShortToken)?;
    if token.chars().count() < SHORTEST_TOKEN { Err(UiError::ShortToken) } else { Ok(Some(token)) }
}

/// Why the page is not served.
#[derive(Debug, thiserror::Error, Diagnostic)]
enum UiError {
    #[error("`--host {host}` lets other machines in, and {TOKEN} is not set")]
    #[diagnostic(help(
        "set it to a secret of at least {SHORTEST_TOKEN} characters, or leave `--host` out"
    ))]
    NoToken { host: String },
    #[error("{TOKEN} is too short")]
    #[diagnostic(help(
        "give it at least {SHORTEST_TOKEN} characters: `openssl rand -hex 16` makes some"
    ))]
    ShortToken,
    #[error("`{host}` is no address of this machine: {error}")]
    #[diagnostic(help(
        "`--host 127.0.0.1` is this machine alone, `--host 0.0.0.0` every network that it is in"
    ))]
    UnknownHost { host: String, error: io::Error },
    #[error("port {port} of {host} is taken")]
    #[diagnostic(help(
        "stop what listens there, or name another port; `--port 0` takes one that is free"
    ))]
    PortTaken { host: String, port: u16 },
    #[error("cannot listen on port {port} of {host}: {error}")]
    #[diagnostic(help(
        "ports below 1024 need privileges, and the address must be one of this machine"
    ))]
    NotListening { host: String, port: u16, error: io::Error },
    #[error("cannot wait for the network: {0}")]
    #[diagnostic(help("the limit of open files may be reached (`ulimit -n`)"))]
    Runtime(io::Error),
    #[error("cannot serve any more: {0}")]
    #[diagnostic(help("the limit of open files may be reached (`ulimit -n`)"))]
    Serve(io::Error),
}

impl From<UiError> for Failure {
    fn from(error: UiError) -> Self {
        let code = match error {
            UiError::NoToken { .. } | UiError::ShortToken => code::USAGE,
            _ => code::CONFIGURATION,
        };
        Self::new(code, error)
    }
}
