//! One file per command: its arguments, its help, what it does.

pub(crate) mod branches;
pub(crate) mod completions;
#[cfg(feature = "database")]
pub(crate) mod current;
#[cfg(feature = "database")]
pub(crate) mod doctor;
#[cfg(feature = "database")]
pub(crate) mod ensure_version;
pub(crate) mod heads;
pub(crate) mod history;
pub(crate) mod later;
pub(crate) mod man;
#[cfg(feature = "database")]
pub(crate) mod migrate;
#[cfg(feature = "database")]
pub(crate) mod plan;
pub(crate) mod show;
#[cfg(feature = "database")]
pub(crate) mod stamp;
#[cfg(feature = "database")]
pub(crate) mod status;
