//! Where a request comes from: the page of this server, or no browser at all.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::error::ApiError;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what another page sends. `same-site` is another port of this machine, which would send our cookie.
pub(super) fn check(headers: &HeaderMap, host: &Authority) -> Result<(), ApiError> {
    let sites = headers.get_all(SEC_FETCH_SITE).iter().all(|site| site == "same-origin");
    let origins = headers.get_all(header::ORIGIN).iter().all(|origin| is_ours(origin, host));
    if sites && origins {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::FORBIDDEN,
        "foreign-origin",
        "this request comes from another page",
    )
    .with_help("use the page that this server itself shows"))
}

/// The origin of the host that is asked: `https` stands for a proxy in front of us.
fn is_ours(origin: &HeaderValue, host: &Authority) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    let authority = origin.strip_prefix("http://").or_else(|| {
        let is_proxied = !super::host::is_loopback(host.host());
        origin.strip_prefix("https://").filter(|_| is_proxied)
    });
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(host: &str, pairs: &[(&str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        check(&headers, &host.parse().unwrap()).is_ok()
    }

    #[test]
    fn the_page_and_programs_are_let_in() {
        let host = "127.0.0.1:3000";
        assert!(allowed(host, &[]));
        assert!(allowed(host, &[("sec-fetch-site", "same-origin")]));
        let both = [("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:3000")];
        assert!(allowed(host, &both));
        assert!(allowed("db.example", &[("origin", "https://db.example")]));
    }

    #[test]
    fn others_are_not() {
        let host = "127.0.0.1:3000";
        for origin in [
            "null",
            "",
            "http://evil.example",
            "http://127.0.0.1:3001",
            "http://127.0.0.1",
            "https://127.0.0.1:3000",
            "http://localhost:3000",
            "http://127.0.0.1:3000.evil.example",
            "127.0.0.1:3000",
            "http://127.0.0.1:3000/",
        ] {
            assert!(!allowed(host, &[("origin", origin)]), "{origin}");
        }
        for site in ["same-site", "cross-site", "none", "", "Same-Origin"] {
            assert!(!allowed(host, &[("sec-fetch-site", site)]), "{site}");
        }
        let twice = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")];
        assert!(!allowed(host, &twice));
    }
}
