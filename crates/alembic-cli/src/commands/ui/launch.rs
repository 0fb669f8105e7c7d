//! The address that begins a session, printed and opened.

use std::io::{self, BufRead, IsTerminal as _, Write};
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
    std::thread::spawn(move || renew(stdin.lock(), io::stdout(), address, &app));
}

/// Answers each line with a fresh address.
fn renew(input: impl BufRead, mut output: impl Write, address: SocketAddr, app: &AppState) {
    for _line in input.lines().map_while(Result::ok) {
        let _closed = writeln!(output, "{}", url(address, app));
    }
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

#[cfg(test)]
mod tests {
    use alembic_core::config::ConfigOptions;
    use alembic_runtime::project::ProjectOptions;
    use alembic_server::{App, LiveProject, ProjectSource, ServerOptions};

    use super::*;

    fn app() -> AppState {
        let source = ProjectSource {
            config: ConfigOptions::new("/"),
            project: ProjectOptions::default(),
            python: None,
        };
        App::new(ServerOptions::default(), LiveProject::new(source))
    }

    #[test]
    fn each_line_gets_an_address_of_its_own() {
        let mut printed = Vec::new();
        renew(&b"\n\n"[..], &mut printed, ([127, 0, 0, 1], 3000).into(), &app());
        let printed = String::from_utf8(printed).unwrap();
        let lines: Vec<&str> = printed.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.starts_with("http://127.0.0.1:3000/#code=")));
        assert_ne!(lines[0], lines[1]);
    }

    #[test]
    fn every_address_is_shown_as_one_that_can_be_opened() {
        let app = app();
        let shown = |address: &str| url(address.parse().unwrap(), &app);
        assert!(shown("0.0.0.0:80").starts_with("http://127.0.0.1:80/#code="));
        assert!(shown("[::]:80").starts_with("http://[::1]:80/#code="));
        assert!(shown("192.0.2.1:80").starts_with("http://192.0.2.1:80/#code="));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_that_leads_to_the_page_is_nobody_elses() {
        use std::os::unix::fs::PermissionsExt as _;

        let file = write_redirect("http://127.0.0.1:3000/#code=0123").unwrap();
        let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        let opened = Opened(Some(file.clone()));
        assert_eq!(mode, 0o600);
        assert!(fs::read_to_string(&file).unwrap().contains("#code=0123"));
        drop(opened);
        assert!(!file.exists());
    }
}
