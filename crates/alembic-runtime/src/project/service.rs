//! A PostgreSQL that nobody names: in a container, the service of a compose file.
//!
//! Only where nothing else says where the database is, only in a container, and only where one of the variables of
//! PostgreSQL's image is set: then the hosts that such services are called by are tried in turn. What is found is a guess.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::time::Duration;

use crate::database_url::DatabaseUrl;
use crate::database_url::discovery::{Candidate, Outcome, Proof, Source};

/// What services are called, in the order in which they are tried.
const HOSTS: [&str; 3] = ["postgres", "db", "localhost"];
const PORT: u16 = 5432;
/// How long a host may take to answer: it is on the same machine, or on its network.
const PATIENCE: Duration = Duration::from_millis(300);

/// Files that engines put into containers.
const MARKS: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];

/// The service that answers, or why none was looked for; `None` where nothing hints at one.
pub(super) fn candidate(environment: &dyn Fn(&str) -> Option<String>) -> Option<Candidate> {
    let variable = |name: &str| environment(name).filter(|value| !value.is_empty());
    let user = variable("POSTGRES_USER");
    let password = variable("POSTGRES_PASSWORD");
    let database = variable("POSTGRES_DB");
    let hinted = user.is_some() || password.is_some() || database.is_some();
    let in_container = variable("ALEMBIC_RS_CONTAINER").is_some()
        || variable("KUBERNETES_SERVICE_HOST").is_some()
        || MARKS.iter().any(|mark| Path::new(mark).exists());
    if !hinted || !in_container {
        return None;
    }
    // As the image: the database is called as its user unless it is given a name.
    let user = user.unwrap_or_else(|| "postgres".to_owned());
    let database = database.unwrap_or_else(|| user.clone());
    let host = HOSTS.into_iter().find(|host| answers(host));
    let place = match host {
        Some(host) => format!("the service `{host}`, by POSTGRES_USER and POSTGRES_DB"),
        None => "a service of this container's network".to_owned(),
    };
    let outcome = match host {
        Some(host) => Outcome::Url(url(host, user, password, database)),
        None => Outcome::Absent(format!("none of {} answers at port {PORT}", HOSTS.join(", "))),
    };
    let why = "it answers, and env.py does not say that it uses it".to_owned();
    Some(Candidate { source: Source::Service, place, outcome, proof: Proof::Guessed, why })
}

fn url(host: &str, user: String, password: Option<String>, database: String) -> DatabaseUrl {
    let mut url: DatabaseUrl =
        format!("postgresql://{host}:{PORT}/").parse().expect("it is one of three known hosts");
    url.username = Some(user);
    url.password = password.map(crate::database_url::Secret::new);
    url.database = Some(database);
    url
}

fn answers(host: &str) -> bool {
    let addresses = (host, PORT).to_socket_addrs().into_iter().flatten();
    let open = |address: SocketAddr| TcpStream::connect_timeout(&address, PATIENCE).is_ok();
    addresses.into_iter().take(2).any(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_looked_for_without_a_hint() {
        assert!(
            candidate(&|name| (name == "ALEMBIC_RS_CONTAINER").then(|| "1".to_owned())).is_none()
        );
    }

    #[test]
    fn names_with_odd_characters_stay_whole() {
        let url = url("db", "a@b".to_owned(), Some("p/w#".to_owned()), "x y".to_owned());
        assert_eq!(url.username.as_deref(), Some("a@b"));
        assert!(!url.to_string().contains("p/w"));
    }
}
