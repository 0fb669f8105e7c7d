//! What to suggest when the configuration does not lead to a scripts folder.
//!
//! All of it is a courtesy: every search is bounded, and whatever cannot be read is passed over.

use crate::near_miss::nearest;
use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
};

use super::{
    Config, ConfigError, IniFile, error::ConfigErrorKind as Kind, lookup::comment_help,
    python_text::path_text, read, toml::mentions_alembic,
};

const KEY: &str = "script_location";
/// How far up a configuration is looked for, when no repository ends the search earlier.
const HIGHEST: usize = 32;
/// How far down.
const DEEPEST: usize = 2;
/// How many folder entries are looked at below the current directory.
const MOST_ENTRIES: usize = 5_000;
/// Folders that hold other people's files.
const SKIPPED: [&str; 4] = ["node_modules", "__pycache__", "site-packages", "target"];

/// The error for a configuration without `script_location`: marks the nearest miss and says the way out.
pub(super) fn no_script_location(config: &Config) -> ConfigError {
    let error = ConfigError::from(Kind::NoScriptLocation);
    let Ok(ini) = config.ini() else {
        return error;
    };
    let section = config.section_name();
    if ini.has_section(section) {
        return missing_key(config, error, ini, section);
    }
    if let Some(near) = nearest(section, ini.sections()) {
        return ini
            .mark_section(error, near, "section names count in every letter")
            .helped(format!("write [{section}] instead of [{near}]"));
    }
    let help = unopened(config)
        .or_else(|| in_toml(config))
        .or_else(|| no_section(config, ini))
        .or_else(|| elsewhere(config))
        .unwrap_or_else(|| nothing(config));
    error.helped(help)
}

fn missing_key(config: &Config, error: ConfigError, ini: &IniFile, section: &str) -> ConfigError {
    if let Some(near) = nearest(KEY, ini.options(section)) {
        return ini
            .mark_key(error, section, near, "this key is not known")
            .helped(format!("did you mean `{KEY}`?"));
    }
    if let Some(other) = ini.sections().find(|other| ini.raw(other, KEY).is_some()) {
        return ini
            .mark_key(error, other, KEY, "it stands in another section")
            .helped(format!("move it to [{section}], or choose the section: `-n {other}`"));
    }
    let help = in_toml(config)
        .unwrap_or_else(|| format!("add `{KEY} = %(here)s/migrations`, or where the scripts are"));
    ini.mark_section(error, section, "the key is missing in this section").helped(help)
}

/// The last word, where nothing better was found.
fn nothing(config: &Config) -> String {
    let name = config.config_file_name();
    let is_there = config.cwd().join(name).exists();
    let what = if is_there { "holds no configuration" } else { "does not exist" };
    let shown = path_text(name);
    format!("`{shown}` {what}: name a configuration with `-c`, or create one with `init`")
}

/// The ini file is there and cannot be opened.
fn unopened(config: &Config) -> Option<String> {
    let name = config.config_file_name();
    let path = config.cwd().join(name);
    let shown = path_text(name);
    if path.is_dir() {
        return Some(format!(
            "`{shown}` is a folder: give the ini file in it, as in `-c {shown}/alembic.ini`"
        ));
    }
    if let Ok(link) = fs_err::read_link(&path)
        && !path.exists()
    {
        return Some(format!("`{shown}` is a link to `{}`, which leads nowhere", link.display()));
    }
    if read::is_pipe(&path) {
        // It was read, and would have to be written once more.
        return None;
    }
    let cause = fs_err::File::open(&path).err()?;
    (cause.kind() != std::io::ErrorKind::NotFound)
        .then(|| format!("`{shown}` cannot be read: {}", plain(&cause)))
}

/// The operating system's words alone: fs-err puts the path in front.
fn plain(error: &std::io::Error) -> String {
    error.raw_os_error().map_or_else(
        || error.to_string(),
        |code| {
            let text = std::io::Error::from_raw_os_error(code).to_string();
            text.split(" (os error").next().unwrap_or_default().to_lowercase()
        },
    )
}

/// The toml file has the table, or was given under another name.
fn in_toml(config: &Config) -> Option<String> {
    let given = config.config_file_name();
    if given.extension().is_some_and(|extension| extension == "toml") {
        return Some(format!(
            "`{}` is read as an ini file: only a file called `pyproject.toml` is read as toml",
            path_text(given)
        ));
    }
    let toml = config.toml().ok()?;
    if toml.is_empty() {
        return None;
    }
    let file = path_text(config.toml_file_name());
    Some(match toml.near_key(KEY) {
        Some(near) => format!("[tool.alembic] in `{file}` has `{near}`: did you mean `{KEY}`?"),
        None => format!("add `{KEY}` to [tool.alembic] in `{file}`"),
    })
}

/// The ini file has other sections.
fn no_section(config: &Config, ini: &IniFile) -> Option<String> {
    let wanted = config.section_name();
    let sections = ini.sections().collect::<Vec<_>>();
    if let Some(found) = sections.iter().find(|name| ini.raw(name, KEY).is_some()) {
        return Some(format!(
            "there is no section [{wanted}], but [{found}] has the key: choose it with `-n {found}`"
        ));
    }
    (!sections.is_empty())
        .then(|| format!("`{}` has no section [{wanted}]", path_text(config.config_file_name())))
}

/// Another configuration above or below the current directory.
fn elsewhere(config: &Config) -> Option<String> {
    let missing = !config.cwd().join(config.config_file_name()).exists();
    let prefix = if missing {
        format!("`{}` does not exist; ", path_text(config.config_file_name()))
    } else {
        String::new()
    };
    let found = above(config.cwd()).or_else(|| below(config.cwd()))?;
    let shown = path_text(&found);
    let folder = path_text(found.parent().unwrap_or(Path::new("")));
    Some(if starts_here(&config.cwd().join(&found)) {
        format!("{prefix}there is one at `{shown}`: use `-c {shown}`")
    } else {
        // Its relative paths start at the current directory.
        format!("{prefix}there is one at `{shown}`: run this in `{folder}`")
    })
}

/// Relative to the folder, as in `../alembic.ini`.
fn above(folder: &Path) -> Option<PathBuf> {
    let mut prefix = PathBuf::new();
    let mut place = folder;
    for _ in 0..HIGHEST {
        if place.join(".git").exists() {
            return None;
        }
        place = place.parent()?;
        prefix.push("..");
        if let Some(name) = configuration_in(place) {
            return Some(prefix.join(name));
        }
    }
    None
}

/// Relative to the folder, as in `backend/alembic.ini`; the nearest, then the first by name.
fn below(folder: &Path) -> Option<PathBuf> {
    let mut waiting = VecDeque::from([(PathBuf::new(), 0)]);
    let mut entries = 0;
    while let Some((relative, depth)) = waiting.pop_front() {
        if depth > 0
            && let Some(name) = configuration_in(&folder.join(&relative))
        {
            return Some(relative.join(name));
        }
        if depth == DEEPEST {
            continue;
        }
        let mut folders = subfolders(&folder.join(&relative), &mut entries);
        folders.sort();
        waiting.extend(folders.into_iter().map(|name| (relative.join(name), depth + 1)));
    }
    None
}

fn subfolders(folder: &Path, entries: &mut usize) -> Vec<String> {
    let listed = fs_err::read_dir(folder).into_iter().flatten();
    let mut found = Vec::new();
    for entry in listed.filter_map(Result::ok) {
        *entries += 1;
        if *entries > MOST_ENTRIES {
            break;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && !name.starts_with('.') && !SKIPPED.contains(&&*name) {
            found.push(name);
        }
    }
    found
}

fn configuration_in(folder: &Path) -> Option<&'static str> {
    if folder.join("alembic.ini").is_file() {
        return Some("alembic.ini");
    }
    let toml = folder.join("pyproject.toml");
    let text = String::from_utf8(read::read_found(&toml).ok()?).ok()?;
    (text.contains("alembic") && mentions_alembic(&toml, &text)).then_some("pyproject.toml")
}

/// Does the file's script location hold wherever it is used from?
fn starts_here(file: &Path) -> bool {
    let text = read::read_found(file).map(String::from_utf8);
    let Ok(Ok(text)) = text else {
        return true;
    };
    let location = |line: &str| {
        let (key, value) = line.split_once(['=', ':'])?;
        (key.trim().to_lowercase() == KEY)
            .then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    };
    text.lines().find_map(location).is_none_or(|value| {
        value.contains("%(") || value.contains(':') || Path::new(&value).is_absolute()
    })
}

/// What helps when `package:folder` leads nowhere.
pub(super) fn package_help(config: &Config, key: &str, kind: &Kind) -> Option<String> {
    match kind {
        Kind::ModuleNotFound { module, parent, .. } if parent.is_none() => {
            let top = module.split('.').next().unwrap_or(module);
            if config.cwd().join(top).is_dir() && !module.contains('.') {
                return Some(format!(
                    "`{top}` is in the current directory: add `prepend_sys_path = .` to the configuration"
                ));
            }
            Some(format!(
                "`{key}` has a colon, so `{top}` is looked for like a Python import: in prepend_sys_path, \
                 PYTHONPATH and the environment's site-packages (VIRTUAL_ENV, .venv)"
            ))
        }
        Kind::EmptyModuleName | Kind::RelativeModuleName { .. } => Some(format!(
            "a colon in `{key}` separates a package from a folder in it: `package.module:folder`"
        )),
        _ => None,
    }
}

/// What helps when the scripts folder does not exist.
pub(super) fn missing_path_help(config: &Config, path: &Path) -> String {
    let shown = path_text(path);
    let quoted = shown.len() > 1 && shown.starts_with(['"', '\'']) && shown.ends_with(['"', '\'']);
    if let Some(help) = comment_help(&shown) {
        return help;
    }
    if quoted {
        return "in an ini file values stand without quotes".to_owned();
    }
    if shown.starts_with('~') {
        return "`~` is not replaced: write the path out, or `%(here)s/…`".to_owned();
    }
    if let Ok(link) = fs_err::read_link(config.cwd().join(path)) {
        return format!("it is a link to `{}`, which leads nowhere", link.display());
    }
    if path.is_relative() && config.here().join(path).is_dir() {
        return format!(
            "a relative path starts at the current directory; `%(here)s/{shown}` starts at `{}`",
            config.origin(KEY)
        );
    }
    let absolute = config.cwd().join(path);
    if let Some(near) = near_folder(&absolute) {
        return format!("did you mean `{}`?", path_text(&path.with_file_name(near)));
    }
    format!("looked for `{}`", path_text(&absolute))
}

/// A folder beside the missing one whose name is near, or that looks like a scripts folder.
fn near_folder(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let parent = path.parent()?;
    let mut entries = 0;
    let mut folders = subfolders(parent, &mut entries);
    folders.sort();
    let near = nearest(name, folders.iter().map(String::as_str)).map(str::to_owned);
    near.or_else(|| {
        let is_scripts = |folder: &&String| parent.join(folder).join("env.py").is_file();
        folders.iter().find(is_scripts).cloned()
    })
}
