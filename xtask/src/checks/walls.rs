//! The walls between the crates: who may know whom, who may name what.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{
    command,
    failure::{Failure, Result},
    repository, rust,
};

/// A crate and what must not be among its dependencies, at any depth.
struct Wall {
    package: &'static str,
    /// Names of libraries; one that ends in `_` or `sqlx` stands for all that begin so.
    forbidden: &'static [&'static str],
    why: &'static str,
}

const WALLS: &[Wall] = &[
    Wall {
        package: "alembic-rs-python-static",
        forbidden: &["alembic_"],
        why: "it reads Python and knows no Alembic",
    },
    Wall {
        package: "alembic-rs-core",
        forbidden: &["tokio", "sqlx", "clap", "alembic_cli", "alembic_runtime", "alembic_server"],
        why: "it is sync, touches no database and has no command line",
    },
    Wall {
        package: "alembic-rs-models",
        forbidden: &["alembic_", "sqlx"],
        why: "it knows no Alembic and no database",
    },
    Wall { package: "pg-browser", forbidden: &["alembic_"], why: "it knows no Alembic" },
    Wall {
        package: "pg-parameters",
        forbidden: &["alembic_", "pg_browser"],
        why: "it is a leaf that the runtime and the browser share",
    },
    Wall {
        package: "alembic-rs-ui",
        forbidden: &["alembic_core", "alembic_server", "pg_browser", "sqlx"],
        why: "it is a leaf",
    },
];

/// The package that alone may name the Python parser.
const PARSER_OWNER: &str = "alembic-rs-python-static";
const PARSER_OWNER_FOLDER: &str = "crates/python-static";
/// The crate that alone prints.
const PRINTER_FOLDER: &str = "crates/alembic-cli";

/// Every wall holds; all breaches are named.
pub(crate) fn walls() -> Result {
    let metadata = rust::metadata()?;
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut breaches = Vec::new();
    for wall in
        WALLS.iter().filter(|wall| packages.iter().any(|package| package["name"] == wall.package))
    {
        let tree = dependencies(wall.package)?;
        breaches.extend(forbidden(wall, &tree));
    }
    breaches.extend(parser_in_manifests(packages));
    for file in sources() {
        breaches.extend(breaches_of_source(&file)?);
    }
    if breaches.is_empty() { Ok(()) } else { Err(Failure::new(breaches.join("\n    "))) }
}

/// The libraries that `package` is built from, as `cargo tree` lists them. Names of libraries, not of packages: plain
/// output would print paths, which hold the name of the clone.
fn dependencies(package: &str) -> Result<String> {
    let arguments =
        ["tree", "--package", package, "-e", "normal", "--prefix", "none", "-f", "{lib}"];
    command::capture(command::cargo().args(arguments))
}

fn forbidden(wall: &Wall, tree: &str) -> Vec<String> {
    // The first line is the package itself; a repeated library is followed by ` (*)`.
    let libraries = tree.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    let matches = |library: &str, name: &str| {
        if name.ends_with('_') || name == "sqlx" {
            library.starts_with(name)
        } else {
            library == name
        }
    };
    let mut found: Vec<&str> = libraries
        .filter(|library| wall.forbidden.iter().any(|name| matches(library, name)))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
        .iter()
        .map(|library| format!("{} reaches {library}: {}", wall.package, wall.why))
        .collect()
}

fn parser_in_manifests(packages: &[Value]) -> Vec<String> {
    let names_it = |package: &&Value| {
        let dependencies =
            package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
        dependencies.iter().any(|dependency| {
            dependency["name"].as_str().is_some_and(|name| name.starts_with("rustpython"))
        })
    };
    let others = packages.iter().filter(|package| package["name"] != PARSER_OWNER);
    others
        .filter(names_it)
        .map(|package| {
            format!("{} depends on rustpython-parser: {PARSER_OWNER} alone may", package["name"])
        })
        .collect()
}

/// The Rust files that the walls apply to: everything but xtask, which names what it looks for.
fn sources() -> Vec<PathBuf> {
    let root = repository::root();
    let folders = ["crates", "tests", "benches", "fuzz"];
    folders.iter().flat_map(|folder| repository::files_below(&root.join(folder), ".rs")).collect()
}

fn breaches_of_source(file: &Path) -> Result<Vec<String>> {
    let root = repository::root();
    let path = file.strip_prefix(&root).unwrap_or(file).to_string_lossy().replace('\\', "/");
    let text = fs_err::read_to_string(file)?;
    let is_in = |folder: &str| path.starts_with(&format!("{folder}/"));
    let mut breaches = Vec::new();
    if !is_in(PARSER_OWNER_FOLDER) {
        breaches.extend(lines_with(&text, &["rustpython_"]).map(|line| {
            format!("{path}:{line} names the Python parser: {PARSER_OWNER_FOLDER} alone may")
        }));
    }
    // Tests, benches and examples may print: what is shipped from a library is under src/.
    if is_in("crates") && path.contains("/src/") && !is_in(PRINTER_FOLDER) {
        let printing = ["print!(", "println!(", "dbg!(", "io::stdout", "io::stderr"];
        breaches.extend(
            lines_with(&text, &printing)
                .map(|line| format!("{path}:{line} prints: {PRINTER_FOLDER} alone may")),
        );
    }
    Ok(breaches)
}

/// The numbers of the lines that hold one of `words` outside a comment that fills the line.
fn lines_with<'a>(text: &'a str, words: &'a [&'a str]) -> impl Iterator<Item = usize> + 'a {
    let holds = |line: &str| {
        !line.trim_start().starts_with("//") && words.iter().any(|word| line.contains(word))
    };
    text.lines().enumerate().filter(move |(_, line)| holds(line)).map(|(index, _)| index + 1)
}

#[cfg(test)]
mod tests {
    use super::{Wall, forbidden, lines_with};

    #[test]
    fn forbidden_libraries_are_found_once_each() {
        let wall = Wall { package: "p", forbidden: &["tokio", "sqlx", "alembic_"], why: "w" };
        let tree = "alembic_p\ntokio_util\nsqlx_core\nsqlx_core (*)\nalembic_core\nserde\n";
        assert_eq!(forbidden(&wall, tree), ["p reaches alembic_core: w", "p reaches sqlx_core: w"]);
    }

    #[test]
    fn comments_may_name_anything() {
        let text = "//! rustpython_parser\nuse rustpython_parser::ast;\n    // rustpython_ast\n";
        assert_eq!(lines_with(text, &["rustpython_"]).collect::<Vec<_>>(), [2]);
    }
}
