//! The address that the page is served on.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};

use tokio::net::TcpListener;

use super::UiError;

/// The addresses that a host stands for.
pub(super) fn addresses(host: &str, port: u16) -> Result<Vec<SocketAddr>, UiError> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let found = (bare, port).to_socket_addrs();
    let found = found.map_err(|error| UiError::UnknownHost { host: host.to_owned(), error })?;
    Ok(found.collect())
}

/// Listens on the first of the addresses that can be listened on. Another port is never tried.
pub(super) async fn bind(
    host: &str,
    addresses: &[SocketAddr],
) -> Result<(TcpListener, SocketAddr), UiError> {
    let port = addresses.first().map_or(0, SocketAddr::port);
    let bound = TcpListener::bind(addresses).await;
    let bound = bound.and_then(|listener| {
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    bound.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => UiError::PortTaken { host: host.to_owned(), port },
        _ => UiError::NotListening { host: host.to_owned(), port, error },
    })
}
