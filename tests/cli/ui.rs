//! `ui`: how it starts, what it prints, how it ends (S1, S2).

#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use alembic_testing::Project;

use crate::PROGRAM;
use crate::context;

/// The program, serving, until the value is dropped.
struct Served {
    child: Child,
    stdout: BufReader<ChildStdout>,
    url: String,
    _project: Project,
}

impl Served {
    fn start(arguments: &[&str], token: Option<&str>) -> Self {
        let project = Project::from_letters("a <- b");
        let mut command = Command::new(PROGRAM);
        command.env_clear().env("HOME", project.home()).current_dir(project.root());
        command.args(["ui", "--port", "0"]).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(token) = token {
            command.env("ALEMBIC_RS_UI_TOKEN", token);
        }
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut url = String::new();
        stdout.read_line(&mut url).unwrap();
        Self { child, stdout, url: url.trim_end().to_owned(), _project: project }
    }

    fn port(&self) -> u16 {
        let authority = self.url.trim_start_matches("http://").split('/').next().unwrap();
        authority.rsplit(':').next().unwrap().parse().unwrap()
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port())).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Asks it to end; its exit code, and what else it printed.
    fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let killed =
            Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status();
        assert!(killed.unwrap().success());
        let deadline = Instant::now() + Duration::from_secs(10);
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if Instant::now() > deadline => panic!("it does not end"),
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut rest).unwrap();
        (status.code(), rest)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// The local addresses on which something listens at a port, as Linux writes them.
fn listeners(port: u16) -> Vec<String> {
    let table = |name| fs_err::read_to_string(name).unwrap_or_default();
    let tables = [table("/proc/net/tcp"), table("/proc/net/tcp6")].concat();
    let rows = tables.lines().filter_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let (local, _remote, state) = (fields.next()?, fields.next()?, fields.next()?);
        let (address, at) = local.split_once(':')?;
        let is_ours = u16::from_str_radix(at, 16) == Ok(port) && state == "0A";
        is_ours.then(|| address.to_owned())
    });
    rows.collect()
}

#[test]
fn s01_it_listens_on_loopback_alone_and_prints_one_line() {
    let served = Served::start(&[], None);
    let port = served.port();
    let code =
        served.url.strip_prefix(&format!("http://127.0.0.1:{port}/#code=")).unwrap().to_owned();
    assert_eq!(code.len(), 32);
    assert_eq!(listeners(port), ["0100007F"]);
    let host = format!("Host: 127.0.0.1:{port}\r\nConnection: close\r\n");
    assert!(served.ask(&format!("GET /healthz HTTP/1.1\r\n{host}\r\n")).ends_with("\r\n\r\nok"));
    let body = format!("{{\"code\":\"{code}\"}}");
    let login = format!(
        "POST /api/session HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = served.ask(&login);
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    assert!(served.ask(&login).starts_with("HTTP/1.1 401"), "a code works once");
    let (exit, rest) = served.stop("TERM");
    assert_eq!(exit, Some(0));
    assert_eq!(rest, "", "nothing is said behind the launch line");
}

#[test]
fn it_ends_well_when_it_is_interrupted() {
    let served = Served::start(&["--host", "::1"], None);
    assert!(served.url.starts_with("http://[::1]:"), "{}", served.url);
    assert_eq!(served.stop("INT").0, Some(0));
}

#[test]
fn s02_other_machines_need_a_secret() {
    let context = context(Project::from_letters("a"));
    for host in ["0.0.0.0", "::"] {
        let output = context.run(["ui", "--host", host, "--port", "0"]);
        assert_eq!(output.code(), Some(2));
        assert_eq!(output.stdout(), "");
        let reason =
            format!("`--host {host}` lets other machines in, and ALEMBIC_RS_UI_TOKEN is not set");
        assert!(output.stderr().contains(&reason), "{}", output.stderr());
    }
    let short = context.invocation(["ui", "--host", "0.0.0.0", "--port", "0"]);
    let output = short.env("ALEMBIC_RS_UI_TOKEN", "fifteen letters").run();
    assert_eq!(output.code(), Some(2));
    assert!(output.stderr().contains("ALEMBIC_RS_UI_TOKEN is too short"), "{}", output.stderr());
    assert!(!output.stderr().contains("fifteen letters"));

    let token = "a secret of enough letters";
    let served = Served::start(&["--host", "0.0.0.0", "--allowed-host", "db.example"], Some(token));
    assert!(served.url.starts_with("http://127.0.0.1:"), "{}", served.url);
    assert_eq!(listeners(served.port()), ["00000000"]);
    let ask = |host: &str| {
        let request = format!(
            "GET /api/session HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        served.ask(&request).split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(ask("db.example"), "200");
    assert_eq!(ask("evil.example"), "421");
    let (exit, rest) = served.stop("TERM");
    assert_eq!((exit, rest.contains(token)), (Some(0), false));
}

#[test]
fn a_port_that_is_taken_is_named_and_no_other_tried() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = context(Project::from_letters("a")).run(["ui", "--port", &port]);
    assert_eq!((output.code(), output.stdout()), (Some(3), String::new()));
    assert!(output.stderr().contains(&format!("port {port} of 127.0.0.1 is taken")));
    assert!(output.stderr().contains("`--port 0` takes one that is free"));
}

#[test]
fn a_host_that_is_none() {
    let output = context(Project::from_letters("a")).run(["ui", "--host", "no.such.host.invalid"]);
    assert_eq!(output.code(), Some(3), "{}", output.stderr());
    assert!(output.stderr().contains("is no address of this machine"));
}
