//! What a person has chosen for the page.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::error::{ApiResult, ErrorBody};
use crate::extract;
use crate::settings::Settings;

/// The settings and where they are kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SettingsView {
    /// The settings as they hold.
    pub settings: Settings,
    /// Whether the server was started with `--read-only`: then `read_only` is true whatever is set.
    pub read_only_forced: bool,
    /// The file that keeps them; null when this system has no place for one, and they end with the server.
    pub file: Option<String>,
}

/// The settings.
#[utoipa::path(get, path = "/api/settings", tag = "settings", operation_id = "settings", responses((status = 200, body = SettingsView)))]
pub(crate) async fn show(State(app): State<AppState>) -> Json<SettingsView> {
    Json(view(&app))
}

/// Changes the settings, all of them at once.
#[utoipa::path(
    put, path = "/api/settings", tag = "settings", operation_id = "change_settings", request_body = Settings,
    responses(
        (status = 200, body = SettingsView),
        (status = 422, body = ErrorBody),
        (status = 500, description = "The file cannot be written", body = ErrorBody),
    ),
)]
pub(crate) async fn change(
    State(app): State<AppState>,
    extract::Json(settings): extract::Json<Settings>,
) -> ApiResult<Json<SettingsView>> {
    settings.check()?;
    let forgets = !settings.keep_history;
    app.settings.change(settings).await?;
    if forgets {
        app.history.forget().await;
    }
    Ok(Json(view(&app)))
}

fn view(app: &AppState) -> SettingsView {
    let mut settings = app.settings.get();
    settings.read_only |= app.options.read_only;
    SettingsView {
        settings,
        read_only_forced: app.options.read_only,
        file: app.settings.file().map(|file| file.display().to_string()),
    }
}
