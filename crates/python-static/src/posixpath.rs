//! Paths as Python's `posixpath` and `pathlib` take them apart and put them together.

/// The last part of a path: what `os.path.basename` gives.
pub(crate) fn basename(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What `os.path.dirname` gives.
pub(crate) fn dirname(path: &str) -> &str {
    let end = path.len() - basename(path).len();
    let head = &path[..end];
    let trimmed = head.trim_end_matches('/');
    if trimmed.is_empty() { head } else { trimmed }
}

/// Where the extension of a file name begins, with its dot; the end if it has none. Leading dots are no extension.
pub(crate) fn extension_at(path: &str) -> usize {
    let name = basename(path);
    let start = path.len() - name.len();
    let leading = name.len() - name.trim_start_matches('.').len();
    name[leading..].rfind('.').map_or(path.len(), |dot| start + leading + dot)
}

/// `os.path.join` of two parts, and `/` of `pathlib`.
pub(crate) fn join(first: &str, second: &str) -> String {
    if second.starts_with('/') || first.is_empty() {
        second.to_owned()
    } else if first.ends_with('/') || second.is_empty() {
        format!("{first}{second}")
    } else {
        format!("{first}/{second}")
    }
}

/// What `os.path.normpath` gives.
pub(crate) fn normalise(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// A path as `pathlib` keeps it: without `.` parts, doubled and trailing slashes.
pub(crate) fn pure_path(path: &str) -> String {
    let absolute = path.starts_with('/');
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart_as_python_does() {
        assert_eq!(dirname("/a/b.py"), "/a");
        assert_eq!(dirname("/b.py"), "/");
        assert_eq!(dirname("b.py"), "");
        assert_eq!(extension_at("a.b/c"), 5);
        assert_eq!(extension_at("a/.x.py"), 4);
        assert_eq!(normalise("a/./b/../c//d"), "a/c/d");
        assert_eq!(pure_path("./a//b/"), "a/b");
        assert_eq!(join("a", "b"), "a/b");
        assert_eq!(join("a/", "/b"), "/b");
    }
}
