//! What a person has chosen for the page, kept in one file that nobody else may read.
//!
//! Not in the browser: what a page stores there belongs to the next program on this port too.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use axum::http::StatusCode;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};
use crate::private::{user_folder, write_private};

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
    /// Whether statements that are run are kept for the next time; switching it off forgets those that were.
    pub keep_history: bool,
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
            keep_history: true,
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
            let written = tokio::task::spawn_blocking(move || write_private(&file, &text)).await;
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
