//! Prints the schema of the models below the current folder: `models [--base module:Name ...] [--import module ...]`.
#![allow(clippy::print_stdout, reason = "an example prints")]

use sqlalchemy_models::{Options, read, version};

fn main() {
    let current = std::env::current_dir().expect("the process stands somewhere");
    let mut options = Options {
        version: version::of_project(&current),
        current: current.clone(),
        ..Options::default()
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--base" => options.bases.extend(arguments.next()),
            "--import" => options.imports.extend(arguments.next()),
            _ => {}
        }
    }
    let ini = fs_err::read_to_string(current.join("alembic.ini")).unwrap_or_default();
    let value = |key: &str| {
        ini.lines().find_map(|line| {
            line.strip_prefix(key)?
                .trim()
                .strip_prefix('=')
                .map(|value| value.trim().replace("%(here)s", &current.to_string_lossy()))
        })
    };
    for root in
        value("prepend_sys_path").unwrap_or_else(|| ".".to_owned()).split([':', ' ', ',', ';'])
    {
        options.roots.push(if root == "." { current.clone() } else { current.join(root) });
    }
    options.roots.extend(version::site_packages(&current));
    options.env = Some(
        current
            .join(value("script_location").unwrap_or_else(|| "migrations".to_owned()))
            .join("env.py"),
    );
    match read(&options) {
        Ok(schema) => println!("{}", serde_json::to_string(&schema).expect("a schema is JSON")),
        Err(error) => println!("{error}"),
    }
}
