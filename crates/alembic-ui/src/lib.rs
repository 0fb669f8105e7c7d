//! The web page of alembic-rs: what Vite builds from `web/`, embedded in the program.
//!
//! A leaf: it knows no server and no Alembic. [`index`] is the page, in which [`NONCE`] stands wherever a response
//! must put its own nonce; [`asset`] is everything that the page loads, compressed already.
#![warn(missing_docs)]

/// What stands in `index.html` in the place of the nonce of a response (Vite's `html.cspNonce`).
pub const NONCE: &str = "__CSP_NONCE__";

/// The page's own path below `dist/`.
const INDEX: &str = "index.html";

/// A file of the page.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Its path below `dist/`, with `/` between the parts.
    pub path: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
    /// The same, gzipped; `None` where that would not be smaller.
    pub gzip: Option<&'static [u8]>,
}

static ASSETS: &[Asset] = &include!(concat!(env!("OUT_DIR"), "/assets.rs"));

impl Asset {
    /// The value of `Content-Type`.
    pub fn content_type(&self) -> &'static str {
        match self.path.rsplit_once('.').map(|(_, extension)| extension) {
            Some("html") => "text/html; charset=utf-8",
            Some("js" | "mjs") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("json" | "map") => "application/json",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("ico") => "image/x-icon",
            Some("webp") => "image/webp",
            Some("woff2") => "font/woff2",
            Some("txt") => "text/plain; charset=utf-8",
            Some("webmanifest") => "application/manifest+json",
            _ => "application/octet-stream",
        }
    }

    /// Whether the name changes whenever the contents do: Vite puts a hash into the names below `assets/`.
    pub fn is_immutable(&self) -> bool {
        self.path.starts_with("assets/")
    }
}

/// The page, with [`NONCE`] in it.
///
/// # Panics
/// Never: the build fails without an `index.html`, and Vite writes UTF-8.
pub fn index() -> &'static str {
    let index = find(INDEX).expect("the build fails without it");
    std::str::from_utf8(index.bytes).expect("Vite writes UTF-8")
}

/// The file at `path` below `dist/`. The page itself is none: it must not be served without its nonce.
pub fn asset(path: &str) -> Option<&'static Asset> {
    find(path).filter(|asset| asset.path != INDEX)
}

/// Every file but the page itself.
pub fn assets() -> impl Iterator<Item = &'static Asset> {
    ASSETS.iter().filter(|asset| asset.path != INDEX)
}

/// The table is sorted by whole paths, part by part, which is not the order of their texts.
fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_page_has_a_place_for_its_nonce_and_is_no_asset() {
        assert!(index().contains(NONCE));
        assert!(asset("index.html").is_none());
        assert!(assets().all(|asset| asset.path != "index.html"));
    }

    #[test]
    fn paths_lead_nowhere_else() {
        for path in ["", "/", "../Cargo.toml", "assets/../index.html", "./index.html", "assets"] {
            assert!(asset(path).is_none(), "{path}");
        }
    }

    #[test]
    fn what_is_compressed_is_the_same() {
        for asset in assets() {
            let Some(gzip) = asset.gzip else { continue };
            let mut bytes = Vec::new();
            flate2::read::GzDecoder::new(gzip).read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes, asset.bytes, "{}", asset.path);
        }
    }
}
