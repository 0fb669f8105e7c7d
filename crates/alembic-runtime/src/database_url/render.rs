//! Writing a URL as SQLAlchemy's `render_as_string` does.

use std::fmt::{self, Write as _};

use super::{
    DatabaseUrl,
    percent::{quote, quote_plus},
    secret::{HIDDEN, holds_secret, is_secret_name},
};

impl DatabaseUrl {
    /// SQLAlchemy's `render_as_string(hide_password=False)`: for a child process or a connection, never for people.
    pub fn render_with_password(&self) -> String {
        self.render(false)
    }

    fn render(&self, hide: bool) -> String {
        let mut out = format!("{}://", self.drivername);
        if let Some(user) = &self.username {
            out += &quote(user, " +");
            if let Some(password) = &self.password {
                out.push(':');
                out += &if hide { HIDDEN.to_owned() } else { quote(password.expose(), " +") };
            }
            out.push('@');
        }
        if let Some(host) = &self.host {
            out += &render_host(host, hide);
        }
        if let Some(port) = self.port {
            let _ = write!(out, ":{port}");
        }
        if let Some(database) = &self.database {
            out.push('/');
            out += &render_database(database, hide);
        }
        out += &self.render_query(hide);
        out
    }

    fn render_query(&self, hide: bool) -> String {
        let mut sorted: Vec<_> = self.query.iter().collect();
        sorted.sort_by(|(left, _), (right, _)| left.cmp(right));
        let fields = sorted.into_iter().flat_map(|(name, values)| {
            values.iter().map(move |value| {
                let secret = hide && (is_secret_name(name) || holds_secret(value));
                let value = if secret { HIDDEN.to_owned() } else { quote_plus(value) };
                format!("{}={value}", quote_plus(name))
            })
        });
        let query = fields.collect::<Vec<_>>().join("&");
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

/// A password with an `@` that is not encoded reaches into the host: that part is hidden too.
fn render_host(host: &str, hide: bool) -> String {
    let shown = match host.rsplit_once('@') {
        Some((_, behind)) if hide => format!("{HIDDEN}@{behind}"),
        _ => host.to_owned(),
    };
    if host.contains(':') { format!("[{shown}]") } else { shown }
}

/// Likewise into the database's name, when the password holds `@` and then `/`.
fn render_database(database: &str, hide: bool) -> String {
    match database.rsplit_once('@') {
        Some((_, behind)) if hide => format!("{HIDDEN}@{}", quote(behind, " +/")),
        _ => quote(database, " +/"),
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(true))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}
