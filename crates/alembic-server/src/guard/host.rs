//! The names by which the server may be asked for. A page elsewhere that has its own name resolve to 127.0.0.1 (DNS
//! rebinding) asks for that name, and is refused.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};

use crate::error::ApiError;

/// Names that count. Those of this machine's loopback always do, on any port: containers map ports.
#[derive(Debug, Clone, Default)]
pub struct AllowedHosts {
    names: Vec<String>,
}

impl AllowedHosts {
    /// The loopback names, and `names`: a name alone holds on any port, `name:port` on that one.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self { names: names.into_iter().map(|name| name.to_ascii_lowercase()).collect() }
    }

    fn allow(&self, authority: &Authority) -> bool {
        let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
        let whole = authority.as_str().to_ascii_lowercase();
        is_loopback(&host) || self.names.iter().any(|name| *name == host || *name == whole)
    }
}

/// Whether a host of a URL is this machine and no other: names that no DNS server can give away.
pub(crate) fn is_loopback(host: &str) -> bool {
    let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host == "localhost" || literal.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The authority that the request names, once it is known to be one of ours.
pub(super) fn check(hosts: &AllowedHosts, request: &Request) -> Result<Authority, ApiError> {
    let named = named(request);
    named.filter(|authority| hosts.allow(authority)).ok_or_else(|| {
        ApiError::new(
            StatusCode::MISDIRECTED_REQUEST,
            "unknown-host",
            "this server does not answer to that name",
        )
        .with_help("open it as 127.0.0.1, or start it with `--allowed-host NAME`")
    })
}

/// One `Host`, and a request target that says nothing else.
fn named(request: &Request) -> Option<Authority> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host: Authority = hosts.next()?.to_str().ok()?.parse().ok()?;
    let agrees = request.uri().authority().is_none_or(|authority| *authority == host);
    // What stands before an `@` is no part of a host.
    (hosts.next().is_none() && agrees && !host.as_str().contains('@')).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(hosts: &AllowedHosts, host: &str) -> bool {
        host.parse().is_ok_and(|authority| hosts.allow(&authority))
    }

    #[test]
    fn loopback_on_any_port_and_what_is_named() {
        let hosts = AllowedHosts::new(["db.example".to_owned(), "Exact.example:8443".to_owned()]);
        for host in [
            "localhost",
            "LOCALHOST:3000",
            "localhost.",
            "127.0.0.1:1",
            "127.1.2.3",
            "[::1]:3000",
            "db.example",
            "DB.example:99",
            "exact.example:8443",
        ] {
            assert!(allow(&hosts, host), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "exact.example",
            "exact.example:80",
            "evil.example:3000",
            "0.0.0.0",
            "[::]",
            "192.168.0.1",
            "127.1",
        ] {
            assert!(!allow(&hosts, host), "{host}");
        }
    }
}
