//! User and password that compose files keep apart from the URL: `POSTGRES_USER` and `POSTGRES_PASSWORD`, as PostgreSQL's
//! image has them.
//!
//! A URL of PostgreSQL that names no user (`postgresql://postgres:5432/shop`) would be opened as whoever runs the process.
//! Where the image's variables are set they are meant; libpq's own `PGUSER` goes before them. The child that migrates gets
//! the same through `PGUSER` and `PGPASSWORD`, which every driver of PostgreSQL reads.

use std::ffi::OsString;

use crate::database_url::{DatabaseUrl, Secret};
use crate::dialect::Dialect;

/// Fills in what the URL leaves open; the variables that a child needs for the same.
pub(super) fn lend(
    url: &mut DatabaseUrl,
    environment: &dyn Fn(&str) -> Option<OsString>,
) -> Vec<(OsString, OsString)> {
    let variable =
        |name: &str| environment(name)?.into_string().ok().filter(|value| !value.is_empty());
    let is_open = url.dialect() == Some(Dialect::PostgreSql)
        && url.username.is_none()
        && url.query_value("user").is_none()
        // Without a host it is a socket of this machine, which knows its users.
        && url.host.is_some()
        && variable("PGUSER").is_none();
    let Some(user) = variable("POSTGRES_USER").filter(|_| is_open) else { return Vec::new() };
    let mut lent = vec![("PGUSER".into(), user.clone().into())];
    url.username = Some(user);
    let has_password = url.password.is_some()
        || url.query_value("password").is_some()
        || variable("PGPASSWORD").is_some();
    if let Some(password) = variable("POSTGRES_PASSWORD").filter(|_| !has_password) {
        lent.push(("PGPASSWORD".into(), password.clone().into()));
        url.password = Some(Secret::new(password));
    }
    lent
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lent(url: &str, variables: &[(&str, &str)]) -> (String, Vec<String>) {
        let mut url: DatabaseUrl = url.parse().unwrap();
        let environment = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(*value))
        };
        let names = lend(&mut url, &environment);
        (url.to_string(), names.into_iter().map(|(name, _)| name.into_string().unwrap()).collect())
    }

    const IMAGE: [(&str, &str); 2] = [("POSTGRES_USER", "shop"), ("POSTGRES_PASSWORD", "s3cret")];

    #[test]
    fn a_url_without_a_user() {
        let (url, names) = lent("postgresql+psycopg://postgres:5432/db", &IMAGE);
        assert_eq!(url, "postgresql+psycopg://shop:***@postgres:5432/db");
        assert_eq!(names, ["PGUSER", "PGPASSWORD"]);
    }

    #[test]
    fn whoever_is_named_stays() {
        for url in [
            "postgresql://app@h/db",
            "postgresql://h/db?user=app",
            "mysql://h/db",
            "postgresql:///db",
        ] {
            let (after, names) = lent(url, &IMAGE);
            assert_eq!((after.as_str(), names.len()), (url, 0));
        }
        let own = [("PGUSER", "me"), IMAGE[0], IMAGE[1]];
        assert_eq!(lent("postgresql://h/db", &own).0, "postgresql://h/db");
    }

    #[test]
    fn a_password_of_libpq_goes_first() {
        let own = [("PGPASSWORD", "x"), IMAGE[0], IMAGE[1]];
        assert_eq!(
            lent("postgresql://h/db", &own),
            ("postgresql://shop@h/db".to_owned(), vec!["PGUSER".to_owned()])
        );
    }
}
