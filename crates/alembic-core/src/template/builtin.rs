//! What `init` writes: five templates, in words of our own, with Alembic's file names, keys, options and hook points.

/// A project template.
#[derive(Debug)]
pub struct Builtin {
    /// Its name, as `init -t` takes it.
    pub name: &'static str,
    /// The README; its first line is what `list_templates` shows, and therefore Alembic's.
    pub readme: &'static str,
    /// `env.py`
    pub env: &'static str,
    /// `script.py.mako`
    pub script: &'static str,
    ini: &'static str,
    toml: Option<&'static str>,
}

/// Where the scripts folder is written in a configuration file.
const LOCATION: &str = "@SCRIPT_LOCATION@";

const SCRIPT: &str = include_str!("builtin/script.py.mako");
const ENV: &str = include_str!("builtin/env.py");
const ENV_ASYNC: &str = include_str!("builtin/env_async.py");
const INI: &str = include_str!("builtin/alembic.ini");
const INI_BESIDE_TOML: &str = include_str!("builtin/alembic_beside_toml.ini");
const TOML: &str = include_str!("builtin/pyproject.toml");

/// All of them, by name.
pub const BUILTINS: [Builtin; 5] = [
    Builtin {
        name: "async",
        readme: include_str!("builtin/README_async"),
        env: ENV_ASYNC,
        script: SCRIPT,
        ini: INI,
        toml: None,
    },
    Builtin {
        name: "generic",
        readme: include_str!("builtin/README_generic"),
        env: ENV,
        script: SCRIPT,
        ini: INI,
        toml: None,
    },
    Builtin {
        name: "multidb",
        readme: include_str!("builtin/README_multidb"),
        env: include_str!("builtin/env_multidb.py"),
        script: include_str!("builtin/script_multidb.py.mako"),
        ini: include_str!("builtin/alembic_multidb.ini"),
        toml: None,
    },
    Builtin {
        name: "pyproject",
        readme: include_str!("builtin/README_pyproject"),
        env: ENV,
        script: SCRIPT,
        ini: INI_BESIDE_TOML,
        toml: Some(TOML),
    },
    Builtin {
        name: "pyproject_async",
        readme: include_str!("builtin/README_pyproject_async"),
        env: ENV_ASYNC,
        script: SCRIPT,
        ini: INI_BESIDE_TOML,
        toml: Some(TOML),
    },
];

impl Builtin {
    /// The template called `name`.
    pub fn find(name: &str) -> Option<&'static Self> {
        BUILTINS.iter().find(|builtin| builtin.name == name)
    }

    /// The first line of the README.
    pub fn synopsis(&self) -> &'static str {
        self.readme.lines().next().unwrap_or_default()
    }

    /// The ini file for a scripts folder.
    pub fn ini(&self, script_location: &str) -> String {
        self.ini.replace(LOCATION, script_location)
    }

    /// The part of `pyproject.toml`, for the templates that have one.
    pub fn toml(&self, script_location: &str) -> Option<String> {
        let quoted = script_location.replace('\\', "\\\\").replace('"', "\\\"");
        Some(self.toml?.replace(LOCATION, &quoted))
    }
}
