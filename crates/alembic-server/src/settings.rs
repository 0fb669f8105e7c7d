//! What a person has chosen for the page, kept in one file that nobody else may read.
//!
//! Not in the browser: what a page stores there belongs to the next program on this port too.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use axum::http::StatusCode;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};

/// A file that is larger than this is none of ours.
const LARGEST: u64 = 64 * 1024;

/// The rows on a page of the data browser.
const ROWS: std::ops::RangeInclusive<u32> = 10..=1000;

/// What a person has chosen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// The colours.
    pub theme: Theme,
    /// How many rows a page of the data browser has: 10 to 1,000.
    pub rows_per_page: u32,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// How points in time are shown.
    pub time_display: TimeDisplay,
}

/// The colours of the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Theme {
    /// Light text on dark.
    #[default]
    Dark,
    /// Dark text on light.
    Light,
    /// As the system says.
    System,
}

/// How points in time are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TimeDisplay {
    /// As the database writes them.
    #[default]
    Stored,
    /// In the zone of the browser.
    Local,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            rows_per_page: 100,
            read_only: false,
            time_display: TimeDisplay::default(),
        }
    }
}

impl Settings {
    pub(crate) fn check(&self) -> ApiResult<()> {
        if ROWS.contains(&self.rows_per_page) {
            return Ok(());
        }
        let (least, most) = (ROWS.start(), ROWS.end());
        Err(ApiError::invalid(format!("`rows_per_page` must lie between {least} and {most}")))
    }
}

/// The file of the settings in a person's configuration folder; `None` where the system names none. `lookup` gives
/// variables of the environment.
pub fn settings_file(lookup: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    user_folder(lookup, "XDG_CONFIG_HOME", ".config").map(|folder| folder.join("ui.json"))
}

/// Where backups go: the state folder of a person, below the program's name.
pub fn backup_folder(lookup: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    user_folder(lookup, "XDG_STATE_HOME", ".local/state").map(|folder| folder.join("backups"))
}

fn user_folder(
    lookup: &dyn Fn(&str) -> Option<OsString>,
    variable: &str,
    below_home: &str,
) -> Option<PathBuf> {
    let absolute = |name: &str| lookup(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute(variable)
        .or_else(|| absolute("APPDATA").filter(|_| cfg!(windows)))
        .or_else(|| absolute("HOME").map(|home| home.join(below_home)))?;
    Some(base.join("alembic-rs"))
}

/// The settings of this server.
#[derive(Debug)]
pub struct SettingsStore {
    file: Option<PathBuf>,
    settings: RwLock<Settings>,
}

impl SettingsStore {
    /// Reads the file. One that is not there, or cannot be understood, gives the defaults, and is written over at the
    /// next change.
    pub fn open(file: Option<PathBuf>) -> Self {
        let settings = file.as_deref().and_then(read).unwrap_or_default();
        Self { file, settings: RwLock::new(settings) }
    }

    pub(crate) fn get(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Keeps the settings; they hold only once the file is written.
    pub(crate) async fn change(&self, settings: Settings) -> ApiResult<()> {
        if let Some(file) = self.file.clone() {
            let text = serde_json::to_vec_pretty(&settings).expect("settings are plain");
            let written = tokio::task::spawn_blocking(move || write(&file, &text)).await;
            written.unwrap_or_else(|gone| Err(std::io::Error::other(gone))).map_err(|error| {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                ApiError::new(status, "settings-not-written", error.to_string())
                    .with_help("the folder must be writable; until then settings stay as they were")
            })?;
        }
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
        Ok(())
    }
}

fn read(file: &Path) -> Option<Settings> {
    let is_small = fs::metadata(file).ok()?.len() <= LARGEST;
    let bytes = is_small.then(|| fs::read(file).ok()).flatten()?;
    let settings: Settings = serde_json::from_slice(&bytes).ok()?;
    settings.check().is_ok().then_some(settings)
}

/// Whole or not at all, and for nobody else to read.
fn write(file: &Path, text: &[u8]) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    create_private_folder(folder)?;
    let part = file.with_extension(format!("{}.part", crate::random::hex(4)));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let written = options.open(&part).and_then(|mut open| {
        open.write_all(text)?;
        open.sync_all()?;
        fs::rename(&part, file)
    });
    if written.is_err() {
        let _not_there = fs::remove_file(&part);
    }
    written
}

/// Creates a folder that nobody else may look into, unless it is there.
pub(crate) fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
