//! The address that begins a session, printed and opened.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use alembic_server::AppState;
use fs_err as fs;

use crate::diagnostics;

/// The page's address with a launch code, which works once. Codes before it stop working.
pub(super) fn url(address: SocketAddr, app: &AppState) -> String {
    // Nobody can go to "every address".
    let shown = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::from(([127, 0, 0, 1], address.port())),
        IpAddr::V6(ip) if ip.is_unspecified() => {
            SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], address.port()))
        }
        _ => address,
    };
    format!("http://{shown}/#code={}", app.sessions.new_code())
}

/// Prints a fresh address whenever somebody presses Enter in the terminal.
pub(super) fn renew_on_enter(address: SocketAddr, app: &AppState) {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return;
    }
    diagnostics::note("Enter prints a fresh address, Ctrl-C stops");
    let app = Arc::clone(app);
    // A thread of its own: the end of the program need not wait for the next line.
    std::thread::spawn(move || {
        for _line in stdin.lock().lines().map_while(Result::ok) {
            let _closed = writeln!(io::stdout(), "{}", url(address, &app));
        }
    });
}

/// A file that leads to the page; it goes away with the value.
pub(super) struct Opened(Option<PathBuf>);

/// Opens the page in the browser. By a file that nobody else may read: arguments of programs can be read by everybody.
pub(super) fn open(url: &str) -> Opened {
    match write_redirect(url).and_then(|file| start_browser(&file).map(|()| file)) {
        Ok(file) => Opened(Some(file)),
        Err(error) => {
            diagnostics::warn(&format!("cannot open the browser: {error}"));
            Opened(None)
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            let _gone = fs::remove_file(file);
        }
    }
}

fn write_redirect(url: &str) -> io::Result<PathBuf> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let name = format!("alembic-rs-{:016x}.html", u64::from_ne_bytes(random));
    let file = std::env::temp_dir().join(name);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let page = format!(
        "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">\
         <meta http-equiv=\"refresh\" content=\"0; url={url}\"><a href=\"{url}\">alembic-rs</a>\n"
    );
    options.open(&file)?.write_all(page.as_bytes())?;
    Ok(file)
}

fn start_browser(file: &Path) -> io::Result<()> {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let mut command = Command::new(program);
    command.arg(file);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    // So that it does not stay as a zombie.
    std::thread::spawn(move || child.wait());
    Ok(())
}
